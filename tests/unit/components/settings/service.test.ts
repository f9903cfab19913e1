import { describe, expect, test } from "vitest";

import { resolveResources } from "../../../../components/settings/resources";
import { resolveService } from "../../../../components/settings/service";
import { SYSTEMS } from "../../../../systems";
import { stackConfig } from "../fixtures";

const debtOs = SYSTEMS["debt-os"];
const api = debtOs.services.find((s) => s.name === "api")!;

describe("a service's settings", () => {
    test("are the system's for the environment where the stack says nothing", () => {
        const settings = resolveService(api, debtOs, stackConfig("debt-os", { environment: "prod" }));
        expect(settings).toMatchObject({
            name: "api",
            role: "backend",
            image: "debt-os-api",
            replicas: 2,
            resources: { cpuLimit: 1, cpuReservation: 0.25, memoryLimitMiB: 2048, memoryReservationMiB: 512 },
            secretDelivery: "file",
            segments: ["data", "edge"],
        });
        expect(settings.command).toBeUndefined();
    });

    test("are the stack's where it says something, and the rest of a part stays", () => {
        const config = stackConfig("debt-os", {
            services: {
                api: {
                    replicas: 3,
                    resources: { memoryLimitMiB: 4096 },
                    env: { LOG_LEVEL: "warn", EXTRA: "1" },
                    command: ["node", "main.js"],
                    secretDelivery: "export",
                },
            },
        });
        const settings = resolveService(api, debtOs, config);
        expect(settings.replicas).toBe(3);
        expect(settings.resources).toEqual({
            ...resolveResources(api.resources, undefined, config),
            memoryLimitMiB: 4096,
        });
        expect(settings.env).toMatchObject({ LOG_LEVEL: "warn", EXTRA: "1", PORT: "3001" });
        expect(settings.command).toEqual(["node", "main.js"]);
        expect(settings.secretDelivery).toBe("export");
    });

    test("name only those secrets that the stack has", () => {
        const dev = resolveService(api, debtOs, stackConfig("debt-os"));
        expect(dev.secrets).toContain("GITHUB_CLIENT_ID");
        expect(dev.secrets).not.toContain("GITLAB_CLIENT_ID");
        const given = resolveService(api, debtOs, stackConfig("debt-os", { givenSecrets: ["GITLAB_CLIENT_ID"] }));
        expect(given.secrets).toContain("GITLAB_CLIENT_ID");
    });
});
