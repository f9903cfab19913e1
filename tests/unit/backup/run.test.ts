import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";

import { BackupError, EXIT } from "../../../packages/backup/src/errors";
import { readGauges } from "../../../packages/backup/src/gauges";
import { readHistory } from "../../../packages/backup/src/history";
import { Repository } from "../../../packages/backup/src/repository/repository";
import { makeScratch, runBackup } from "../../../packages/backup/src/run";
import { FilesDriver } from "../../../packages/backup/src/stores/files";
import { stored, toolboxOf } from "./toolbox";

const request = { store: "projects", tier: "daily", kind: "full" as const };

describe("a run", () => {
    beforeEach(() => {
        stored([]);
        vi.spyOn(FilesDriver.prototype, "capture").mockResolvedValue({
            ...{ pointAt: new Date(), versions: {}, contents: {} },
        });
    });
    afterEach(() => {
        vi.restoreAllMocks();
    });

    test("counts when it could not be copied to the machine, which the metrics say until one was", async () => {
        const config = toolboxOf(["projects"], { localCopy: { path: "/copy", days: 7 } });
        const copyFrom = vi.spyOn(Repository.prototype, "copyFrom");
        const copyFailed = () =>
            readGauges(config.stateDirectory).map(({ name, labels, value }) => ({ name, labels, value }));

        copyFrom.mockRejectedValueOnce(new BackupError("no space left", { exit: EXIT.repository, remedy: "Free it." }));
        await runBackup(config, request);
        expect(readHistory(config.stateDirectory)["projects/daily"]).toMatchObject({ failures: 0 });
        expect(readHistory(config.stateDirectory)["projects/daily"]!.lastSuccess).toBeGreaterThan(0);
        expect(copyFailed()).toEqual([{ name: "local_copy_failed", labels: { store: "projects" }, value: 1 }]);

        copyFrom.mockResolvedValueOnce();
        await runBackup(config, request);
        expect(copyFailed()).toEqual([{ name: "local_copy_failed", labels: { store: "projects" }, value: 0 }]);
    });

    test("that fails is counted", async () => {
        const config = toolboxOf(["projects"]);
        vi.mocked(FilesDriver.prototype.capture).mockRejectedValue(
            new BackupError("it is empty", { exit: EXIT.store, remedy: "Mount it." }),
        );
        await expect(runBackup(config, request)).rejects.toThrow("it is empty");
        await expect(runBackup(config, request)).rejects.toThrow("it is empty");
        expect(readHistory(config.stateDirectory)["projects/daily"]).toMatchObject({
            ...{ failures: 2, error: "it is empty" },
        });
    });

    test("clears away what killed ones of its store left, and nothing of others", async () => {
        const config = toolboxOf(["projects", "projects-old"]);
        const killed = (purpose: string, lock: string) =>
            writeFileSync(join(makeScratch(config, purpose, lock), "plain"), "secret");
        killed("run", "projects");
        killed("run", "projects-old");
        killed("drill", "drill-projects");
        await runBackup(config, request);
        const left = readdirSync(config.scratchDirectory).map((name) => name.slice(0, name.indexOf(".")));
        expect(left.sort()).toEqual(["drill-projects", "projects-old"]);
    });
});
