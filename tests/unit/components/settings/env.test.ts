import { describe, expect, test } from "vitest";

import { missingEnv, resolveEnv } from "../../../../components/settings/env";
import { resolveService } from "../../../../components/settings/service";
import { SYSTEMS } from "../../../../systems";
import type { Service } from "../../../../systems/types";
import { stackConfig } from "../fixtures";

const debtOs = SYSTEMS["debt-os"];
const api = debtOs.services.find((s) => s.name === "api")!;

describe("variables", () => {
    test("have their placeholders filled in", () => {
        const env = resolveEnv(api, debtOs, stackConfig("debt-os", { domain: "debt.example.com" }));
        expect(env.CORS_ORIGIN).toBe("https://debt.example.com:8443");
        expect(env.GITHUB_CALLBACK_URL).toBe("https://debt.example.com:8443/api/auth/github/callback");
    });

    test("with an unknown placeholder are an error that names it", () => {
        const broken: Service = {
            ...api,
            env: [{ name: "X", required: false, value: { default: "{nothing}" }, description: "" }],
        };
        expect(() => resolveEnv(broken, debtOs, stackConfig("debt-os"))).toThrow(
            '"{nothing}" in system "debt-os" holds {nothing}, which stands for nothing.',
        );
    });

    test("that are required and set by nobody are named", () => {
        const asks: Service = { ...api, env: [{ name: "NEEDED", required: true, description: "" }] };
        const bare = resolveService(asks, debtOs, stackConfig("debt-os"));
        expect(missingEnv(asks, bare)).toEqual(["NEEDED"]);
        const config = stackConfig("debt-os", { services: { api: { env: { NEEDED: "x" } } } });
        expect(missingEnv(asks, resolveService(asks, debtOs, config))).toEqual([]);
    });
});
