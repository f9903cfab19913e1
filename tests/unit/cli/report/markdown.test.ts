import { describe, expect, it } from "vitest";

import { MARKER, MOST_CHARACTERS, toMarkdown } from "../../../../packages/cli/src/report/markdown";
import { codeBlock, codeSpan } from "../../../../packages/cli/src/report/markup";
import type { Change, Report } from "../../../../packages/cli/src/report/types";

const revision = (ref: string) => ({ ref, commit: "0123456789abcdef0123456789abcdef01234567", uncommitted: 0 });
const counts = { create: 1, update: 0, replace: 0, delete: 0, same: 3 };

function change(name: string, more: Partial<Change> = {}): Change {
    const places = [{ stack: "dev", refused: false, kept: false }];
    return {
        kind: "update",
        name,
        type: "docker:Container",
        stateful: false,
        lines: ["- a: 1", "+ a: 2"],
        places,
        ...more,
    };
}

function report(changes: Change[]): Report {
    return {
        base: revision("main"),
        head: revision("feature"),
        notes: [],
        stacks: [{ stack: "dev", counts }],
        changes,
        policies: { found: [], fixed: [] },
        failures: [],
    };
}

describe("a comment", () => {
    it("begins with its marker and the verdict, then names what has data, and only then what else changes", () => {
        const text = toMarkdown(
            report([change("postgres-data", { kind: "delete", stateful: true, lines: [] }), change("api")]),
        );
        expect(text.startsWith(`${MARKER}\n### 1 resource with data would be destroyed`)).toBe(true);
        const places = [
            "#### Data",
            "- **delete** <code>postgres-data</code>",
            "| <code>dev</code> | 1 |",
            "#### Changes",
            "<code>api</code>",
        ];
        const found = places.map((part) => text.indexOf(part));
        expect(found).toEqual(found.slice().sort((a, b) => a - b));
        expect(found).not.toContain(-1);
    });

    it("names new policy violations after the data, with their line and stacks, and counts those that are gone", () => {
        const violation = {
            ...{ rule: "GW-K8S-001", title: "Containers are not privileged", severity: "critical" as const },
            ...{
                enforcement: "mandatory" as const,
                resource: "Pod/shop/<b>",
                path: "spec.x",
                message: "must not be true",
            },
            ...{ file: "targets/a.ts", line: 7, stacks: ["dev", "prod"] },
        };
        const changed = report([change("postgres-data", { kind: "delete", stateful: true })]);
        const text = toMarkdown({ ...changed, policies: { found: [violation], fixed: [violation] } });
        expect(text).toContain("1 new policy violation, 1 mandatory.");
        expect(text.indexOf("#### New policy violations")).toBeGreaterThan(text.indexOf("#### Data"));
        expect(text).toContain(
            "- **mandatory**, critical: GW-K8S-001 Containers are not privileged: <code>Pod/shop/&lt;b&gt;</code> <code>spec.x</code> must not be true, <code>targets/a.ts:7</code>, in <code>dev</code>, <code>prod</code>",
        );
        expect(text).toContain("1 policy violation of the base no longer there.");
        // Also where no resource changes, as when a waiver is taken away.
        expect(toMarkdown({ ...report([]), policies: { found: [violation], fixed: [] } })).toContain("GW-K8S-001");
    });

    it("stays below GitHub's limit, cut between resources, and says how many were left out", () => {
        const changes = [
            change("postgres-data", { kind: "delete", stateful: true }),
            ...Array.from({ length: 5_000 }, (_, i) =>
                change(`service-${i}`, { lines: [`+ text: "${"x".repeat(200)}"`] }),
            ),
        ];
        const text = toMarkdown(report(changes));
        expect(text.length).toBeLessThanOrEqual(MOST_CHARACTERS);
        expect(text.length).toBeGreaterThan(MOST_CHARACTERS - 1_500);
        expect(text).toContain("postgres-data");
        const shown = [...text.matchAll(/<details><summary>/g)].length;
        expect(shown).toBe([...text.matchAll(/<\/details>/g)].length);
        expect(text).toContain(`_${changes.length - shown} of ${changes.length} are left out`);
    });

    it("stays below it also when all of it is about data", () => {
        const changes = Array.from({ length: 5_000 }, (_, i) =>
            change(`volume-${i}`, { kind: "delete", stateful: true }),
        );
        const text = toMarkdown(report(changes));
        expect(text.length).toBeLessThanOrEqual(MOST_CHARACTERS);
        expect([...text.matchAll(/are left out/g)]).toHaveLength(2);
    });

    it("is one line where nothing changes", () => {
        const quiet = { ...report([]), stacks: [{ stack: "dev", counts: { ...counts, create: 0 } }] };
        expect(toMarkdown(quiet)).toMatch(/^<!-- groundwork-report -->\nNo change in 1 stack\. .*\n$/);
    });

    it("says which revision's program fails, with its words as they are", () => {
        const text = toMarkdown({
            ...report([]),
            failures: [{ revision: "head", stacks: ["dev"], message: "```\n<b>no</b> @all" }],
        });
        expect(text).toContain("<code>dev</code> at <code>feature</code>");
        expect(text).toContain("````\n```\n<b>no</b> @all\n````");
    });
});

describe("what others wrote", () => {
    it("is no markup, mention or reference in a comment", () => {
        const text = toMarkdown(
            report([change("</code><img src=x> @all #1 `x` | **b**\n# title", { type: "[a](http://b)" })]),
        );
        expect(text).not.toMatch(/<img|@all|#1\b|\*\*b|\]\(http|\n# title/);
    });

    it("cannot end the block of code that it is in", () => {
        expect(codeBlock("a\n````\nb")).toBe("`````\na\n````\nb\n`````");
        expect(codeSpan("a\u202Eb`c")).toBe("<code>ab&#96;c</code>");
    });
});
