/** `backup drill`: the newest backup of every store, restored in here, proven, and timed. */
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { type BackupEntry, type Catalog, newestOfEach, readCatalog } from "../catalog";
import type { BackupConfig } from "../config";
import { BackupError, EXIT } from "../errors";
import { setGauge } from "../gauges";
import { withLock } from "../lock";
import { log } from "../log";
import { compareContents } from "../manifest";
import { writeMetricsFile } from "../metrics";
import type { PartReader } from "../repository/parts";
import type { Repository } from "../repository/repository";
import { openForReading, readerOf } from "../restore/restore";
import { makeScratch } from "../run";
import { driverOf, storeOf } from "../stores";
import { chartOf, markdownOf, type DrillReport, type DrillRow } from "./report";

export interface DrillOptions {
    /** Default: every store. */
    store?: string;
    signal: AbortSignal;
    /** Told what was found, whatever that is. */
    found?: (report: DrillReport) => void;
}

/**
 * Restores and proves; writes a report where the configuration names a folder.
 * @throws BackupError at the end, when any did not come back
 */
export async function drill(config: BackupConfig, { store: only, signal, found }: DrillOptions): Promise<DrillReport> {
    const startedAt = new Date();
    const stores = only === undefined ? Object.keys(config.stores) : [only];
    stores.forEach((store) => storeOf(config, store));
    const repository = openForReading(config, false, signal);
    const catalog = await readCatalog(repository);
    const wanted = newestOfEach(catalog.backups.filter(({ store }) => stores.includes(store)));
    const rows: DrillRow[] = [];
    for (const store of stores.filter((name) => !wanted.some((entry) => entry.store === name))) {
        rows.push({ store, method: "none", problem: "there is no backup of it" });
    }
    for (const entry of wanted) {
        rows.push(await drillOne(config, { repository, catalog }, entry, startedAt, signal));
    }
    const { stack, system, release, objectives } = config;
    const report = { stack, system, release, at: startedAt.toISOString(), objectives, rows };
    publish(config, report);
    found?.(report);
    const failed = rows.filter(({ problem }) => problem !== undefined);
    if (failed.length > 0) {
        throw new BackupError(
            ["the drill failed:", ...failed.map(({ store, problem }) => `${store}: ${problem}`)].join("\n    "),
            {
                exit: EXIT.verification,
                remedy: "Make a new backup now (backup run all), and look at why this one does not come back.",
            },
        );
    }
    return report;
}

/** Whatever keeps a backup from coming back is a row of the report: the others are drilled, and the metrics tell. */
async function drillOne(
    config: BackupConfig,
    { repository, catalog }: { repository: Repository; catalog: Catalog },
    entry: BackupEntry,
    now: Date,
    signal: AbortSignal,
): Promise<DrillRow> {
    const { store, method, id } = entry;
    const locked = async (): Promise<DrillRow> =>
        prove(config, await readerOf(config, repository, catalog, entry), entry, now, signal);
    try {
        return await withLock(config, lockOf(store), "drill", locked, signal);
    } catch (error) {
        // One that was called off has found nothing.
        if (!(error instanceof BackupError) || signal.aborted) throw error;
        return { store, method, id, problem: error.message };
    }
}

/** Not the store's: it may be backed up meanwhile. */
const lockOf = (store: string) => `drill-${store}`;

async function prove(
    config: BackupConfig,
    reader: PartReader,
    { store, method, id }: BackupEntry,
    now: Date,
    signal: AbortSignal,
): Promise<DrillRow> {
    const scratch = makeScratch(config, "drill", lockOf(store));
    const began = performance.now();
    const { contents, pointAt, parts } = reader.manifest;
    try {
        const { contents: found, reaches } = await driverOf(config, store).prove(reader, { config, scratch, signal });
        const differences = compareContents(contents, found);
        const point = Math.max(Date.parse(pointAt), reaches?.getTime() ?? 0);
        return {
            store,
            method,
            id,
            rtoSeconds: (performance.now() - began) / 1000,
            rpoSeconds: Math.max(0, now.getTime() - point) / 1000,
            units: Object.keys(found).length,
            bytes: parts.reduce((sum, part) => sum + part.bytes, 0),
            ...(differences.length > 0 ? { problem: differences.join("; ") } : {}),
        };
    } finally {
        rmSync(scratch, { recursive: true, force: true });
    }
}

function publish(config: BackupConfig, report: DrillReport): void {
    for (const { store, method, rtoSeconds, rpoSeconds, problem } of report.rows) {
        const labels = { store, method };
        const set = (name: string, help: string, value: number) =>
            setGauge(config.stateDirectory, { name, help, labels, value });
        set("drill_timestamp_seconds", "When the last drill began.", Date.parse(report.at) / 1000);
        set(
            "drill_failed",
            "1 when the newest backup did not come back whole in the last drill.",
            problem === undefined ? 0 : 1,
        );
        if (rtoSeconds !== undefined)
            set("drill_restore_seconds", "How long the last drill took to restore and prove.", rtoSeconds);
        if (rpoSeconds !== undefined)
            set("drill_recovery_point_age_seconds", "Age of the backup at the last drill.", rpoSeconds);
        log.info(
            { store, method, rtoSeconds, rpoSeconds, problem },
            problem === undefined ? "came back whole" : "did not come back",
        );
    }
    writeMetricsFile(config);
    const { reports } = config.drill;
    if (!reports) return;
    mkdirSync(reports, { recursive: true });
    const name = join(reports, `drill-${report.at.replace(/\D/g, "").slice(0, 14)}`);
    writeFileSync(`${name}.json`, JSON.stringify(report, undefined, 2));
    writeFileSync(`${name}.svg`, chartOf(report));
    writeFileSync(`${name}.md`, markdownOf(report, `${name.slice(name.lastIndexOf("/") + 1)}.svg`));
}
