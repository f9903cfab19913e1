/** The comparison that the parity tests rest on sees what it must see, and nothing else. Needs neither engine. */
import { describe, expect, it } from "vitest";

import { differences, normal, SECRET, withoutChance } from "./support/compare";

const secret = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", ciphertext: "v1:a:b" };

describe("the comparison of engines", () => {
    it("finds another value, a missing one, and one too many, and says where", () => {
        expect(differences({ a: { b: [1, 2] } }, { a: { b: [1, 3] } })).toEqual(["a.b[1]: 2 | 3"]);
        expect(differences({ a: 1 }, {})).toEqual(["a: 1 | nothing"]);
        expect(differences({}, { a: true })).toEqual(["a: nothing | true"]);
        expect(differences([1], [1, 2])).toEqual([": [1] | [1,2]"]);
    });

    it("takes nothing, null, false, zero and empty for one, but not for something", () => {
        expect(differences({ a: null, b: false, c: 0, d: "", e: [], f: {} }, {})).toEqual([]);
        expect(differences({ a: false }, { a: "no" })).toHaveLength(1);
    });

    it("finds a secret that only one side has as a secret", () => {
        expect(normal({ password: secret })).toEqual({ password: SECRET });
        expect(differences({ password: SECRET }, { password: "open" })).toEqual([`password: "${SECRET}" | "open"`]);
        expect(differences({ uploads: SECRET }, { uploads: [{ file: "/a", content: SECRET }] })).toEqual([]);
        expect(differences({ uploads: SECRET }, { uploads: [{ file: "/a", content: "open" }] })).toHaveLength(1);
    });

    it("leaves out what differs from run to run, and no more", () => {
        expect(withoutChance("gw-dev-api-0-83fde62")).toBe("gw-dev-api-0-<random>");
        expect(withoutChance("gw-dev-api-0")).toBe("gw-dev-api-0");
        expect(withoutChance("f".repeat(64))).toBe("<id>");
        const propertyDependencies = { a: ["urn:2", "urn:1"], b: [] };
        expect(normal({ propertyDependencies, created: "now" })).toEqual({
            propertyDependencies: { a: ["urn:1", "urn:2"] },
        });
        expect(differences({ dependencies: ["urn:1"] }, { dependencies: ["urn:2"] })).toHaveLength(1);
    });
});
