import { describe, expect, it } from "vitest";

import { parseStackFile } from "../../../config/stack-file";
import { CANARY, parse, problemsOf } from "./stack-file-fixture";

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
    {
        what: "an alias inside of what it names",
        text: "config:\n  groundwork:a: &a\n    b: *a\n",
        at: "Pulumi.dev.yaml:3:8",
        rule: "has no end",
    },
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
