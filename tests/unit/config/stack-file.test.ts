import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { loadStackConfig } from "../../../config/load";
import { parseProjectFile, readProjectFile, withProjectConfig } from "../../../config/project-file";
import { readStackFile } from "../../../config/stack-file";
import { SYSTEMS } from "../../../systems";
import { parse, problemsOf } from "./stack-file-fixture";

const ROOT = join(__dirname, "../../..");
describe("a stack file", () => {
    it("gives texts, and JSON for maps and lists, as Pulumi does", async () => {
        const { config } = await parse(`
config:
  groundwork:system: debt-os
  groundwork:protect: true
  groundwork:number: 1.5
  groundwork:quoted: "007"
  groundwork:edge: { httpPort: 8080, address: "127.0.0.1" }
  groundwork:list: [1, a, true]
  groundwork:config:old: way
  aws:region: eu-central-1
`);
        expect(config).toEqual({
            "groundwork:system": { value: "debt-os", secret: false },
            "groundwork:protect": { value: "true", secret: false },
            "groundwork:number": { value: "1.5", secret: false },
            "groundwork:quoted": { value: "007", secret: false },
            "groundwork:edge": { value: '{"httpPort":8080,"address":"127.0.0.1"}', secret: false },
            "groundwork:list": { value: '[1,"a",true]', secret: false },
            "groundwork:old": { value: "way", secret: false },
            "aws:region": { value: "eu-central-1", secret: false },
        });
    });

    it("decrypts what is encrypted, at any depth, and says that the key is secret", async () => {
        const { config, context } = await parse(`
config:
  groundwork:domain:
    secure: v1:top
  groundwork:secrets:
    API_KEY:
      secure: v1:inner
    OTHER: { secure: v1:other }
  groundwork:map: { secure: v1:x, and: more }
`);
        expect(config["groundwork:domain"]).toEqual({ value: "TOP", secret: true });
        expect(config["groundwork:secrets"]).toEqual({ value: '{"API_KEY":"INNER","OTHER":"OTHER"}', secret: true });
        expect(config["groundwork:map"]).toEqual({ value: '{"secure":"v1:x","and":"more"}', secret: false });
        expect(context.secretKeys).toEqual(["groundwork:domain", "groundwork:secrets"]);
    });

    it("gives what the secrets are encrypted with", async () => {
        const text =
            "encryptionsalt: v1:abc\nencryptedkey: key\nsecretsprovider: awskms://x\nenvironment:\n  - shared\n";
        expect(await parse(text)).toMatchObject({
            config: {},
            encryptionSalt: "v1:abc",
            encryptedKey: "key",
            secretsProvider: "awskms://x",
            usesEnvironments: true,
        });
    });

    it.each(["", "# nothing\n", "config:\n", "config: {}\n", "---\nconfig: {}\n", "\ufeffconfig: {}\r\n"])(
        "may be empty: %j",
        async (text) => {
            expect((await parse(text)).config).toEqual({});
        },
    );

    it("takes aliases and merges", async () => {
        const { config } = await parse(
            "config:\n  groundwork:a: &a { x: 1 }\n  groundwork:b: *a\n  groundwork:c: { <<: *a, y: 2 }\n",
        );
        expect(config["groundwork:b"]?.value).toBe('{"x":1}');
        expect(config["groundwork:c"]?.value).toBe('{"x":1,"y":2}');
    });

    it("gives lines to the messages of loadStackConfig", async () => {
        const { config, context } = await parse(`# first
config:
  groundwork:environment: dev
  groundwork:system: debt-os
  groundwork:services:
    api:
      resources:
        memoryLimitMiB: 1
`);
        const raw = Object.fromEntries(Object.entries(config).map(([key, { value }]) => [key, value]));
        expect(() => loadStackConfig(raw, SYSTEMS, context)).toThrow(
            "groundwork:services.api.resources.memoryLimitMiB = 1  (Pulumi.dev.yaml:8)",
        );
    });
});

describe("a file that cannot be read", () => {
    let directory = "";
    beforeAll(async () => {
        directory = await mkdtemp(join(tmpdir(), "groundwork-config-"));
        await writeFile(join(directory, "Pulumi.latin.yaml"), Buffer.from([0x63, 0xff, 0xfe]));
        await writeFile(join(directory, "Pulumi.big.yaml"), "#".repeat(1024 * 1024 + 1));
    });
    afterAll(() => rm(directory, { recursive: true }));

    it.each([
        ["Pulumi.none.yaml", "there is no such file"],
        ["Pulumi.latin.yaml", "is not text in UTF-8"],
        ["Pulumi.big.yaml", "is larger than"],
        [".", "is not a regular file"],
        ["Pulumi.big.yaml/x", "there is no such file"],
    ])("is named, with the reason: %s", async (file, reason) => {
        expect((await problemsOf(readStackFile(join(directory, file)))).message).toContain(reason);
    });

    it("is not waited for: a device", async () => {
        expect((await problemsOf(readStackFile("/dev/zero"))).message).toContain("is not a regular file");
    });
});

describe("the project file", () => {
    const project = (text: string) => parseProjectFile(text, "/project/Pulumi.yaml");

    it("gives values and defaults to every stack", async () => {
        const { name, config } = await project(`name: groundwork
runtime: nodejs
config:
  domain: a.example.com
  protect: { type: boolean, default: true }
  groundwork:target: { value: docker }
  aws:region: { value: eu-central-1 }
  backup: { value: { enabled: true } }
  system: { type: string, description: required }
  token: { default: x, secret: true }
`);
        expect(name).toBe("groundwork");
        expect(config).toEqual({
            "groundwork:domain": { value: "a.example.com", secret: false },
            "groundwork:protect": { value: "true", secret: false },
            "groundwork:target": { value: "docker", secret: false },
            "aws:region": { value: "eu-central-1", secret: false },
            "groundwork:backup": { value: '{"enabled":true}', secret: false },
            "groundwork:token": { value: "x", secret: true },
        });
    });

    it("gives way to the stack's, key by key", () => {
        const said = (value: string) => ({ value, secret: false });
        expect(
            withProjectConfig({ "groundwork:a": said("1"), "groundwork:b": said("2") }, { "groundwork:b": said("3") }),
        ).toEqual({
            "groundwork:a": said("1"),
            "groundwork:b": said("3"),
        });
    });

    it.each([
        ["name: groundwork\nconfig:\n  edge: { httpPort: 80 }\n", "Pulumi.yaml:3", "under value:"],
        ["name: groundwork\nconfig:\n  edge: { defalt: 80 }\n", "Pulumi.yaml:3", "Did you mean default?"],
        ["name: groundwork\nconfig:\n  list: [1]\n", "Pulumi.yaml:3", "under value:"],
        ["name: groundwork\nconfig:\n  aws:region: { default: x }\n", "Pulumi.yaml:3", "another namespace"],
        ["config: {}\n", "Pulumi.yaml:1", "must name the project"],
        ["name: [a]\n", "Pulumi.yaml:1", "must name the project"],
        ["name: groundwork\n\tx: 1\n", "Pulumi.yaml:2", "use spaces"],
    ])("is refused with its line: %j", async (text, at, rule) => {
        const { message } = await problemsOf(project(text));
        expect(message).toContain(at);
        expect(message).toContain(rule);
    });
});

describe("the repository's own files", () => {
    const given = {
        GITHUB_CLIENT_ID: "id",
        GITHUB_CLIENT_SECRET: "secret",
        OPENAI_API_KEY: "key",
        BACKUP_ACCESS_KEY_ID: "id",
        BACKUP_SECRET_ACCESS_KEY: "key",
    };

    it.each(["dev", "staging", "prod"])("describe a stack that loads: %s", async (stack) => {
        const project = await readProjectFile(join(ROOT, "Pulumi.yaml"));
        expect(project.name).toBe("groundwork");
        const file = await readStackFile(join(ROOT, `Pulumi.${stack}.yaml`));
        const config = withProjectConfig(project.config, file.config);
        const raw = Object.fromEntries(Object.entries(config).map(([key, { value }]) => [key, value]));
        if (stack !== "dev") raw["groundwork:secrets"] = JSON.stringify(given);
        const loaded = loadStackConfig(raw, SYSTEMS, { ...file.context, secretKeys: ["groundwork:secrets"] });
        expect(loaded).toMatchObject({
            system: "debt-os",
            environment: stack,
            target: stack === "dev" ? "docker" : "kubernetes",
        });
    });

    it.each(["staging", "prod"])("ask for the secrets that only their owner has: %s", async (stack) => {
        const { config, context } = await readStackFile(join(ROOT, `Pulumi.${stack}.yaml`));
        const raw = Object.fromEntries(Object.entries(config).map(([key, { value }]) => [key, value]));
        const error = await problemsOf(Promise.resolve().then(() => loadStackConfig(raw, SYSTEMS, context)));
        expect(error.problems.map(({ key }) => key)).toEqual(
            Object.keys(given).map((name) => `groundwork:secrets.${name}`),
        );
    });
});
