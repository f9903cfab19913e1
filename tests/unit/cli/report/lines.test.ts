import { describe, expect, it } from "vitest";

import { changedLines, madeLines, withoutStack } from "../../../../packages/cli/src/report/lines";
import type { PreviewStep } from "../../../../packages/engine/src/api";

function changed(
    path: string,
    before: unknown,
    after: unknown,
    kind: "add" | "delete" | "update" | "update-replace" = "update",
): string[] {
    const state = (value: unknown) => ({
        urn: "u",
        custom: true,
        type: "t",
        inputs: value === undefined ? {} : { [path.split(/[.[]/)[0]!]: value },
    });
    return changedLines({
        ...{ op: "update", urn: "u", oldState: state(before), newState: state(after) },
        detailedDiff: { [path]: { kind, inputDiff: true } },
    });
}

describe("the lines of a change", () => {
    it.each([
        ["a value", changed("memory", 512, 1024), ["- memory: 512", "+ memory: 1024"]],
        [
            "why it is replaced",
            changed("image", "a", "b", "update-replace"),
            ['- image: "a"  (replaces)', '+ image: "b"  (replaces)'],
        ],
        ["what is new", changed("init", undefined, true, "add"), ["+ init: true"]],
        [
            "of a list only what differs",
            changed("envs", ["A=1", "B=1"], ["A=1", "B=2"]),
            ['- envs: "B=1"', '+ envs: "B=2"'],
        ],
        ["of a list in another order that alone", changed("envs", ["A", "B"], ["B", "A"]), ["! envs: another order"]],
        [
            "of a map only what differs",
            changed("spec", { a: 1, b: { c: 1 } }, { a: 1, b: { c: 2 } }),
            ["- spec.b.c: 1", "+ spec.b.c: 2"],
        ],
        ["of a text only the lines that differ", changed("conf", "a\nb\n", "a\nc\n"), ['- conf: "b"', '+ conf: "c"']],
    ])("show %s", (_what, lines, expected) => {
        expect(lines).toEqual(expected);
    });

    it("never look into a secret, also where only what is in it changes", () => {
        const secret = {
            "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
            plaintext: '"canary"',
        };
        expect(changed("data", secret, { ...secret, plaintext: '"canary2"' })).toEqual([
            "! data: [secret], another value",
        ]);
        expect(changed("data.KEY", "[secret]", "[secret]")).toEqual(["! data.KEY: [secret], another value"]);
        const uploads = (plaintext: string) => [{ file: "a", content: { ...secret, plaintext } }];
        expect(changed("uploads", uploads('"canary"'), uploads('"canary2"'))).toEqual([
            "! uploads: [secret], another value",
        ]);
        expect(changed("data", { KEY: secret }, { KEY: "canary" }).join()).not.toContain("canary");
    });

    it("cannot be broken up or end what they stand in, and are no more than a reader reads", () => {
        const many = Array.from({ length: 100 }, (_, i) => `line ${i}`);
        const lines = changed("list", [], many);
        expect([lines.length, lines.at(-1)]).toEqual([61, "! and 40 lines more"]);
        const step = {
            op: "create",
            urn: "u",
            newState: { urn: "u", custom: true, type: "t", inputs: { "a\nb": "\u001b[31mc" } },
        } as PreviewStep;
        expect(madeLines(step)).toEqual(['+ a b: "\\u001b[31mc"']);
    });
});

describe("names of a stack's resources", () => {
    it.each([
        ["gw-dev-api and gw-dev", "dev", "gw-<stack>-api and gw-<stack>"],
        ["gw-device", "dev", "gw-device"],
        ["gw-opencode-acp-dev-x", "opencode-acp-dev", "gw-<stack>-x"],
    ])("are told without it: %s", (text, stack, expected) => {
        expect(withoutStack(text, stack)).toBe(expected);
    });
});
