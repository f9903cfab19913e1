/** `backup schedule`: one process that starts what is due, serves the metrics and ships the write-ahead log. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import type { BackupConfig } from "../config";
import { drill } from "../drill/drill";
import { BackupError } from "../errors";
import { readHistory, recordRun } from "../history";
import { log } from "../log";
import { serveMetrics, writeMetricsFile } from "../metrics";
import { prune } from "../prune";
import { runBackup } from "../run";
import { dueRuns, lastPlanned, nextPlanned } from "./due";

/** A clock that was set, or a machine that slept, is noticed within so long. */
const LOOK_AGAIN_MS = 30_000;
/** A failed run is tried again after so long, until the next planned one. */
const RETRY_MS = 10 * 60_000;

/**
 * @throws what no run catches, such as a full state volume; the companions have ended by then, so that the process ends too and says why
 */
export async function runSchedule(
    config: BackupConfig,
    signal: AbortSignal,
    companions: ((signal: AbortSignal) => Promise<void>)[],
): Promise<void> {
    const since = firstStart(config);
    const server = await serveMetrics(config);
    const over = new AbortController();
    const running = companions.map((companion) => companion(AbortSignal.any([signal, over.signal])));
    log.info({ stores: Object.keys(config.stores), timeZone: config.timeZone }, "waiting for what the schedules plan");
    try {
        while (!signal.aborted) {
            await runDue(config, since, signal);
            await drillIfDue(config, since, signal);
            const next = nextPlanned(
                Object.values(config.stores).flatMap(({ schedules }) => schedules.map(({ cron }) => cron)),
                new Date(),
                config.timeZone,
            );
            const wait = Math.min(LOOK_AGAIN_MS, next ? Math.max(next.getTime() - Date.now(), 200) : LOOK_AGAIN_MS);
            await sleep(wait, undefined, { signal }).catch(() => undefined);
        }
    } finally {
        server.close();
        over.abort();
        await Promise.all(running);
    }
}

/** Runs one after another what is due, and what failed a while ago; then removes what is no longer needed. */
async function runDue(config: BackupConfig, since: Date, signal: AbortSignal): Promise<void> {
    let succeeded = 0;
    for (const [store, { schedules }] of Object.entries(config.stores)) {
        const history = readHistory(config.stateDirectory);
        const lastStart = (tier: string): Date | undefined => {
            const one = history[`${store}/${tier}`];
            if (!one) return undefined;
            const failedLast = (one.lastFailure ?? 0) >= Math.max(one.lastSuccess ?? 0, 1);
            const again = failedLast && Date.now() - one.lastFailure! * 1000 > RETRY_MS;
            // Neither: the container was killed meanwhile, or another process is at it, which its lock will say.
            const interrupted = one.lastStart > Math.max(one.lastSuccess ?? 0, one.lastFailure ?? 0);
            return again || interrupted
                ? new Date((one.lastSuccess ?? since.getTime() / 1000) * 1000)
                : new Date(one.lastStart * 1000);
        };
        for (const { schedule } of dueRuns(schedules, lastStart, since, new Date(), config.timeZone)) {
            if (signal.aborted) return;
            try {
                await runBackup(config, { store, tier: schedule.name, kind: schedule.kind, signal });
                succeeded += 1;
            } catch (error) {
                logFailure(error, { store, tier: schedule.name });
            }
            writeMetricsFile(config);
        }
    }
    // Only after something new has been verified; the retention itself keeps the newest, whatever happens.
    if (succeeded > 0)
        await prune(config, signal).catch((error: unknown) => logFailure(error, { store: "(all)", tier: "prune" }));
}

/** As the stores' runs: one that was missed is made up for, and one that failed is not tried again before the next. */
async function drillIfDue(config: BackupConfig, since: Date, signal: AbortSignal): Promise<void> {
    const { cron } = config.drill;
    if (!cron || signal.aborted) return;
    const started = readHistory(config.stateDirectory)["(all)/drill"]?.lastStart;
    const planned = lastPlanned(cron, new Date(), config.timeZone);
    if (!planned || planned.getTime() <= (started ? started * 1000 : since.getTime())) return;
    const lastStart = Math.floor(Date.now() / 1000);
    await recordRun(config.stateDirectory, "(all)/drill", () => ({ lastStart }));
    await drill(config, { signal }).catch((error: unknown) => logFailure(error, { store: "(all)", tier: "drill" }));
}

function logFailure(error: unknown, what: Record<string, string>): void {
    if (error instanceof BackupError) log.error({ ...what, exit: error.exit, remedy: error.remedy }, error.message);
    else log.fatal({ ...what, err: error }, "a bug of the toolbox");
}

/** When this state volume was first used: nothing was missed before. */
function firstStart(config: BackupConfig): Date {
    const file = join(config.stateDirectory, "since");
    mkdirSync(config.stateDirectory, { recursive: true });
    if (!existsSync(file)) writeFileSync(file, new Date().toISOString());
    return new Date(readFileSync(file, "utf8").trim());
}
