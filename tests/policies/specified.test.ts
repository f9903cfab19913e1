/** Every rule has its specification, where its own file is: `specify` sees to it that it has good, bad, edge and unknown cases. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, test } from "vitest";

import { RULES } from "../../policies/rules";

const POLICIES = join(__dirname, "../../policies");

/** Whether a resource is protected is always known, so these have no unknown cases, and list the others themselves. */
const ALWAYS_KNOWN = ["GW-STK-004"];
/** The rules whose cases are in one file, tests/policies/waivers.test.ts. */
const ABOUT_WAIVERS = /^GW-WVR-/;

/** By the id of a rule, its file from `policies/` on. */
const files = new Map(
    ["kubernetes", "docker", "aws", "stack"].flatMap((folder) =>
        readdirSync(join(POLICIES, folder), { recursive: true, encoding: "utf8" }).flatMap((name) => {
            const path = join(folder, name);
            const [, id] = (path.endsWith(".ts") && /^ {4}id: "(GW-[A-Z0-9]+-\d+)",$/m.exec(read(path))) || [];
            return id === undefined ? [] : [[id, path] as const];
        }),
    ),
);

function read(path: string): string {
    return readFileSync(join(POLICIES, path), "utf8");
}

describe("the pack", () => {
    test("has each id once", () => {
        const ids = RULES.map(({ id }) => id);
        expect([...new Set(ids)]).toEqual(ids);
        expect(ids.filter((id) => !ABOUT_WAIVERS.test(id)).sort()).toEqual([...files.keys()].sort());
    });

    test.each([...files])("%s is specified", (id, path) => {
        const specification = join(__dirname, path.replace(/\.ts$/, ".test.ts"));
        expect(existsSync(specification), specification).toBe(true);
        const text = readFileSync(specification, "utf8");
        expect(text).toContain(`policies/${path.replace(/\.ts$/, "")}"`);
        expect(text).toMatch(ALWAYS_KNOWN.includes(id) ? /"good: [^]*"edge: [^]*"bad: / : /^specify\(rule, /m);
    });
});
