/**
 * One run a stack. The lock is a file `.<stack>.lock.<n>`; the highest number counts and is never removed, only superseded by the next
 * one. Making the next number is atomic (link), so two runs that find the same dead holder cannot both take its place.
 */
import { randomBytes } from "node:crypto";
import { linkSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { hostname, userInfo } from "node:os";
import { join } from "node:path";

import { LockedError, type LockHolder } from "../api";
import { StateError, unwritable } from "./errors";

interface LockRecord extends LockHolder {
    /** Start time of the process, so that another process with the same number is not taken for it. */
    started: string;
    /** Id of the machine's boot: process numbers start anew after it. */
    boot: string;
    released?: boolean;
}

export class StackLock {
    private generation = 0;

    constructor(
        private readonly dir: string,
        private readonly stack: string,
    ) {}

    /** @throws LockedError if another run, or one on another machine, holds the stack */
    acquire(operation: string): void {
        for (;;) {
            const latest = this.latest();
            if (latest && isHeld(latest.record)) throw new LockedError(this.stack, publicHolder(latest.record));
            if (this.supersede(latest?.generation ?? 0, ownRecord(operation))) return;
        }
    }

    release(): void {
        const latest = this.latest();
        // Someone may have unlocked the stack by hand meanwhile; then it is not ours to release.
        if (!latest || latest.generation !== this.generation) return;
        try {
            this.supersede(latest.generation, { ...latest.record, released: true });
        } catch (error) {
            // Why the run failed says more, and the lock of a process that has ended holds nobody up.
            if (!(error instanceof StateError)) throw error;
        }
    }

    /** Frees the stack whoever holds it, and says who did. */
    unlock(): LockHolder | undefined {
        for (;;) {
            const latest = this.latest();
            if (!latest || latest.record.released) return undefined;
            if (this.supersede(latest.generation, { ...latest.record, released: true }))
                return publicHolder(latest.record);
        }
    }

    private get prefix(): string {
        return `.${this.stack}.lock.`;
    }

    private generations(): number[] {
        return readdirSync(this.dir)
            .filter((name) => name.startsWith(this.prefix) && /^\d+$/.test(name.slice(this.prefix.length)))
            .map((name) => Number(name.slice(this.prefix.length)))
            .sort((a, b) => b - a);
    }

    private latest(): { generation: number; record: LockRecord } | undefined {
        for (;;) {
            const generation = this.generations()[0];
            if (generation === undefined) return undefined;
            try {
                return { generation, record: JSON.parse(readFileSync(this.path(generation), "utf8")) as LockRecord };
            } catch (error) {
                // Superseded and tidied away between listing and reading: look again.
                if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
            }
        }
    }

    private path(generation: number): string {
        return join(this.dir, this.prefix + generation);
    }

    /** Makes the next generation; false if another process was first. */
    private supersede(generation: number, record: LockRecord): boolean {
        const next = generation + 1;
        const temporary = join(this.dir, `.${this.stack}.lock-${process.pid}-${randomBytes(6).toString("hex")}`);
        try {
            writeFileSync(temporary, JSON.stringify(record), { mode: 0o600 });
            linkSync(temporary, this.path(next));
        } catch (error) {
            if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
            throw unwritable(this.dir, error);
        } finally {
            rmSync(temporary, { force: true });
        }
        // A process that slept since it looked may have made a number that was used and tidied away; the highest one counts.
        const generations = this.generations();
        if (generations[0] !== next) {
            rmSync(this.path(next), { force: true });
            return false;
        }
        this.generation = next;
        for (const old of generations.slice(1)) rmSync(this.path(old), { force: true });
        return true;
    }
}

function publicHolder({ pid, host, user, operation, since }: LockRecord): LockHolder {
    return { pid, host, user, operation, since };
}

function ownRecord(operation: string): LockRecord {
    return {
        pid: process.pid,
        host: hostname(),
        user: userInfo().username,
        operation,
        since: new Date().toISOString(),
        started: startTime(process.pid) ?? "",
        boot: bootId(),
    };
}

/** On another host nobody can tell whether the holder lives, so it counts as held. */
function isHeld(record: LockRecord): boolean {
    if (record.released) return false;
    if (record.host !== hostname()) return true;
    if (record.boot !== bootId()) return false;
    const started = startTime(record.pid);
    return started !== undefined && (started === "" || record.started === "" || started === record.started);
}

/** Undefined: no such process. Empty: it lives, but its start time cannot be told here. */
function startTime(pid: number): string | undefined {
    try {
        process.kill(pid, 0);
    } catch (error) {
        if ((error as NodeJS.ErrnoException).code === "ESRCH") return undefined;
    }
    const stat = readOptional(`/proc/${pid}/stat`);
    if (!stat) return "";
    // The second field, the command in parentheses, may hold blanks; the start time is the 22nd field.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    // A zombie has ended; only its parent does not know yet.
    return fields[0] === "Z" ? undefined : fields[19];
}

function bootId(): string {
    return readOptional("/proc/sys/kernel/random/boot_id").trim();
}

function readOptional(path: string): string {
    try {
        return readFileSync(path, "utf8");
    } catch (error) {
        if (["ENOENT", "ESRCH", "EACCES"].includes((error as NodeJS.ErrnoException).code ?? "")) return "";
        throw error;
    }
}
