import { describe, expect, test } from "vitest";

import { secretSources } from "../../../../components/settings/secrets";
import { SYSTEMS } from "../../../../systems";
import type { Secret, System } from "../../../../systems/types";
import { stackConfig } from "../fixtures";

const debtOs = SYSTEMS["debt-os"];

describe("sources of secrets", () => {
    const system = (...secrets: Secret[]): System => ({ ...debtOs, secrets });
    const given = (name: string, extra: Partial<Secret> = {}): Secret => ({
        name,
        shape: { kind: "given", example: "x" },
        required: true,
        description: "",
        ...extra,
    });

    test("config comes first, whatever the shape", () => {
        const config = stackConfig("debt-os", { givenSecrets: ["POSTGRES_PASSWORD", "DATABASE_URL"] });
        expect(secretSources(debtOs, config)).toMatchObject({
            POSTGRES_PASSWORD: "given",
            DATABASE_URL: "given",
            REDIS_PASSWORD: "generated",
            REDIS_URL: "derived",
        });
    });

    test("a placeholder stands for a required one in dev, and nowhere else", () => {
        expect(secretSources(system(given("KEY")), stackConfig("debt-os"))).toEqual({ KEY: "placeholder" });
        expect(secretSources(system(given("KEY")), stackConfig("debt-os", { environment: "prod" }))).toEqual({
            KEY: "absent",
        });
        expect(secretSources(system(given("KEY", { required: false })), stackConfig("debt-os"))).toEqual({
            KEY: "absent",
        });
    });

    test("no placeholder where an alternative is given", () => {
        const both = system(given("A", { alternatives: ["B"] }), given("B", { alternatives: ["A"] }));
        expect(secretSources(both, stackConfig("debt-os", { givenSecrets: ["B"] }))).toEqual({
            A: "absent",
            B: "given",
        });
    });
});
