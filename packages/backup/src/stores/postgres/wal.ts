/**
 * The write-ahead log on its way to the repository. A replication slot keeps it in the server; every few seconds what is new is copied from
 * the mounted data directory into a spool, and the spool stored in a repository of its own, so that pruning the other one never holds it
 * up. A snapshot holds the whole spool; once one holds enough whole segments they leave the spool and the server, and the next generation
 * begins.
 */
import { copyFileSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import type { Client } from "pg";

import type { BackupConfig } from "../../config";
import type { PostgresConfig } from "../../config.stores";
import { BackupError } from "../../errors";
import { setGauge } from "../../gauges";
import { log } from "../../log";
import type { Repository } from "../../repository/repository";
import { stackServer, withClient } from "./connect";
import { segmentSize, systemOf } from "./physical";
import { parseSegment, segmentsBetween } from "./segments";
import { logRepository } from "./shipped-log";

/** Whole segments that a generation ends with; 256 MiB with segments of 16. */
const GENERATION_SEGMENTS = 16;

/** The segment that is being written to; Postgres' own name for such a copy. */
const PARTIAL = ".partial";

/** Ships until it is stopped; what goes wrong is logged, shown in the metrics by an older time, and tried again. */
export async function streamLog(
    config: BackupConfig,
    name: string,
    store: PostgresConfig,
    signal: AbortSignal,
): Promise<void> {
    const shipper = new Shipper(config, name, store);
    while (!signal.aborted) {
        try {
            await shipper.ship();
        } catch (error) {
            const remedy = error instanceof BackupError ? error.remedy : undefined;
            log.error(
                { store: name, remedy, err: remedy ? undefined : error },
                `shipping the log: ${(error as Error).message}`,
            );
        }
        await sleep(store.wal!.shipSeconds * 1000, undefined, { signal }).catch(() => undefined);
    }
}

interface Position {
    /** The cluster, by Postgres' own number. */
    system: string;
    /** Segments that the slot begins with and that the server writes to. */
    first: string;
    current: string;
    segmentBytes: number;
}

class Shipper {
    private readonly repository: Repository;
    private readonly spool: string;
    private generation = "";
    /** What the last snapshot holds: files with their times, and the whole segments of this generation. */
    private shipped = "";
    private held: string[] = [];
    /** Times of the files that the spool has copies of. */
    private readonly copied = new Map<string, number>();
    private ready = false;

    constructor(
        private readonly config: BackupConfig,
        private readonly name: string,
        private readonly store: PostgresConfig,
    ) {
        this.repository = logRepository(config);
        this.spool = join(config.stateDirectory, "wal", name);
        mkdirSync(this.spool, { recursive: true });
    }

    /** Uploads what has changed since the last time. */
    async ship(): Promise<void> {
        await withClient(stackServer(this.store), this.store.database, async (client) => {
            const began = Date.now();
            const position = await this.position(client);
            this.collect(position);
            await this.upload(position);
            await this.release(client, position);
            this.gauge(
                "wal_shipped_timestamp_seconds",
                "Everything that was committed before is in the repository.",
                began / 1000,
            );
        });
    }

    /**
     * Where the slot and the server are; makes the slot. A slot that the server gave up means a gap, which the next backup of files closes.
     */
    private async position(client: Client): Promise<Position> {
        const { slot } = this.store.wal!;
        const find = () =>
            client.query<{ status: string | null }>(
                "SELECT wal_status AS status FROM pg_replication_slots WHERE slot_name = $1",
                [slot],
            );
        let found = (await find()).rows[0];
        if (found?.status === "lost") {
            log.error(
                { store: this.name, slot },
                "the server threw log away before it was shipped: there is a gap until the next backup of files",
            );
            await client.query("SELECT pg_drop_replication_slot($1)", [slot]);
            found = undefined;
        }
        if (!found) {
            // What is in the spool was shipped, or is of a cluster that a restore has replaced.
            for (const name of readdirSync(this.spool)) rmSync(join(this.spool, name));
            await client.query("SELECT pg_create_physical_replication_slot($1, true)", [slot]);
        }
        const { rows } = await client.query<{ first: string; current: string; retained: string }>(
            `SELECT pg_walfile_name(restart_lsn) AS first, pg_walfile_name(pg_current_wal_lsn()) AS current,
                    pg_wal_lsn_diff(pg_current_wal_lsn(), restart_lsn) AS retained
             FROM pg_replication_slots WHERE slot_name = $1`,
            [slot],
        );
        const { first, current, retained } = rows[0]!;
        this.gauge("slot_retained_bytes", "Log that the server keeps for the replication slot.", Number(retained));
        return { system: await systemOf(client), first, current, segmentBytes: await segmentSize(client) };
    }

    /** Copies what the spool has not: segments that are whole once, the one that is written to whenever it has changed. */
    private collect({ first, current, segmentBytes }: Position): void {
        const source = join(this.store.dataDirectory!, "pg_wal");
        const there = new Set(readdirSync(this.spool));
        for (const name of segmentsBetween(first, current, segmentBytes)) {
            const target = name === current ? `${name}${PARTIAL}` : name;
            if (there.has(name)) continue;
            const from = join(source, name);
            const { mtimeMs } = statSync(from);
            const to = join(this.spool, target);
            if (target !== name && there.has(target) && this.copied.get(target) === mtimeMs) continue;
            copyFileSync(from, `${to}.new`);
            renameSync(`${to}.new`, to);
            // A write within the same tick of the clock would not show; then it is copied once more.
            if (mtimeMs < Date.now() - 1000) this.copied.set(target, mtimeMs);
            if (target === name) rmSync(`${to}${PARTIAL}`, { force: true });
        }
        for (const name of readdirSync(source).filter((one) => one.endsWith(".history") && !there.has(one))) {
            copyFileSync(join(source, name), join(this.spool, name));
        }
    }

    private async upload({ system }: Position): Promise<void> {
        const files = readdirSync(this.spool).sort();
        const state = files.map((file) => `${file} ${statSync(join(this.spool, file)).mtimeMs}`).join("\n");
        if (state === this.shipped) return;
        if (!this.ready) {
            await this.repository.prepare();
            this.ready = true;
        }
        // A snapshot stands for the earlier ones of its generation only while nothing has left the spool.
        const continues = this.generation !== "" && this.held.every((file) => files.includes(file));
        if (!continues) this.generation = new Date().toISOString().replace(/\D/g, "");
        const segments = files.filter((file) => parseSegment(file, 1) !== undefined);
        const tags = [
            `store:${this.name}`,
            `generation:${this.generation}`,
            `last:${segments.at(-1)?.slice(0, 24) ?? ""}`,
            `system:${system}`,
        ];
        await this.repository.tree(this.spool, tags);
        this.shipped = state;
        this.held = segments.filter((file) => !file.endsWith(PARTIAL));
    }

    /** Lets the server remove segments that are in the repository, and ends a generation that is large enough. */
    private async release(client: Client, { first, current, segmentBytes }: Position): Promise<void> {
        const from = parseSegment(first, segmentBytes)!.number;
        const to = parseSegment(current, segmentBytes)!.number;
        if (to > from)
            await client.query("SELECT pg_replication_slot_advance($1, $2::pg_lsn)", [
                this.store.wal!.slot,
                lsnOf(to * segmentBytes),
            ]);
        if (this.held.length < GENERATION_SEGMENTS) return;
        for (const file of this.held) rmSync(join(this.spool, file));
        this.held = [];
        this.generation = "";
    }

    private gauge(name: string, help: string, value: number): void {
        setGauge(this.config.stateDirectory, { name, help, labels: { store: this.name }, value });
    }
}

/** `16/B374D848`: the upper and the lower half, in hexadecimal digits. */
function lsnOf(bytes: number): string {
    return `${Math.floor(bytes / 0x1_0000_0000).toString(16)}/${(bytes % 0x1_0000_0000).toString(16)}`.toUpperCase();
}
