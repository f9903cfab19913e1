import { existsSync, readdirSync } from "node:fs";

import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";

import type { BackupConfig } from "../../../packages/backup/src/config";
import { drill } from "../../../packages/backup/src/drill/drill";
import type { DrillRow } from "../../../packages/backup/src/drill/report";
import { BackupError, EXIT } from "../../../packages/backup/src/errors";
import { readGauges } from "../../../packages/backup/src/gauges";
import { withLock } from "../../../packages/backup/src/lock";
import { makeScratch } from "../../../packages/backup/src/run";
import { FilesDriver } from "../../../packages/backup/src/stores/files";
import { entryOf, manifestOf, stored, toolboxOf } from "./toolbox";

const entries = [
    entryOf("other", "2026-11-24T02:00:00.000Z"),
    entryOf("projects", "2026-11-24T03:00:00.000Z", "safety"),
    entryOf("projects", "2026-11-24T02:00:00.000Z"),
];

describe("a drill", () => {
    let config: BackupConfig;
    beforeEach(() => {
        config = toolboxOf(["other", "projects"]);
        stored(entries);
        vi.spyOn(FilesDriver.prototype, "prove").mockResolvedValue({ contents: {} });
    });
    afterEach(() => {
        vi.restoreAllMocks();
    });

    /** What its report and its metrics say, and how it ended. */
    async function outcome() {
        let rows: DrillRow[] = [];
        const error: unknown = await drill(config, {
            signal: new AbortController().signal,
            found: (report) => (rows = report.rows),
        }).catch((thrown: unknown) => thrown);
        const failed = readGauges(config.stateDirectory)
            .filter(({ name }) => name === "drill_failed")
            .map(({ labels, value }) => [labels.store, value]);
        const problems = rows.map(({ id, problem }) => [id, problem]);
        return { problems, failed: Object.fromEntries(failed) as object, exit: (error as BackupError).exit };
    }

    test("of a store whose manifest cannot be read says so in its report, and goes on with the others", async () => {
        stored(entries, (entry) => {
            if (entry.store === "projects") return JSON.stringify(manifestOf(entry));
            throw new BackupError("reading manifest.json: it is damaged", { exit: EXIT.verification, remedy: "No." });
        });
        expect(await outcome()).toEqual({
            problems: [
                [entries[0]!.id, "reading manifest.json: it is damaged"],
                [entries[2]!.id, undefined],
            ],
            failed: { other: 1, projects: 0 },
            exit: EXIT.verification,
        });
    });

    test("of a store that another one is at says so in its report, and goes on with the others", async () => {
        await withLock(config, "drill-other", "drill", async () => {
            const { problems, failed, exit } = await outcome();
            expect(problems[0]![1]).toMatch("drill-other is busy");
            expect(problems[1]).toEqual([entries[2]!.id, undefined]);
            expect(failed).toEqual({ other: 1, projects: 0 });
            expect(exit).toBe(EXIT.verification);
        });
    });

    test("that is called off says nothing of the backups", async () => {
        const calledOff = new AbortController();
        vi.mocked(FilesDriver.prototype.prove).mockImplementation(() => {
            calledOff.abort();
            return Promise.reject(new BackupError("was stopped", { exit: EXIT.store, remedy: "Again." }));
        });
        await expect(drill(config, { signal: calledOff.signal })).rejects.toThrow("was stopped");
        expect(readGauges(config.stateDirectory)).toEqual([]);
    });

    test("clears away what a killed one left", async () => {
        const left = makeScratch(config, "drill", "drill-projects");
        expect(existsSync(left)).toBe(true);
        await outcome();
        expect(readdirSync(config.scratchDirectory)).toEqual([]);
    });
});
