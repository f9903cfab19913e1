import { describe, expect, it } from "vitest";

import type { PreviewDigest, PreviewStep } from "../../../../packages/engine/src/api";
import { renderPreview } from "../../../../packages/cli/src/ui/preview";
import { parsePropertyPath, valueAt } from "../../../../packages/cli/src/ui/property-path";
import { HIDDEN, redact } from "../../../../packages/cli/src/ui/redact";
import { PLAIN } from "../../../../packages/cli/src/ui/style";
import { parseUrn } from "../../../../packages/cli/src/ui/urn";
import { showChange, showValue } from "../../../../packages/cli/src/ui/values";

const SIGNATURE = "4dabf18193072939515e22adb298388d";
const secret = (ciphertext: string) => ({ [SIGNATURE]: "1b47061264138c4ac30d75fd1eb44270", ciphertext });
const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const CANARY = "canary-5f2d";

const STACK = "urn:pulumi:dev::groundwork::pulumi:pulumi:Stack::groundwork-dev";
const POSTGRES = "urn:pulumi:dev::groundwork::groundwork:stores:Postgres::gw-dev-postgres";
const CONTAINER =
    "urn:pulumi:dev::groundwork::groundwork:stores:Postgres$docker:index/container:Container::gw-dev-postgres";

function step(op: PreviewStep["op"], urn: string, more: Partial<PreviewStep> = {}, parent?: string): PreviewStep {
    const type = parseUrn(urn).type;
    const state = { urn, custom: !type.startsWith("groundwork:"), type, parent };
    const { oldState, newState, ...rest } = more;
    return {
        op,
        urn,
        ...(op === "create" ? {} : { oldState: { ...state, ...oldState } }),
        ...(op === "delete" ? {} : { newState: { ...state, ...newState } }),
        ...rest,
    };
}

function digest(steps: PreviewStep[], changeSummary: PreviewDigest["changeSummary"]): PreviewDigest {
    return { steps, changeSummary, duration: 1 };
}

const view = { diff: false, columns: 100, style: PLAIN };

const update = step(
    "update",
    CONTAINER,
    {
        oldState: { inputs: { memory: 512, envs: ["A=1", "B=2"], password: secret("v1:old") } } as never,
        newState: { inputs: { memory: 1024, envs: ["A=1"], password: secret("v1:new"), id: UNKNOWN } } as never,
        detailedDiff: {
            memory: { kind: "update", inputDiff: true },
            "envs[1]": { kind: "delete", inputDiff: true },
            password: { kind: "update", inputDiff: true },
            id: { kind: "add-replace", inputDiff: true },
        },
    },
    POSTGRES,
);

describe("preview", () => {
    it("shows what changes under its unchanged parents, property by property", () => {
        const lines = renderPreview(
            digest([step("same", STACK), step("same", POSTGRES, {}, STACK), update], { same: 2, update: 1 }),
            view,
        );
        expect(lines).toEqual([
            "   groundwork-dev       pulumi:Stack",
            "     gw-dev-postgres    groundwork:Postgres",
            "~      gw-dev-postgres  docker:Container     update",
            '         - envs[1]: "B=2"',
            "         + id: [unknown]  (replaces)",
            "         ~ memory: 512 => 1024",
            "         ~ password: [secret] => [secret]",
            "",
            "Resources: ~ 1 to update, 2 unchanged",
        ]);
    });

    it("leaves out what does not change", () => {
        const lines = renderPreview(
            digest([step("same", STACK), step("same", POSTGRES, {}, STACK)], { same: 2 }),
            view,
        );
        expect(lines).toEqual(["No changes: 2 resources are as they should be."]);
    });

    it("shows a replacement once, though it is three steps", () => {
        const lines = renderPreview(
            digest(
                [
                    step("create-replacement", CONTAINER),
                    step("replace", CONTAINER, {
                        replaceReasons: ["image"],
                        diffReasons: ["image"],
                        oldState: { inputs: { image: "a" } } as never,
                        newState: { inputs: { image: "b" } } as never,
                    }),
                    step("delete-replaced", CONTAINER),
                ],
                { replace: 1 },
            ),
            view,
        );
        expect(lines).toEqual([
            "+- gw-dev-postgres  docker:Container  replace",
            '     ~ image: "a" => "b"  (replaces)',
            "",
            "Resources: +- 1 to replace",
        ]);
    });

    it("with --diff shows all properties of what is made", () => {
        const create = step("create", CONTAINER, {
            newState: { inputs: { memory: 512, __defaults: [], password: secret("x") } } as never,
        });
        const lines = renderPreview(digest([create], { create: 1 }), { ...view, diff: true });
        expect(lines.slice(1, 3)).toEqual(["     + memory: 512", "     + password: [secret]"]);
    });

    it("never shows a secret, wherever it is", () => {
        const inputs = { env: { nested: secret(CANARY), plain: "shown" }, list: [secret(CANARY)] };
        const steps = [
            step("create", CONTAINER, { newState: { inputs } as never }),
            step("update", POSTGRES, {
                oldState: { inputs } as never,
                newState: { inputs } as never,
                detailedDiff: {
                    "env.nested.ciphertext": { kind: "update", inputDiff: true },
                    env: { kind: "update", inputDiff: true },
                    "list[0]": { kind: "update", inputDiff: false },
                },
            }),
        ];
        const text = renderPreview(digest(steps, { create: 1, update: 1 }), { ...view, diff: true, columns: 400 }).join(
            "\n",
        );
        expect(text).not.toContain(CANARY);
        expect(text).toContain(HIDDEN);
        expect(text).toContain("shown");
    });

    it("fits the terminal", () => {
        const lines = renderPreview(digest([step("same", STACK), update], { update: 1 }), { ...view, columns: 40 });
        expect(Math.max(...lines.map((l) => l.length))).toBeLessThanOrEqual(40);
    });

    it("says warnings and errors", () => {
        const with_ = {
            ...digest([], { same: 1 }),
            diagnostics: [
                { severity: "warning", message: "old image\n", urn: CONTAINER },
                { severity: "info", message: "hello" },
            ],
        };
        expect(renderPreview(with_, view)[0]).toBe("warning: gw-dev-postgres: old image");
        expect(renderPreview(with_, view)).toHaveLength(2);
    });
});

describe("differences", () => {
    it("are shown item by item where lists and maps are long", () => {
        const label = (value: string) => ({ label: "dev.groundwork.version", value, __defaults: [] });
        const long = Array.from({ length: 9 }, (_, i) => label(String(i)));
        expect(showChange("labels", long, [...long.slice(1), label("new")], 40, PLAIN)).toEqual([
            "~ labels:",
            '    - {"label":"dev.groundwork.version","value":"0"}',
            '    + {"label":"dev.groundwork.version","value":"new"}',
        ]);
        const map = { same: "x".repeat(60), other: 1 };
        expect(showChange("env", map, { ...map, other: 2 }, 40, PLAIN)).toEqual(["~ env.other: 1 => 2"]);
    });

    it("say of an id what tells it apart", () => {
        expect(showValue(`sha256:${"0123456789abcdef".repeat(4)}`, 80)).toBe('"sha256:0123456789ab"');
    });
});

describe("property paths", () => {
    it.each([
        ["a", ["a"]],
        ["a.b[0].c", ["a", "b", 0, "c"]],
        ['a["x.y"].z', ["a", "x.y", "z"]],
        ['a["q\\"q"]', ["a", 'q"q']],
        ["a[", ["a", "["]],
    ])("reads %s", (path, parts) => expect(parsePropertyPath(path)).toEqual(parts));

    it("finds values, and undefined where there is none", () => {
        expect(valueAt({ a: [{ b: 1 }] }, "a[0].b")).toBe(1);
        expect(valueAt({ a: 1 }, "a.b.c")).toBeUndefined();
    });
});

describe("redaction", () => {
    it("replaces secrets at any depth and unknowns, and nothing else", () => {
        expect(redact({ a: secret("x"), b: [{ c: secret("y") }, 1, null], d: UNKNOWN })).toEqual({
            a: HIDDEN,
            b: [{ c: HIDDEN }, 1, null],
            d: "[unknown]",
        });
    });
});
