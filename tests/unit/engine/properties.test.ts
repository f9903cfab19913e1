import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { isWithin, parsePath, resetPaths } from "../../../packages/engine/src/paths";
import {
    equal,
    fromProgram,
    hasSecret,
    hasUnknown,
    MASK,
    masked,
    plain,
    secret,
    SIGNATURE,
    withSecretKeys,
    withSecretsOf,
} from "../../../packages/engine/src/properties";
import { UNKNOWN, type PropertyMap, type PropertyValue } from "../../../packages/engine/src/provider";
import { Scrubber } from "../../../packages/engine/src/scrub";

const values = fc.letrec<{ value: PropertyValue }>((tie) => ({
    value: fc.oneof(
        { depthSize: "small" },
        fc.string(),
        fc.integer(),
        fc.boolean(),
        fc.array(tie("value")),
        fc.dictionary(fc.string(), tie("value")),
        tie("value").map(secret),
    ),
}));
const maps = fc.dictionary(fc.string(), values.value) as fc.Arbitrary<PropertyMap>;

describe("properties", () => {
    it("from a program stay as they are, secrets within secrets aside", () => {
        fc.assert(fc.property(maps, (map) => void expect(equal(fromProgram(map, "x", "/"), map)).toBe(true)));
    });

    it("lose all marks for a provider, and get them back on what it returns", () => {
        fc.assert(
            fc.property(maps, (map) => {
                expect(hasSecret(plain(map))).toBe(false);
                const back = withSecretsOf(plain(map), map);
                expect(equal(plain(back), plain(map))).toBe(true);
                expect(masked(back)).toEqual(masked(withSecretsOf(back, map)));
                expect(hasSecret(back)).toBe(hasSecret(map));
            }),
        );
    });

    it("show nothing that is within a secret", () => {
        const map = { a: [{ b: secret("canary") }], c: secret({ d: ["canary"] }) };
        expect(masked(map)).toEqual({ a: [{ b: MASK }], c: MASK });
    });

    it("are secret too where a provider copies a secret into another one", () => {
        const marked = withSecretsOf(
            { url: "https://user:pass-word@host", list: ["a", "pass-word"], n: 1 },
            { password: secret("pass-word") },
        );
        expect(masked(marked)).toEqual({ url: MASK, list: ["a", MASK], n: 1 });
    });

    it("in a list of another length are all secret", () => {
        expect(withSecretsOf({ list: [1, 2, 3] }, { list: [secret(1), 2] })).toEqual({ list: secret([1, 2, 3]) });
    });

    it("are unknown if anything in them is", () => {
        expect(hasUnknown({ a: [secret({ b: UNKNOWN })] })).toBe(true);
        expect(hasUnknown({ a: "b" })).toBe(false);
    });

    it("marked by name stay absent where they are", () => {
        expect(withSecretKeys({ a: "x" }, ["a", "b"])).toEqual({ a: secret("x") });
    });

    it("that are output values become plain, secret or unknown ones", () => {
        const output = (more: PropertyMap): PropertyMap => ({
            [SIGNATURE]: "d0e6a833031e9bbcd3f4e8bde6ca49a4",
            ...more,
        });
        const map = { a: output({ value: 1 }), b: output({ value: "x", secret: true }), c: output({}) };
        expect(fromProgram(map, "x", "/")).toEqual({ a: 1, b: secret("x"), c: UNKNOWN });
    });

    it("that cannot be stored are refused with the resource and the path", () => {
        expect(() => fromProgram({ a: [{ b: Number.NaN }] }, 'thing "x"', "/")).toThrow(
            /thing "x": property "a\[0\]\.b" is NaN/,
        );
        const remote = { [SIGNATURE]: "c44067f5952c0a294b673a41bacd8c17", uri: "https://x" };
        expect(() => fromProgram({ a: remote as PropertyMap }, "x", "/")).toThrow(/"a" is a remote asset/);
    });
});

describe("paths", () => {
    it.each<[string, (string | number)[]]>([
        ["a", ["a"]],
        ["a.b[0].c", ["a", "b", 0, "c"]],
        ['a["b.c"][*].d', ["a", "b.c", "*", "d"]],
        ["a.*", ["a", "*"]],
    ])("%s", (text, parts) => {
        expect(parsePath(text)).toEqual(parts);
    });

    it.each(["a..b", "a[", 'a["b', "[x]"])("%s is refused", (text) => {
        expect(() => parsePath(text)).toThrow(text);
    });

    it("contain what is below them", () => {
        expect(isWithin(parsePath("a.b[1].c"), parsePath("a.*[1]"))).toBe(true);
        expect(isWithin(parsePath("a"), parsePath("a.b"))).toBe(false);
    });

    it("are reset to what was there, also within secrets and lists", () => {
        const olds = { a: { b: 1, c: 2 }, s: secret({ x: 1, y: 2 }), list: [{ v: 1 }, { v: 2 }] };
        const news = { a: { b: 9, d: 4 }, s: secret({ x: 9, y: 9 }), list: [{ v: 8 }, { v: 9 }, { v: 3 }] };
        expect(resetPaths(olds, news, ["a.b", "a.c", "a.d", "s.x", "list[*].v"])).toEqual({
            a: { b: 1, c: 2 },
            s: secret({ x: 1, y: 9 }),
            list: [{ v: 1 }, { v: 2 }, { v: 3 }],
        });
        expect(resetPaths({}, { a: 1 }, ["a"])).toEqual({});
    });
});

describe("messages", () => {
    it("have no secret in them, in none of the forms that it is written in", () => {
        const scrubber = new Scrubber();
        const text = 'two "words"\nand a line';
        scrubber.learn({ a: secret([text]), b: secret("longer than short"), c: secret("short1") });
        const forms = [
            text,
            JSON.stringify(text),
            encodeURIComponent(text),
            Buffer.from(text).toString("base64"),
            "and a line",
            "short1",
        ];
        for (const form of forms) expect(scrubber.scrub(`it said ${form}.`)).toMatch(/^it said "?\[secret\]"?\.$/);
        expect(scrubber.scrub("nothing to hide")).toBe("nothing to hide");
    });

    it("have no part of a map in them that is a secret of the config", () => {
        const scrubber = new Scrubber();
        scrubber.learnConfig(JSON.stringify({ NAME: "canary-1", list: ["canary-2", 7] }));
        scrubber.learnConfig("{canary-3");
        expect(scrubber.scrub("canary-1, canary-2, {canary-3, NAME")).toBe("[secret], [secret], [secret], NAME");
    });
});
