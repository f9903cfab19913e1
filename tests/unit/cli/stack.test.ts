import { writeFileSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, it } from "vitest";

import { SYSTEMS } from "../../../systems";
import { imageKeys, SYSTEM_KEYS } from "../../../systems/types";
import { ConfigError } from "../../../config/load";
import { UsageError } from "../../../packages/cli/src/errors";
import { findProject, stacksWithFile } from "../../../packages/cli/src/project";
import { loadConfig, readStack } from "../../../packages/cli/src/stack/config";
import { parseStackName, resolveStack, stackName } from "../../../packages/cli/src/stack/resolve";
import { substituteSystem } from "../../../packages/cli/src/stack/substitute";
import { overriddenFile } from "../../../packages/cli/src/stack/overrides";
import { DEV, project, temporary } from "./fixtures";

const noSecrets = () => Promise.reject(new Error("there are no secrets to open"));

describe("the stack that options mean", () => {
    it.each([
        [{}, "dev"],
        [{ stack: "prod" }, "prod"],
        [{ env: "staging" as const }, "staging"],
        [{ system: "opencode" as const }, "opencode-dev"],
        [{ system: "opencode-acp" as const, env: "prod" as const }, "opencode-acp-prod"],
    ])("%o: %s", (options, name) => expect(stackName(options)).toBe(name));

    it("tells system and environment of a name, hyphens in both", () => {
        expect(parseStackName("opencode-acp-dev")).toEqual({ system: "opencode-acp", environment: "dev" });
        expect(parseStackName("opencode-dev")).toEqual({ system: "opencode", environment: "dev" });
        expect(parseStackName("dev")).toBeUndefined();
        expect(parseStackName("other-dev")).toBeUndefined();
    });

    it("comes from its own file where there is one", () => {
        const dir = project({ dev: DEV, "opencode-dev": "config: {}\n" });
        const stack = resolveStack(findProject(dir), { system: "opencode" });
        expect(stack).toEqual({ name: "opencode-dev", file: join(dir, "Pulumi.opencode-dev.yaml") });
    });

    it.each([{ system: "opencode" as const }, { stack: "opencode-dev" }])(
        "else from the environment's: %o",
        (options) => {
            const dir = project();
            expect(resolveStack(findProject(dir), options)).toEqual({
                name: "opencode-dev",
                file: join(dir, "Pulumi.dev.yaml"),
                substituted: { system: "opencode", environment: "dev" },
            });
        },
    );

    it("is refused when there is no file, with the stacks that there are", () => {
        const found = findProject(project({ dev: DEV, staging: DEV }));
        expect(() => resolveStack(found, { stack: "stagin" })).toThrow(
            expect.objectContaining({
                name: "UsageError",
                message: expect.stringContaining("Did you mean staging?") as string,
                hint: expect.stringContaining("dev, staging") as string,
            }),
        );
        expect(() => resolveStack(found, { system: "opencode", env: "prod" })).toThrow(UsageError);
    });

    it.each(["../dev", "", "a b", "-x"])("is refused when its name is none: %j", (stack) => {
        expect(() => resolveStack(findProject(project()), { stack })).toThrow(/is no stack name/);
    });

    it("is refused when --env contradicts --stack", () => {
        expect(() => resolveStack(findProject(project()), { stack: "dev", env: "prod" })).toThrow(
            /--env goes with --system/,
        );
    });
});

describe("a project", () => {
    it("is found from a directory inside of it", () => {
        const dir = project({ dev: DEV, prod: DEV });
        expect(findProject(join(dir)).dir).toBe(dir);
        expect(stacksWithFile(findProject(dir))).toEqual(["dev", "prod"]);
    });

    it("is refused where there is none", () => {
        expect(() => findProject(temporary())).toThrow(/no Pulumi.yaml/);
        expect(() => findProject("/nonexistent/there")).toThrow(/there is no directory/);
    });
});

describe("putting another system in the place of the file's own", () => {
    const values = {
        environment: "dev",
        system: "debt-os",
        domain: "debt-os.example.com",
        edge: { address: "127.0.0.1", httpPort: 1080, httpsPort: 1443 },
        tls: { mode: "internal" },
        images: { source: "local", overrides: { "debt-os-api": "x/y:1", caddy: "caddy:2" } },
        services: { api: { replicas: 2 }, postgres: { resources: {} }, typo: {} },
        volumes: { repos: { sizeMiB: 100 }, "postgres-data": { sizeMiB: 200 } },
        secrets: { DATABASE_URL: "", OPENAI_API_KEY: "" },
    };

    it("keeps what is the environment's and drops what is the other system's own", () => {
        const { values: result, dropped } = substituteSystem(values, "opencode");
        expect(result).toEqual({
            environment: "dev",
            system: "opencode",
            domain: "opencode.example.com",
            edge: { address: "127.0.0.1" },
            tls: { mode: "internal" },
            images: { source: "local", overrides: { caddy: "caddy:2" } },
            services: { typo: {} },
            volumes: {},
            secrets: {},
        });
        expect(dropped).not.toContain("groundwork:domain");
        expect(dropped).toContain("groundwork:edge.httpsPort");
        expect(dropped).toContain("groundwork:services.api");
        expect(dropped).not.toContain("groundwork:services.typo");
    });

    it("drops a domain that is not named after the system", () => {
        for (const domain of ["platform.example.com", "debt-os-2.example.com", "my.debt-os.example.com"]) {
            const { values: result, dropped } = substituteSystem({ ...values, domain }, "opencode");
            expect(result).not.toHaveProperty("domain");
            expect(dropped).toContain("groundwork:domain");
        }
    });

    it("keeps what both have", () => {
        const { values: result } = substituteSystem(values, "opshub");
        expect(Object.keys(result["services"] as object)).toEqual(["api", "postgres", "typo"]);
    });

    it("drops the choice of a database, and what is of the one that was chosen", () => {
        const chosen = {
            system: "project-manager",
            environment: "dev",
            database: "postgres",
            volumes: { "postgres-data": { sizeMiB: 100 }, "sqlite-data": { sizeMiB: 100 } },
        };
        const { values: result, dropped } = substituteSystem(chosen, "opencode");
        expect(result).toEqual({
            system: "opencode",
            environment: "dev",
            volumes: { "sqlite-data": { sizeMiB: 100 } },
        });
        expect(dropped).toEqual(["groundwork:database", "groundwork:volumes.postgres-data"]);
    });

    it("changes nothing when the system is the file's own, and nothing in what it was given", () => {
        const before = structuredClone(values);
        expect(substituteSystem(values, "debt-os")).toEqual({ values, dropped: [] });
        substituteSystem(values, "opencode");
        expect(values).toEqual(before);
    });

    it.each(SYSTEM_KEYS)("gives a valid configuration of %s from the dev file", async (system) => {
        const dir = project();
        const stack = resolveStack(findProject(dir), { system });
        const { config } = await loadConfig(dir, stack, await readStack(dir, stack), {}, noSecrets);
        expect(config.system).toBe(system);
        expect(config.edge.httpsPort).toBe(SYSTEMS[system].edge.devHttpsPort);
    });

    it("names every image of a system once", () => {
        expect(imageKeys(SYSTEMS["debt-os"])).toEqual([
            "caddy",
            "postgres-pgvector",
            "redis-7-alpine",
            "debt-os-api",
            "debt-os-worker",
        ]);
    });
});

describe("a stack's configuration", () => {
    async function load(text: string, overrides = {}, open: Parameters<typeof loadConfig>[4] = noSecrets) {
        const dir = project({ dev: text });
        const stack = resolveStack(findProject(dir), {});
        return loadConfig(dir, stack, await readStack(dir, stack), overrides, open);
    }

    it("takes what options say over the file", async () => {
        const images = { source: "local" as const };
        const { config, engineConfig } = await load(DEV, { images });
        expect(config.images.source).toBe("local");
        expect(engineConfig["groundwork:images"]).toEqual({ value: '{"source":"local"}', secret: false });
    });

    it("lets the file's own image win over a stand-in", async () => {
        const text = `${DEV}  groundwork:images:\n    overrides:\n      caddy: caddy:2.8\n`;
        const overrides = { caddy: "groundwork.local/caddy:1", "redis-7-alpine": "groundwork.local/redis-7-alpine:1" };
        const { config } = await load(text, { images: { source: "registry", overrides } });
        expect(config.images.overrides).toEqual({ ...overrides, caddy: "caddy:2.8" });
    });

    it("opens secrets only when there are any, and marks them", async () => {
        const text = `encryptionsalt: v1:x:v1:y:z\n${DEV}  groundwork:secrets:\n    OPENAI_API_KEY:\n      secure: v1:a:b\n`;
        const { config, engineConfig } = await load(text, {}, () => Promise.resolve({ decrypt: (c) => `opened ${c}` }));
        expect(config.givenSecrets).toEqual(["OPENAI_API_KEY"]);
        expect(engineConfig["groundwork:secrets"]).toEqual({
            value: '{"OPENAI_API_KEY":"opened v1:a:b"}',
            secret: true,
        });
    });

    it("takes all values from the Pulumi CLI where that opens the secrets", async () => {
        const text = `${DEV}  groundwork:secrets:\n    OPENAI_API_KEY:\n      secure: v1:a:b\n`;
        const plaintexts = {
            "groundwork:environment": "dev",
            "groundwork:system": "debt-os",
            "groundwork:secrets": '{"OPENAI_API_KEY":"k"}',
        };
        const { engineConfig } = await load(text, {}, () => Promise.resolve({ plaintexts }));
        expect(engineConfig["groundwork:system"]).toEqual({ value: "debt-os", secret: false });
        expect(engineConfig["groundwork:secrets"]!.secret).toBe(true);
    });

    it("is refused with every problem at once", async () => {
        const text = `${DEV}  groundwork:domian: x\n  groundwork:edge:\n    httpPort: 99999\n`;
        await expect(load(text)).rejects.toThrow(ConfigError);
        await expect(load(text)).rejects.toThrow(
            /groundwork:domian[\s\S]*groundwork:edge\.httpPort|httpPort[\s\S]*domian/,
        );
    });
});

describe("options over the file, for the Pulumi CLI", () => {
    it("go into a copy, and the file stays as it is", () => {
        const dir = project({ dev: `# mine\n${DEV}` });
        const found = findProject(dir);
        const stack = resolveStack(found, {});
        const said = { "groundwork:system": { value: "debt-os", secret: false } };
        expect(overriddenFile(found, stack, said, said)).toBeUndefined();
        const path = overriddenFile(found, stack, said, {
            ...said,
            "groundwork:images": { value: '{"source":"local"}', secret: false },
        });
        expect(path).toBe(join(dir, ".groundwork", "overrides", "Pulumi.dev.yaml"));
    });

    it("read as a stack file again", async () => {
        const dir = project();
        const found = findProject(dir);
        const stack = resolveStack(found, {});
        const path = overriddenFile(found, stack, {}, { "groundwork:target": { value: "docker", secret: false } });
        writeFileSync(join(dir, "Pulumi.dev.yaml"), "");
        const read = await readStack(dir, { name: "dev", file: path! });
        expect(read.config["groundwork:target"]!.value).toBe("docker");
        expect(read.config["groundwork:system"]!.value).toBe("debt-os");
    });
});
