import { compare } from "bcryptjs";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import type { PropertyMap } from "../../../../packages/engine/src/provider";
import { randomProvider } from "../../../../packages/engine/src/providers/random";
import { DIGITS, LOWER, SPECIAL, UPPER, randomString } from "../../../../packages/engine/src/providers/random/sample";
import { SEED, contextOf } from "./context";

const typeOf = (name: string): string => `random:index/random${name}:Random${name}`;

async function make(name: string, news: PropertyMap) {
    const ctx = contextOf(typeOf(name));
    const { inputs, failures } = await randomProvider.check(ctx, undefined, news, SEED);
    expect(failures).toEqual([]);
    return { ctx, inputs, ...(await randomProvider.create(ctx, inputs)) };
}

describe("a password", () => {
    it("has the real provider's outputs, and its hash is that of the result", async () => {
        const { id, inputs, outputs } = await make("Password", { length: 24, keepers: { version: "1" } });
        expect(inputs).toEqual({ length: 24, keepers: { version: "1" } });
        expect(id).toBe("none");
        expect(outputs).toMatchObject({
            keepers: { version: "1" },
            length: 24,
            lower: true,
            upper: true,
            numeric: true,
            number: true,
            special: true,
            minLower: 0,
            minUpper: 0,
            minNumeric: 0,
            minSpecial: 0,
        });
        expect(outputs.result).toHaveLength(24);
        expect(outputs.bcryptHash).toMatch(/^\$2a\$10\$/);
        expect(await compare(outputs.result as string, outputs.bcryptHash as string)).toBe(true);
    });

    it("keeps its result and hash secret", () => {
        expect(randomProvider.secretOutputs).toEqual({
            [typeOf("Password")]: ["bcryptHash", "result"],
            [typeOf("Bytes")]: ["base64", "hex"],
        });
    });

    it("longer than bcrypt's 72 bytes still has a hash", async () => {
        const { outputs } = await make("Password", { length: 100 });
        expect(await compare((outputs.result as string).slice(0, 72), outputs.bcryptHash as string)).toBe(true);
    });

    it("is replaced when a rule or a keeper changes, and otherwise never", async () => {
        const { ctx, inputs, outputs } = await make("Password", { length: 16, special: false });
        const diff = (news: PropertyMap) => randomProvider.diff(ctx, "none", { inputs, outputs }, news);
        expect((await diff(inputs)).changed).toBe(false);
        expect((await diff({ ...inputs, keepers: { a: "1" } })).replaces).toEqual(["keepers"]);
        expect((await diff({ ...inputs, length: 17 })).replaces).toEqual(["length"]);
        expect((await diff({ ...inputs, special: true })).replaces).toEqual(["special"]);
        expect((await diff({ ...inputs, lower: false })).replaces).toEqual(["lower"]);
        expect((await diff({ ...inputs, number: true })).changed).toBe(false);
        expect((await diff({ ...inputs, minUpper: 2 })).replaces).toEqual(["minUpper"]);
    });

    it.each<[PropertyMap, string, string]>([
        [{}, "length", "is required"],
        [{ length: 0 }, "length", "1 or more"],
        [{ length: 3, minLower: 2, minUpper: 2 }, "length", "the sum of"],
        [{ length: 5, lower: false, upper: false, numeric: false, special: false }, "numeric", "must be true"],
        [{ length: 5, number: false, numeric: true }, "number", "old name"],
        [{ lenght: 5, length: 5 }, "lenght", `"length"`],
        [{ length: 5, keepers: { a: 1 } }, "keepers.a", "must be a string"],
    ])("refuses %j", async (news, property, reason) => {
        const { failures } = await randomProvider.check(contextOf(typeOf("Password")), undefined, news, SEED);
        expect(failures.map((failure) => failure.property)).toEqual([property]);
        expect(failures[0]!.reason).toContain(reason);
    });
});

describe("a random string", () => {
    it("keeps every rule", () => {
        const least = fc.nat({ max: 4 });
        const rules = fc.record({
            extra: fc.nat({ max: 20 }),
            lower: fc.boolean(),
            upper: fc.boolean(),
            numeric: fc.constant(true),
            special: fc.boolean(),
            minLower: least,
            minUpper: least,
            minNumeric: least,
            minSpecial: least,
            overrideSpecial: fc.constantFrom(undefined, "_-"),
        });
        const count = (text: string, set: string): number =>
            [...text].filter((character) => set.includes(character)).length;
        fc.assert(
            fc.property(rules, ({ extra, ...rule }) => {
                const length = extra + rule.minLower + rule.minUpper + rule.minNumeric + rule.minSpecial;
                const text = randomString({ ...rule, length });
                const special = rule.overrideSpecial ?? SPECIAL;
                expect(text).toHaveLength(length);
                expect(count(text, LOWER + UPPER + DIGITS + special)).toBe(length);
                expect(count(text, LOWER)).toBeGreaterThanOrEqual(rule.minLower);
                expect(count(text, UPPER)).toBeGreaterThanOrEqual(rule.minUpper);
                expect(count(text, DIGITS)).toBeGreaterThanOrEqual(rule.minNumeric);
                expect(count(text, special)).toBeGreaterThanOrEqual(rule.minSpecial);
                if (!rule.lower) expect(count(text, LOWER)).toBe(rule.minLower);
                if (!rule.upper) expect(count(text, UPPER)).toBe(rule.minUpper);
            }),
        );
    });

    it("draws every character equally often, at every place", () => {
        const rules = {
            lower: false,
            upper: false,
            numeric: true,
            special: false,
            minLower: 0,
            minUpper: 0,
            minSpecial: 0,
        };
        const draws = 20_000;
        const counts = new Map<string, number>();
        for (let i = 0; i < draws; i++) {
            const [first] = randomString({ ...rules, minNumeric: 2, length: 4 });
            counts.set(first!, (counts.get(first!) ?? 0) + 1);
        }
        // Chi squared with 9 degrees of freedom: above 40 in fewer than one run of 100,000.
        const expected = draws / 10;
        const chi = [...DIGITS].reduce((sum, digit) => sum + ((counts.get(digit) ?? 0) - expected) ** 2 / expected, 0);
        expect(chi).toBeLessThan(40);
    });

    it("is its own id", async () => {
        const { id, outputs } = await make("String", { length: 8, special: false });
        expect(id).toBe(outputs.result);
        expect(id).toMatch(/^[a-zA-Z0-9]{8}$/);
    });
});

describe("a random id", () => {
    it("is one number in four notations, with a prefix", async () => {
        const { id, outputs } = await make("Id", { byteLength: 6, prefix: "p-" });
        const bytes = Buffer.from(id, "base64url");
        expect(bytes).toHaveLength(6);
        expect(outputs).toMatchObject({
            hex: `p-${bytes.toString("hex")}`,
            b64Url: `p-${id}`,
            b64Std: `p-${bytes.toString("base64")}`,
            dec: `p-${BigInt(`0x${bytes.toString("hex")}`)}`,
        });
    });
});

describe("random bytes", () => {
    it("are the same in base64 and hex, and not in the id", async () => {
        const { id, outputs } = await make("Bytes", { length: 32 });
        const bytes = Buffer.from(outputs.base64 as string, "base64");
        expect(bytes).toHaveLength(32);
        expect(outputs.hex).toBe(bytes.toString("hex"));
        expect(id).toBe("none");
    });
});
