import { describe, expect, it } from "vitest";

import { Answer, expectDone, jsonOf } from "../../../../packages/cli/src/backups/outcome";
import { countsOf, describePlan } from "../../../../packages/cli/src/backups/describe-plan";
import type { LogEntry } from "../../../../packages/cli/src/backups/toolbox";
import { PLAIN } from "../../../../packages/cli/src/ui/style";

const LOG = '{"level":30,"time":"2026-11-24T10:00:00.000Z","store":"redis","msg":"backed up and read back"}';
const ERROR =
    '{"level":50,"time":"2026-11-24T10:00:00.000Z","exit":4,"remedy":"Make one: `backup list` shows them.","msg":"redis has no backup"}';

describe("what a run of the toolbox wrote", () => {
    it("is told apart into its answer and its log, though both come on one stream", () => {
        const seen: LogEntry[] = [];
        const answer = new Answer((entry) => seen.push(entry));
        for (const line of [LOG, '{"stops":true}']) answer.add(line);
        expect(jsonOf(answer.outcome(0))).toEqual({ stops: true });
        expect(seen.map(({ message }) => message)).toEqual(["backed up and read back"]);
    });

    it("is an error with the toolbox's reason and gw's remedy when it fails", () => {
        const answer = new Answer();
        answer.add(ERROR);
        expect(() => expectDone(answer.outcome(4))).toThrow(
            expect.objectContaining({
                name: "FailedError",
                message: "redis has no backup",
                hint: "Make one: gw backups shows them.",
            }) as Error,
        );
        expect(() => expectDone(answer.outcome(2))).toThrow(expect.objectContaining({ name: "UsageError" }) as Error);
    });

    it("names the exit code where the toolbox said nothing", () => {
        expect(() => expectDone(new Answer().outcome(137))).toThrow(/exit code 137/);
    });
});

const part = (bytes: number, entries?: number) => ({
    ...{ name: "data", kind: "tree" as const, sha256: "x", proof: "content" as const, bytes },
    ...(entries !== undefined && { entries }),
});
const BACKUP = {
    ...{ version: 1 as const, stack: "debt-os-dev", system: "debt-os", release: "1", driver: "redis" },
    ...{ startedAt: "2026-11-24T02:00:00.000Z", seconds: 5, versions: {}, addedBytes: 1, details: {} },
    ...{ id: "20261124T020000000Z-redis-snapshot", store: "redis", method: "snapshot", tier: "hourly" },
    ...{ pointAt: "2026-11-24T02:00:01.000Z", verifiedAt: "2026-11-24T02:00:05.000Z" },
    parts: [part(3 * 1024 * 1024)],
    contents: { db0: { count: 41 }, db3: { count: 1 }, "(all keys)": { count: 42, checksum: "x" } },
};

describe("what people are shown before a restore", () => {
    it("which backup, what it holds, what stops, and where the safety copy goes", () => {
        const plan = { backup: BACKUP, safetyCopy: true, steps: ["write the dump", "swap"], stops: true };
        expect(describePlan(plan, { stops: ["redis"], stack: "debt-os-dev" }, PLAIN)).toEqual([
            "Restore redis of debt-os-dev",
            "  from       20261124T020000000Z-redis-snapshot (hourly, snapshot)",
            "  as of      2026-11-24T02:00:01.000Z",
            "  size       3 MiB",
            "  holds      42 keys",
            "  first      a copy of what is live, to the backups (tier safety)",
            "  then       write the dump",
            "             swap",
            "  stops      redis, while it is put in place",
        ]);
    });

    it.each([
        [{ contents: { "app.public.a": { count: 2 }, "app.public.b": { count: 3 } }, parts: [] }, "5 rows in 2 tables"],
        [{ contents: { nodes: { count: 4 }, relationships: { count: 7 } }, parts: [] }, "4 nodes, 7 relationships"],
        [{ contents: {}, parts: [part(1, 12)] }, "12 files"],
    ])("counts in the words of the store: %o", (backup, said) => {
        expect(countsOf(backup)).toBe(said);
    });
});
