/** What `backup` can be asked for. Each command is a line or two: the work is elsewhere. */
import { Command, Option } from "commander";

import { newestOfEach, readCatalog, readManifest } from "./catalog";
import { type BackupConfig, readConfig } from "./config";
import type { Kind } from "./config.stores";
import { drill } from "./drill/drill";
import { BackupError, EXIT } from "./errors";
import { log } from "./log";
import { currentMetrics, serveMetrics, writeMetricsFile } from "./metrics";
import { prune } from "./prune";
import { planRestore, planText } from "./restore/plan";
import {
    clearRestores,
    keptRestores,
    openForReading,
    planUndo,
    restore,
    swapPrepared,
    undoRestore,
} from "./restore/restore";
import { runBackup } from "./run";
import { runSchedule } from "./schedule/loop";
import { logStreams } from "./stores";
import { verify } from "./verify";

const CONFIG = "/etc/groundwork-backup/config.json";

interface GlobalOptions {
    config: string;
}

export function buildProgram(signal: AbortSignal): Command {
    const program = new Command("backup").description(
        "Captures, verifies, restores and drills the stores of a Groundwork stack.",
    );
    program.addOption(new Option("--config <file>", "configuration").env("GROUNDWORK_BACKUP_CONFIG").default(CONFIG));
    const config = (): BackupConfig => readConfig(program.opts<GlobalOptions>().config);
    const say = (lines: string[]): void => {
        process.stdout.write(lines.map((line) => `${line}\n`).join(""));
    };

    program
        .command("run")
        .description("back a store up now, and read it back")
        .argument("<store>", "name of a store, or all")
        .option("--tier <name>", "the schedule that this run is of", "manual")
        .addOption(
            new Option("--kind <kind>", "default: that of the tier, else logical").choices([
                "full",
                "incremental",
                "logical",
                "snapshot",
            ]),
        )
        .action(async (store: string, options: { tier: string; kind?: Kind }) => {
            const settings = config();
            const stores = store === "all" ? Object.keys(settings.stores).sort() : [store];
            await eachOf(stores, async (name) => {
                const tier = settings.stores[name]?.schedules.find((one) => one.name === options.tier);
                const manifest = await runBackup(settings, {
                    store: name,
                    tier: options.tier,
                    kind: options.kind ?? tier?.kind ?? "logical",
                    signal,
                });
                say([manifest.id]);
            });
        });

    program
        .command("list")
        .description("the backups that there are, newest first")
        .option("--store <name>")
        .option("--before <time>", "of those that were begun before that time (ISO 8601)")
        .option("--newest", "the newest of each store and method alone, without copies from before a restore", false)
        .option("--local", "of the copy on the machine", false)
        .option("--json", "with the manifests", false)
        .action(async (options: ListFlags): Promise<void> => {
            const repository = openForReading(config(), options.local, signal);
            const { backups } = await readCatalog(repository);
            const before = beforeOf(options);
            const all = backups.filter(
                ({ store, at }) =>
                    (options.store === undefined || store === options.store) && (before === undefined || at < before),
            );
            const wanted = options.newest ? newestOfEach(all) : all;
            if (options.json) {
                const manifests = [];
                for (const entry of wanted) manifests.push(await readManifest(repository, entry));
                return say([JSON.stringify(manifests)]);
            }
            say(wanted.map(({ id, at, tier }) => `${at.toISOString()}  ${tier.padEnd(20)} ${id}`));
        });

    program
        .command("verify")
        .description(
            "read backups back and compare them with their manifests; the newest of each store unless one is named",
        )
        .argument("[store]")
        .option("--at <point>", "latest, an id or a time", "latest")
        .option("--local", "of the copy on the machine", false)
        .option("--read-data", "every byte of the repository", false)
        .action(async (store: string | undefined, options: { at: string; local: boolean; readData: boolean }) => {
            say(await verify(config(), { store, ...options, signal }));
        });

    program
        .command("restore")
        .description("put a store back: beside the live data, proven, and then in its place")
        .argument("<store>")
        .option("--at <point>", "latest, an id, or a time (ISO 8601)", "latest")
        .option("--before <time>", "of the backups that were begun before that time (ISO 8601)")
        .option("--method <method>", "of which kind of backup: logical or physical (Postgres)")
        .option("--into <name>", "leave the live data as it is, and restore under this name")
        .option("--database <name>", "of Postgres: only this one")
        .option("--table <name>", "of Postgres: only this one (schema.table)")
        .option("--graph-only", "of Memgraph: nodes and relationships alone, while it runs", false)
        .option("--local", "from the copy on the machine", false)
        .option("--no-safety-copy", "where the live data cannot be read any more")
        .option("--plan", "say what would happen, and do nothing", false)
        .option("--json", "the plan as JSON on one line", false)
        .option("--run <name>", "a name for this restore, for --swap and --undo to find it by")
        .option("--swap", "with the store stopped: put the prepared restore in its place", false)
        .option("--clear", "remove what earlier restores have set aside; none of them can be undone after that", false)
        .option("--undo", "put back what the last restore replaced, or clear away what it prepared", false)
        .action(async (store: string, options: RestoreFlags): Promise<void> => {
            const which = { store, run: options.run };
            if (options.clear && options.plan) return say([JSON.stringify(keptRestores(config(), store))]);
            if (options.clear) return say(await clearRestores(config(), store, signal));
            if (options.undo && options.plan) return say([JSON.stringify(planUndo(config(), which))]);
            if (options.undo) return say(await undoRestore(config(), which, signal));
            if (options.swap) return say(await swapPrepared(config(), which, signal));
            const time = timeOf(options.at);
            const before = beforeOf(options);
            const request = { ...options, store, time, before, exact: !time && options.at !== "latest", signal };
            if (!options.plan) return say(await restore(config(), request));
            const plan = await planRestore(config(), request);
            say(options.json ? [JSON.stringify(plan)] : planText(plan));
        });

    program
        .command("drill")
        .description("restore the newest backup of every store in here, prove it, and report how long it took, as JSON")
        .option("--store <name>", "only of this one")
        .action(async ({ store }: { store?: string }) => {
            await drill(config(), { store, signal, found: (report) => say([JSON.stringify(report)]) });
        });

    program
        .command("prune")
        .description("remove what the retention no longer keeps, and free its space")
        .action(async () => {
            say(await prune(config(), signal));
        });

    program
        .command("metrics")
        .description("print the metrics, as Prometheus reads them")
        .action(() => {
            const settings = config();
            writeMetricsFile(settings);
            process.stdout.write(currentMetrics(settings));
        });

    program
        .command("schedule")
        .description("run what the schedules plan, until stopped; serve the metrics; ship write-ahead logs")
        .action(async () => {
            const settings = config();
            await runSchedule(settings, signal, logStreams(settings));
        });

    program
        .command("wal")
        .description(
            "only ship write-ahead logs, until stopped, and serve the metrics: beside CronJobs, which run the rest",
        )
        .action(async () => {
            const settings = config();
            const streams = logStreams(settings);
            if (streams.length === 0)
                throw new BackupError("no store has `wal`", {
                    exit: EXIT.configuration,
                    remedy: "Set it, or do not start this.",
                });
            const server = await serveMetrics(settings);
            await Promise.all(streams.map((stream) => stream(signal))).finally(() => server.close());
        });

    return program;
}

interface ListFlags {
    store?: string;
    before?: string;
    newest: boolean;
    local: boolean;
    json: boolean;
}

interface RestoreFlags {
    at: string;
    before?: string;
    method?: string;
    into?: string;
    database?: string;
    table?: string;
    graphOnly: boolean;
    local: boolean;
    safetyCopy: boolean;
    plan: boolean;
    json: boolean;
    run?: string;
    swap: boolean;
    undo: boolean;
    clear: boolean;
}

function timeOf(at: string): Date | undefined {
    if (!/^\d{4}-\d\d-\d\d/.test(at)) return undefined;
    const time = new Date(at);
    if (Number.isNaN(time.getTime())) throw noTime("--at", at);
    return time;
}

function beforeOf({ before }: { before?: string }): Date | undefined {
    if (before === undefined) return undefined;
    const time = timeOf(before);
    if (time === undefined) throw noTime("--before", before);
    return time;
}

function noTime(option: string, text: string): BackupError {
    return new BackupError(`${option} ${text} is no time`, {
        exit: EXIT.configuration,
        remedy: "Write it as 2026-11-24T10:32:05Z.",
    });
}

/** One store's failure does not keep the others from their backup; the first one is thrown at the end. */
async function eachOf(names: string[], action: (name: string) => Promise<void>): Promise<void> {
    const failures: unknown[] = [];
    for (const name of names) {
        try {
            await action(name);
        } catch (error) {
            if (names.length > 1 && error instanceof BackupError)
                log.error({ store: name, remedy: error.remedy }, error.message);
            failures.push(error);
        }
    }
    if (failures.length > 0) throw failures[0];
}
