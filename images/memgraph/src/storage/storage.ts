/** Keeps the graph on disk: snapshots, and a log of the transactions since. */
import { mkdirSync, readdirSync, renameSync, rmSync, truncateSync } from "node:fs";
import { join } from "node:path";

import type { Operation } from "../graph/elements";
import { Graph } from "../graph/graph";
import type { Log } from "../log";
import { readRecords } from "./records";
import { readSnapshot, writeSnapshot } from "./snapshot";
import { WriteAheadLog } from "./wal";

interface StorageOptions {
    directory: string;
    walEnabled: boolean;
    /** Snapshots that are kept. */
    retention: number;
    /** False: what is there is moved to `.backup`, and the graph begins empty. */
    recover: boolean;
    log: Log;
}

/** Digits that hold any sequence number, so that names sort as numbers do. */
const DIGITS = 20;

/** What is on disk cannot be read back to the last acknowledged transaction. The server must not start on half a graph. */
export class RecoveryError extends Error {}

export class Storage {
    readonly graph: Graph;
    /** Number of the last transaction. */
    private sequence: bigint;
    private wal: WriteAheadLog | undefined;
    private locked = false;
    private lastSnapshot: bigint;

    /** Recovers what is in the directory. @throws RecoveryError */
    constructor(private readonly options: StorageOptions) {
        mkdirSync(this.folder("snapshots"), { recursive: true });
        mkdirSync(this.folder("wal"), { recursive: true });
        if (!options.recover) this.moveAway();
        const snapshot = this.recoverSnapshot();
        this.graph = snapshot.graph;
        this.lastSnapshot = snapshot.sequence;
        this.sequence = this.replay(snapshot.sequence);
        this.wal = options.walEnabled ? this.newLog() : undefined;
    }

    /** Makes a transaction durable. @throws when the disk does not take it. */
    commit(operations: Operation[]): void {
        if (operations.length === 0) return;
        this.wal?.append(this.sequence + 1n, operations);
        this.sequence++;
    }

    /** Writes a snapshot, unless nothing has changed since the last one, and drops what it makes superfluous. */
    snapshot(): void {
        if (this.sequence === this.lastSnapshot && this.files("snapshots").length > 0) return;
        writeSnapshot(join(this.folder("snapshots"), name(this.sequence, "snapshot")), this.graph, this.sequence);
        this.lastSnapshot = this.sequence;
        if (this.wal && !this.wal.empty) {
            this.wal.close();
            this.wal = this.newLog();
        }
        if (!this.locked) this.dropOld();
    }

    /** While it is locked no file goes away, so that the directory can be copied. */
    lock(locked: boolean): void {
        this.locked = locked;
        if (!locked) this.dropOld();
    }

    close(): void {
        this.wal?.close();
        this.wal = undefined;
    }

    private folder(kind: "snapshots" | "wal"): string {
        return join(this.options.directory, kind);
    }

    /** Names and sequence numbers of the files of a kind, oldest first. */
    private files(kind: "snapshots" | "wal"): { path: string; sequence: bigint }[] {
        return readdirSync(this.folder(kind))
            .flatMap((file) => {
                const match = /^(\d+)\.(snapshot|wal)$/.exec(file);
                return match ? [{ path: join(this.folder(kind), file), sequence: BigInt(match[1]!) }] : [];
            })
            .sort((a, b) => (a.sequence < b.sequence ? -1 : 1));
    }

    private moveAway(): void {
        const target = join(this.options.directory, ".backup", new Date().toISOString().replaceAll(":", "-"));
        for (const kind of ["snapshots", "wal"] as const) {
            if (this.files(kind).length === 0) continue;
            mkdirSync(target, { recursive: true });
            renameSync(this.folder(kind), join(target, kind));
            mkdirSync(this.folder(kind));
            this.options.log.warning(`recovery is off: moved ${kind} to ${target}`);
        }
    }

    private recoverSnapshot(): { graph: Graph; sequence: bigint } {
        for (const { path } of this.files("snapshots").reverse()) {
            try {
                const snapshot = readSnapshot(path);
                this.options.log.info(`recovered snapshot ${path}`);
                return snapshot;
            } catch (error) {
                // An older one and the log since may still have everything; replay finds out.
                this.options.log.error(`snapshot ${path} cannot be used: ${(error as Error).message}`);
            }
        }
        return { graph: new Graph(), sequence: 0n };
    }

    /** Repeats the transactions after `from`; returns the number of the last one. */
    private replay(from: bigint): bigint {
        const files = this.files("wal");
        let last = from;
        for (const [index, { path }] of files.entries()) {
            const { records, wholeBytes, end } = readRecords(path);
            if (end === "corrupt" || (end === "torn" && index < files.length - 1)) {
                throw new RecoveryError(`the log ${path} is damaged after byte ${wholeBytes}: restore a backup`);
            }
            if (end === "torn") {
                // A transaction that was being written when the server died: it was never acknowledged.
                this.options.log.warning(`dropped an unfinished transaction at the end of ${path}`);
                truncateSync(path, wholeBytes);
            }
            for (const record of records) last = this.repeat(record as unknown as [bigint, Operation[]], last, path);
        }
        const known = this.files("snapshots").at(-1);
        if (known && known.sequence > last) {
            throw new RecoveryError(
                `the newest snapshot ${known.path} cannot be read, and the log ends before it: restore a backup`,
            );
        }
        this.options.log.info(`recovered ${this.graph.nodes.size} nodes, ${this.graph.edges.size} relationships`);
        return last;
    }

    private repeat([sequence, operations]: [bigint, Operation[]], last: bigint, path: string): bigint {
        if (sequence <= last) return last;
        if (sequence !== last + 1n) {
            throw new RecoveryError(
                `transactions ${last + 1n} to ${sequence - 1n} are missing before ${path}: restore a backup`,
            );
        }
        for (const operation of operations) this.graph.apply(operation);
        return sequence;
    }

    private newLog(): WriteAheadLog {
        const path = join(this.folder("wal"), name(this.sequence + 1n, "wal"));
        // One that holds no transaction; were there any, its number would be taken.
        rmSync(path, { force: true });
        return new WriteAheadLog(path);
    }

    private dropOld(): void {
        const snapshots = this.files("snapshots");
        for (const { path } of snapshots.slice(0, -this.options.retention)) rmSync(path);
        const oldest = snapshots.slice(-this.options.retention)[0];
        if (!oldest) return;
        const logs = this.files("wal");
        // A log ends where the next one begins.
        for (const [index, { path }] of logs.entries()) {
            const next = logs[index + 1];
            if (next && next.sequence <= oldest.sequence + 1n) rmSync(path);
        }
    }
}

function name(sequence: bigint, extension: string): string {
    return `${String(sequence).padStart(DIGITS, "0")}.${extension}`;
}
