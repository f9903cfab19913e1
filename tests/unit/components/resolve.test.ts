import { describe, expect, test } from "vitest";

import {
    apiUrl,
    edgeUrl,
    inDependencyOrder,
    missingEnv,
    resolveEnv,
    resolveResources,
    resolveService,
    resolveVolume,
    secretSources,
    serviceSegments,
    waitSeconds,
} from "../../../components/resolve";
import { SYSTEMS } from "../../../systems";
import type { Secret, Service, System } from "../../../systems/types";
import { PROBE, stackConfig, thrown } from "./fixtures";

const debtOs = SYSTEMS["debt-os"];
const api = debtOs.services.find((s) => s.name === "api")!;
const worker = debtOs.services.find((s) => s.name === "worker")!;

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

    test("have secrets as variables where the document has them so and the kubelet sets them, unless the stack says otherwise", () => {
        const opshub = SYSTEMS.opshub;
        const delivery = (changes: Parameters<typeof stackConfig>[1]) =>
            opshub.services.map(
                (service) => resolveService(service, opshub, stackConfig("opshub", changes)).secretDelivery,
            );
        // The web app has no secrets.
        expect(delivery({ target: "kubernetes" })).toEqual(["export", "export", "file"]);
        expect(delivery({ target: "docker" })).toEqual(["file", "file", "file"]);
        const services = { api: { secretDelivery: "file" as const } };
        expect(delivery({ target: "kubernetes", services })).toEqual(["file", "export", "file"]);
    });

    test("name only those secrets that the stack has", () => {
        const dev = resolveService(api, debtOs, stackConfig("debt-os"));
        expect(dev.secrets).toContain("GITHUB_CLIENT_ID");
        expect(dev.secrets).not.toContain("GITLAB_CLIENT_ID");
        const given = resolveService(api, debtOs, stackConfig("debt-os", { givenSecrets: ["GITLAB_CLIENT_ID"] }));
        expect(given.secrets).toContain("GITLAB_CLIENT_ID");
    });
});

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

describe("addresses", () => {
    test("have a port only where browsers need one", () => {
        const edge = { address: "0.0.0.0", httpPort: 80, httpsPort: 443, http3: true };
        expect(edgeUrl({ domain: "example.com", edge })).toBe("https://example.com");
        expect(edgeUrl({ domain: "example.com", edge: { ...edge, httpsPort: 8443 } }, "api")).toBe(
            "https://api.example.com:8443",
        );
    });

    test("of the API are those of its own host name where it has one", () => {
        const config = stackConfig("opshub", {
            edge: { address: "0.0.0.0", httpPort: 80, httpsPort: 443, http3: true },
        });
        const route = SYSTEMS.opshub.edge.routes.find((r) => r.service === "api")!;
        expect(apiUrl(SYSTEMS.opshub, config)).toBe(
            route.subdomain ? `https://${route.subdomain}.opshub.localhost` : "https://opshub.localhost",
        );
        const own: System = {
            ...SYSTEMS.opshub,
            edge: { ...SYSTEMS.opshub.edge, routes: [{ service: "api", subdomain: "calls" }] },
        };
        expect(apiUrl(own, config)).toBe("https://calls.opshub.localhost");
    });
});

test("a worker that calls out gets a network for it, and no way in from the edge", () => {
    expect(serviceSegments(worker, debtOs)).toEqual(["data", "egress"]);
    expect(serviceSegments({ ...worker, outbound: false }, debtOs)).toEqual(["data"]);
    expect(serviceSegments({ ...api, dependsOn: [] }, debtOs)).toEqual(["edge"]);
});

test("services come after those that they depend on", () => {
    const service = (name: string, ...dependsOn: string[]): Service => ({ ...api, name, dependsOn });
    const names = inDependencyOrder([service("c", "b"), service("a", "postgres"), service("b", "a")]);
    expect(names.map((s) => s.name)).toEqual(["a", "b", "c"]);
    expect(() => inDependencyOrder([service("a", "b"), service("b", "a")])).toThrow("in a circle: a → b → a");
});

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

test("a volume has the stack's size where it gives one", () => {
    const config = stackConfig("debt-os", { volumes: { repos: { sizeMiB: 7 } } });
    expect(resolveVolume("repos", debtOs, config)).toEqual({
        name: "repos",
        sizeMiB: 7,
        stateful: false,
        shared: true,
    });
    expect(resolveVolume("postgres-data", debtOs, config).sizeMiB).toBe(2048);
    expect(thrown(() => resolveVolume("nowhere", debtOs, config)).message).toContain('the volume "nowhere"');
});

test("it waits as long as a probe may take to say no", () => {
    expect(waitSeconds(PROBE)).toBe(30 + 3 * 15 + 30);
});
