import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import Ajv from "ajv";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";

import { metaOf, unwrap } from "../../../config/fields";
import { staleFiles } from "../../../config/generate";
import { configSchema } from "../../../config/schema";
import { DEV, load, type Values } from "./fixture";

const ROOT = join(__dirname, "../../..");

// A page a rule, each formatted.
it("every generated file is fresh: run `npm run generate`", async () => {
    expect((await staleFiles()).map(({ file }) => file)).toEqual([]);
});

describe("the docs", () => {
    const text = readFileSync(join(ROOT, "docs/config.md"), "utf8");

    it("have every key", () => {
        for (const name of Object.keys(configSchema.shape)) expect(text).toContain(`## \`groundwork:${name}\``);
        for (const path of [
            "services.<service>.resources.memoryLimitMiB",
            "secrets.<NAME>",
            "objectives.<scenario>.rtoSeconds",
        ]) {
            expect(text).toContain(`### \`groundwork:${path}\``);
        }
    });

    it("give examples that load", () => {
        const shape = configSchema.shape;
        const examples: Values = {};
        for (const [name, schema] of Object.entries(shape)) {
            const inner = unwrap(schema) as { shape?: Record<string, Parameters<typeof metaOf>[0]> };
            const parts = Object.entries(inner.shape ?? {}).map(
                ([key, child]) => [key, metaOf(child).example] as const,
            );
            const example = metaOf(schema).example ?? (parts.length > 0 ? Object.fromEntries(parts) : undefined);
            // Those of these two are of one system, which this one is not.
            if (example !== undefined && name !== "images" && name !== "postgres") examples[name] = example;
        }
        // The ports of the examples are not ACME's, and the others' rules are not under test here.
        const config = load({ ...DEV, ...examples, ...DEV, tls: { mode: "internal" } });
        expect(config).toMatchObject({
            domain: "platform.example.com",
            edge: { httpPort: 8080 },
            backup: { enabled: true },
        });
    });
});

describe("the editors' schema", () => {
    const schema = JSON.parse(readFileSync(join(ROOT, "config/stack.schema.json"), "utf8")) as object;
    const validate = new Ajv({ strict: false }).compile(schema);
    const stackFiles = readdirSync(ROOT).filter((name) => /^Pulumi\.(?:dev|staging|prod)\.yaml$/.test(name));

    it("is named by the stack files, and takes them", () => {
        expect(stackFiles).toHaveLength(3);
        for (const name of stackFiles) {
            const text = readFileSync(join(ROOT, name), "utf8");
            expect(text.startsWith("# yaml-language-server: $schema=./config/stack.schema.json\n")).toBe(true);
            expect(validate(parse(text)), JSON.stringify(validate.errors)).toBe(true);
        }
    });

    const config = (said: Values) => ({
        config: { "groundwork:environment": "dev", "groundwork:system": "debt-os", ...said },
    });

    it.each<[string, Values]>([
        ["an encrypted secret", { "groundwork:secrets": { API_KEY: { secure: "v1:x" } } }],
        ["another namespace", { "aws:region": "eu-central-1" }],
        ["protect as Pulumi writes it", { "groundwork:protect": "true" }],
        [
            "a number as a variable",
            { "groundwork:services": { api: { env: { PORT: 1 }, resources: { cpuLimit: "0.5" } } } },
        ],
    ])("takes %s", (_what, said) => {
        expect(validate(config(said)), JSON.stringify(validate.errors)).toBe(true);
    });

    it.each<[string, Values]>([
        ["an unknown key", { "groundwork:domian": "x" }],
        ["a key without namespace", { system: "x" }],
        ["an unknown key inside", { "groundwork:edge": { port: 1 } }],
        ["a port in quotes", { "groundwork:edge": { httpPort: "80" } }],
        ["an unknown environment", { "groundwork:environment": "test" }],
        ["a plain secret", { "groundwork:secrets": { API_KEY: "plain" } }],
        ["a domain with a scheme", { "groundwork:domain": "https://a" }],
        ["a variable's name with a space", { "groundwork:services": { api: { env: { "A B": "c" } } } }],
        ["an unknown scenario", { "groundwork:objectives": { flood: {} } }],
    ])("refuses %s", (_what, said) => {
        expect(validate(config(said))).toBe(false);
    });
});
