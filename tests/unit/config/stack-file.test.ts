import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { loadStackConfig } from "../../../config/load";
import { ConfigError } from "../../../config/problems";
import { parseProjectFile, readProjectFile, withProjectConfig } from "../../../config/project-file";
import { type Decrypt, parseStackFile, readStackFile } from "../../../config/stack-file";
import { SYSTEMS } from "../../../systems";

const ROOT = join(__dirname, "../../..");
const CANARY = "canary-of-a-file";

/** Stands for Pulumi's cipher: the text in capitals. */
const decrypt: Decrypt = (ciphertext) => {
    if (!ciphertext.startsWith("v1:")) throw new Error(`bad ciphertext ${ciphertext} ${CANARY}`);
    return ciphertext.slice(3).toUpperCase();
};

async function problemsOf(action: Promise<unknown>): Promise<ConfigError> {
    try {
        await action;
    } catch (error) {
        if (error instanceof ConfigError) return error;
        throw error;
    }
    throw new Error("The file was taken.");
}

const parse = (text: string) => parseStackFile(text, "/project/Pulumi.dev.yaml", decrypt);

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

const billionLaughs = [
    "a: &a [x,x,x,x,x,x,x,x,x]",
    "b: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]",
    "c: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]",
    "d: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c]",
].join("\n");

const BROKEN: { what: string; text: string; at: string; rule: string }[] = [
    { what: "a tab", text: "config:\n\tgroundwork:a: b\n", at: "Pulumi.dev.yaml:2:1", rule: "use spaces" },
    {
        what: "a key twice",
        text: "config:\n  groundwork:a: b\n  groundwork:a: c\n",
        at: "Pulumi.dev.yaml:3:3",
        rule: "already there",
    },
    {
        what: "a key twice in two spellings",
        text: "config:\n  groundwork:a: b\n  groundwork:config:a: c\n",
        at: "Pulumi.dev.yaml:3",
        rule: "is there twice",
    },
    { what: "an open bracket", text: `config: [${CANARY}\n`, at: "Pulumi.dev.yaml:2:1", rule: "not closed" },
    { what: "an open quote", text: `config:\n  groundwork:a: "${CANARY}\n`, at: "Pulumi.dev.yaml:", rule: "" },
    {
        what: "wrong indentation",
        text: `config:\n  groundwork:a: b\n ${CANARY}: c\n`,
        at: "Pulumi.dev.yaml:3",
        rule: "",
    },
    { what: "a map on one line", text: "config: groundwork:a: b\n", at: "Pulumi.dev.yaml:1", rule: "middle of a line" },
    { what: "two documents", text: "config: {}\n---\nconfig: {}\n", at: "Pulumi.dev.yaml:2:1", rule: "must hold one" },
    { what: "a tag", text: "config:\n  groundwork:a: !!js/function 'x'\n", at: "Pulumi.dev.yaml:2", rule: "tags" },
    { what: "an include", text: "config: !include other.yaml\n", at: "Pulumi.dev.yaml:1", rule: "tags" },
    { what: "binary", text: "config:\n  groundwork:a: !!binary aGk=\n", at: "Pulumi.dev.yaml:2", rule: "tags" },
    {
        what: "an alias of nothing",
        text: `config:\n  groundwork:a: *${CANARY}\n`,
        at: "Pulumi.dev.yaml:2:17",
        rule: "no anchor",
    },
    { what: "a map as key", text: "config:\n  ? { a: 1 }\n  : b\n", at: "Pulumi.dev.yaml:2", rule: "plain text" },
    { what: "aliases that multiply", text: `${billionLaughs}\n`, at: "Pulumi.dev.yaml", rule: "aliases too often" },
    {
        what: "great depth",
        text: `config: ${"[".repeat(200)}${"]".repeat(200)}\n`,
        at: "Pulumi.dev.yaml:1",
        rule: "nested deeper than 32",
    },
    {
        what: "great depth of blocks",
        text: Array.from({ length: 100 }, (_, i) => `${" ".repeat(i)}a:`).join("\n"),
        at: "Pulumi.dev.yaml:",
        rule: "nested deeper than 32",
    },
    { what: "depth without an end", text: `config: ${"[".repeat(20_000)}`, at: "Pulumi.dev.yaml", rule: "" },
    {
        what: "great size",
        text: `config:\n  groundwork:a: ${"x".repeat(1024 * 1024)}\n`,
        at: "Pulumi.dev.yaml",
        rule: "larger than",
    },
    { what: "a list at the top", text: "- config\n", at: "Pulumi.dev.yaml:1", rule: "must hold a map" },
    { what: "text at the top", text: `${CANARY}\n`, at: "Pulumi.dev.yaml:1", rule: "must hold a map" },
    {
        what: "a list as config",
        text: "config:\n  - groundwork:a\n",
        at: "Pulumi.dev.yaml:1",
        rule: "must be a map of config keys",
    },
    {
        what: "text as config",
        text: `config: ${CANARY}\n`,
        at: "Pulumi.dev.yaml:1",
        rule: "must be a map of config keys",
    },
    { what: "an unknown key", text: "configs: {}\n", at: "Pulumi.dev.yaml:1", rule: "Did you mean config?" },
    {
        what: "a config key at the top",
        text: "\ngroundwork:system: debt-os\n",
        at: "Pulumi.dev.yaml:2",
        rule: "belongs under config",
    },
    {
        what: "a key without namespace",
        text: "config:\n  groundwork:a: b\n  system: debt-os\n",
        at: "Pulumi.dev.yaml:3",
        rule: "needs a namespace",
    },
    {
        what: "a key of three parts",
        text: "config:\n  groundwork:a:b: c\n",
        at: "Pulumi.dev.yaml:2",
        rule: "needs a namespace",
    },
    { what: "a number as salt", text: "encryptionsalt: 5\n", at: "Pulumi.dev.yaml:1", rule: "must be text" },
    { what: "no value", text: "config:\n  groundwork:a:\n", at: "Pulumi.dev.yaml:2", rule: "has no value" },
    {
        what: "no value inside of a map",
        text: "config:\n  groundwork:edge:\n    httpPort:\n",
        at: "Pulumi.dev.yaml:3",
        rule: "has no value",
    },
    { what: "a leading zero", text: "config:\n  groundwork:a: 0123\n", at: "Pulumi.dev.yaml:2:17", rule: "octal" },
    {
        what: "a number that loses digits",
        text: "config:\n  groundwork:a: 12345678901234567890\n",
        at: "Pulumi.dev.yaml:2:17",
        rule: "loses digits",
    },
    { what: "infinity", text: "config:\n  groundwork:a: [.inf]\n", at: "Pulumi.dev.yaml:2:18", rule: "JSON" },
    {
        what: "a plain secret",
        text: `config:\n  groundwork:secrets:\n    API_KEY: ${CANARY}\n`,
        at: "Pulumi.dev.yaml:3",
        rule: "must be encrypted",
    },
    {
        what: "plain secrets as text",
        text: `config:\n  groundwork:secrets: '{"API_KEY":"${CANARY}"}'\n`,
        at: "Pulumi.dev.yaml:2",
        rule: "must be encrypted",
    },
    {
        what: "a secret of another stack",
        text: "config:\n  groundwork:secrets:\n    API_KEY:\n      secure: other\n",
        at: "Pulumi.dev.yaml:3",
        rule: "cannot be decrypted",
    },
];

describe("a broken stack file", () => {
    it.each(BROKEN)("is refused with its line: $what", async ({ text, at, rule }) => {
        const error = await problemsOf(parse(text));
        expect(error.message).toContain(at);
        expect(error.message).toContain(rule);
        expect(error.message).not.toContain(CANARY);
        expect(error.message.length).toBeLessThan(1000);
    });

    it("is told all of it at once", async () => {
        const text = `config:
  system: x
  groundwork:edge:
    httpPort:
  groundwork:secrets:
    API_KEY: ${CANARY}
    OTHER:
      secure: bad
mode: x
`;
        const { problems } = await problemsOf(parse(text));
        expect(problems.map(({ location }) => location)).toEqual([
            "Pulumi.dev.yaml:9",
            "Pulumi.dev.yaml:2",
            "Pulumi.dev.yaml:4",
            "Pulumi.dev.yaml:7",
            "Pulumi.dev.yaml:6",
        ]);
    });

    it("needs a passphrase where something is encrypted", async () => {
        const error = await problemsOf(
            parseStackFile("config:\n  groundwork:a: { secure: v1:x }\n", "Pulumi.dev.yaml"),
        );
        expect(error.message).toContain("PULUMI_CONFIG_PASSPHRASE");
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
    const given = { GITHUB_CLIENT_ID: "id", GITHUB_CLIENT_SECRET: "secret", OPENAI_API_KEY: "key" };

    it.each(["dev", "staging", "prod"])("describe a stack that loads: %s", async (stack) => {
        const project = await readProjectFile(join(ROOT, "Pulumi.yaml"));
        expect(project.name).toBe("groundwork");
        const file = await readStackFile(join(ROOT, `Pulumi.${stack}.yaml`));
        const config = withProjectConfig(project.config, file.config);
        const raw = Object.fromEntries(Object.entries(config).map(([key, { value }]) => [key, value]));
        if (stack !== "dev") raw["groundwork:secrets"] = JSON.stringify(given);
        const loaded = loadStackConfig(raw, SYSTEMS, { ...file.context, secretKeys: ["groundwork:secrets"] });
        expect(loaded).toMatchObject({ system: "debt-os", environment: stack, target: "docker" });
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
