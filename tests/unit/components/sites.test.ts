import { describe, expect, test } from "vitest";

import { sites } from "../../../components/sites";
import { thrown, unmade } from "./fixtures";

describe("sites", () => {
    test("of OpenCode: API and sockets to every backend, the rest to the frontend", () => {
        const { system, config, workloads, settings } = unmade("opencode");
        expect(sites(system, config, workloads, settings)).toEqual([
            {
                host: "opencode.localhost",
                routes: [
                    {
                        paths: ["/api/*", "/ws/*"],
                        upstreams: ["backend-0:3000", "backend-1:3000", "backend-2:3000"],
                        health: { path: "/api/health", timeoutSeconds: 10 },
                    },
                    { upstreams: ["frontend-0:5173"], health: { path: "/", timeoutSeconds: 10 } },
                ],
            },
        ]);
    });

    test("ask for readiness where a service tells it apart from life", () => {
        const { system, config, workloads, settings } = unmade("debt-os");
        expect(sites(system, config, workloads, settings)[0]!.routes[0]!.health?.path).toBe("/api/health/db");
    });

    test("a route to nobody is an error that names it", () => {
        const { system, config, settings } = unmade("debt-os");
        expect(thrown(() => sites(system, config, new Map(), settings)).message).toContain('leads to "api"');
    });
});
