/**
 * The write-ahead log on its way to the repository: pg_receivewal over a replication slot into a spool on the state volume, and from there every
 * few seconds into a repository of its own, so that pruning the other one never holds it up. A snapshot holds the whole spool; once a snapshot
 * holds enough whole segments they leave the spool, and the next generation begins.
 */
import { mkdirSync, readdirSync, renameSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import type { BackupConfig } from "../../config";
import type { PostgresConfig } from "../../config.stores";
import { BackupError, EXIT } from "../../errors";
import { setGauge } from "../../gauges";
import { log } from "../../log";
import { run } from "../../process";
import { Repository } from "../../repository/repository";
import { cacheOf } from "../../repository/open";
import { libpq, literal, stackServer, withClient } from "./connect";

/** Whole segments that a generation ends with; 256 MiB with segments of 16. */
const GENERATION_SEGMENTS = 16;
const RETRY_MS = 5_000;

export function walRepository(
    config: BackupConfig,
    options: { signal?: AbortSignal; deletes?: boolean } = {},
): Repository {
    return new Repository({ config: config.repository, cacheDirectory: cacheOf(config), folder: "wal", ...options });
}

/** Receives and ships until it is stopped; what goes wrong is logged, shown in the metrics and tried again. */
export async function streamLog(
    config: BackupConfig,
    name: string,
    store: PostgresConfig,
    signal: AbortSignal,
): Promise<void> {
    const spool = join(config.stateDirectory, "wal", name);
    mkdirSync(spool, { recursive: true });
    const shipper = new Shipper(config, name, store, spool);
    const receiving = repeat(signal, `receiving the log of ${name}`, () => receive(store, spool, shipper, signal));
    const shipping = repeat(signal, `shipping the log of ${name}`, async () => {
        while (!signal.aborted) {
            await shipper.ship();
            await sleep(store.wal!.shipSeconds * 1000, undefined, { signal }).catch(() => undefined);
        }
    });
    await Promise.all([receiving, shipping]);
}

async function repeat(signal: AbortSignal, what: string, action: () => Promise<void>): Promise<void> {
    while (!signal.aborted) {
        try {
            await action();
        } catch (error) {
            if (signal.aborted) return;
            const remedy = error instanceof BackupError ? error.remedy : undefined;
            log.error(
                { err: error instanceof BackupError ? undefined : error, remedy },
                `${what}: ${(error as Error).message}`,
            );
        }
        await sleep(RETRY_MS, undefined, { signal }).catch(() => undefined);
    }
}

const failure = {
    exit: EXIT.store,
    remedy: "Look whether Postgres runs with wal_level=replica and has free max_wal_senders and max_replication_slots; it is tried again.",
};

/** Until the connection ends. */
async function receive(store: PostgresConfig, spool: string, shipper: Shipper, signal: AbortSignal): Promise<void> {
    const { slot } = store.wal!;
    const server = stackServer(store);
    const state = await slotState(store);
    if (state === "lost") {
        log.error(
            { slot },
            "the server has thrown away log that was not received: there is a gap, and only a new backup closes it",
        );
        await withClient(server, store.database, (client) =>
            client.query(`SELECT pg_drop_replication_slot(${literal(slot)})`),
        );
    }
    if (state !== "there") {
        // What is in the spool is of before the gap, or of a cluster that a restore has replaced, and the new slot begins elsewhere.
        await shipper.ship();
        for (const name of readdirSync(spool)) rmSync(join(spool, name));
    }
    await run("pg_receivewal", ["--slot", slot, "--create-slot", "--if-not-exists"], failure, {
        env: libpq(server),
        signal,
    });
    await run("pg_receivewal", ["--directory", spool, "--slot", slot, "--no-loop", "--status-interval=5"], failure, {
        env: libpq(server),
        signal,
    });
}

async function slotState(store: PostgresConfig): Promise<"there" | "lost" | "missing"> {
    return withClient(stackServer(store), store.database, async (client) => {
        const { rows } = await client.query<{ status: string | null }>(
            "SELECT wal_status AS status FROM pg_replication_slots WHERE slot_name = $1",
            [store.wal!.slot],
        );
        if (rows.length === 0) return "missing";
        return rows[0]!.status === "lost" ? "lost" : "there";
    });
}

class Shipper {
    private readonly repository: Repository;
    private generation = "";
    private shipped = "";
    /** Whole segments that this generation's last snapshot holds. */
    private held: string[] = [];
    private ready = false;
    private queue: Promise<void> = Promise.resolve();

    constructor(
        private readonly config: BackupConfig,
        private readonly name: string,
        private readonly store: PostgresConfig,
        private readonly spool: string,
    ) {
        this.repository = walRepository(config);
    }

    /** Uploads what has changed; one call after another. */
    ship(): Promise<void> {
        const next = this.queue.then(() => this.upload());
        this.queue = next.catch(() => undefined);
        return next;
    }

    private async upload(): Promise<void> {
        await this.measure();
        const files = readdirSync(this.spool).sort();
        const state = files.map((file) => `${file} ${statSync(join(this.spool, file)).mtimeMs}`).join("\n");
        // Segments that are finished before the upload, and so are whole in it.
        const whole = files.filter((file) => !file.endsWith(".partial"));
        if (files.length > 0 && state !== this.shipped) {
            if (!this.ready) {
                await this.repository.ensure();
                await this.repository.unlock();
                this.ready = true;
            }
            // A snapshot stands for the earlier ones of its generation only while nothing has left the spool.
            if (this.generation === "" || this.held.some((file) => !files.includes(file)))
                this.generation = new Date().toISOString().replace(/\D/g, "");
            const tags = [`store:${this.name}`, `generation:${this.generation}`, `last:${files.at(-1)!.slice(0, 24)}`];
            await this.repository.tree(this.spool, tags, { tolerate: isRenamed });
            this.shipped = state;
            this.held = whole;
            if (whole.length >= GENERATION_SEGMENTS) {
                for (const file of whole) rmSync(join(this.spool, file));
                this.generation = "";
                this.held = [];
            }
        }
        this.gauge(
            "wal_shipped_timestamp_seconds",
            "When all of the log that had been received was in the repository.",
            Date.now() / 1000,
        );
    }

    private async measure(): Promise<void> {
        await withClient(stackServer(this.store), this.store.database, async (client) => {
            const { rows } = await client.query<{ bytes: string | null }>(
                "SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), restart_lsn) AS bytes FROM pg_replication_slots WHERE slot_name = $1",
                [this.store.wal!.slot],
            );
            if (rows[0]?.bytes != null)
                this.gauge(
                    "slot_retained_bytes",
                    "Log that the server keeps for the replication slot.",
                    Number(rows[0].bytes),
                );
        }).catch((error: Error) => {
            // A server that is down must not keep what has been received from being shipped.
            log.warn({ store: this.name }, `the slot cannot be measured: ${error.message}`);
        });
    }

    private gauge(name: string, help: string, value: number): void {
        setGauge(this.config.stateDirectory, { name, help, labels: { store: this.name }, value });
    }
}

/** A segment that became whole meanwhile has lost its `.partial`; the next upload has it. */
function isRenamed(item: string, message: string): boolean {
    return item.endsWith(".partial") && /no such file or directory/.test(message);
}

interface WalSnapshot {
    id: string;
    generation: string;
    last: string;
}

/** The newest snapshot of each generation, oldest first. */
async function generations(
    repository: Repository,
    name: string,
): Promise<{ newest: WalSnapshot[]; superseded: string[] }> {
    const newest = new Map<string, WalSnapshot>();
    const superseded: string[] = [];
    for (const { id, tags = [] } of await repository.snapshots([`store:${name}`])) {
        const value = (key: string) => tags.find((tag) => tag.startsWith(`${key}:`))?.slice(key.length + 1) ?? "";
        const earlier = newest.get(value("generation"));
        if (earlier) superseded.push(earlier.id);
        newest.set(value("generation"), { id, generation: value("generation"), last: value("last") });
    }
    return { newest: [...newest.values()].sort((a, b) => (a.generation < b.generation ? -1 : 1)), superseded };
}

/** Puts everything that was shipped since a segment into a folder. */
export async function fetchLog(
    config: BackupConfig,
    name: string,
    first: string,
    target: string,
    scratch: string,
    signal: AbortSignal,
): Promise<void> {
    const repository = walRepository(config, { signal });
    const { newest } = await generations(repository, name);
    // Names within one timeline sort as they follow each other; a later timeline sorts after.
    for (const { id, last } of newest.filter((one) => one.last.slice(8) >= first.slice(8))) {
        const fetched = join(scratch, `wal-${id}`);
        await repository.restore(id, fetched);
        for (const file of readdirSync(fetched)) renameSync(join(fetched, file), join(target, file));
        log.info({ store: name, last }, "fetched log");
    }
}

/** Removes snapshots that a later one of their generation holds too, and generations that end before the oldest backup begins. */
export async function pruneLog(
    config: BackupConfig,
    name: string,
    oldest: string,
    signal?: AbortSignal,
): Promise<void> {
    const repository = walRepository(config, { signal, deletes: true });
    await repository.unlock();
    const { newest, superseded } = await generations(repository, name);
    const over = newest.filter((one) => one.last.slice(8) < oldest.slice(8)).map(({ id }) => id);
    await repository.forget([...superseded, ...over]);
    if (superseded.length + over.length > 0) await repository.prune();
}
