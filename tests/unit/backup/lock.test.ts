import {
    existsSync,
    mkdirSync,
    mkdtempSync,
    readFileSync,
    readlinkSync,
    rmSync,
    utimesSync,
    writeFileSync,
} from "node:fs";
import { hostname, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { BackupError, EXIT } from "../../../packages/backup/src/errors";
import { type Locks, withLock } from "../../../packages/backup/src/lock";

const OWN = `${readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim()} ${readlinkSync("/proc/self/ns/pid")}`;

describe("one run a store", () => {
    let directory: string;
    beforeEach(() => (directory = mkdtempSync(join(tmpdir(), "lock-"))));
    afterEach(() => rmSync(directory, { recursive: true }));

    const locks = (lockWaitSeconds: number): Locks => ({ stateDirectory: directory, lockWaitSeconds });
    const lockFile = () => join(directory, "locks", "postgres.lock");
    const hold = (holder: object, ageSeconds = 0) => {
        const file = lockFile();
        mkdirSync(dirname(file), { recursive: true });
        writeFileSync(file, JSON.stringify({ operation: "backup", since: "then", ...holder }));
        const at = new Date(Date.now() - ageSeconds * 1000);
        utimesSync(file, at, at);
    };
    const attempt = () =>
        withLock(locks(0), "postgres", "test", () => Promise.resolve("done")).catch((error: BackupError) => error);

    test("another run is refused while one holds the store, and other stores are free", async () => {
        const outcome = await withLock(locks(0), "postgres", "first", async () => {
            expect(await withLock(locks(0), "redis", "other", () => Promise.resolve("free"))).toBe("free");
            return attempt();
        });
        expect(outcome).toBeInstanceOf(BackupError);
        expect((outcome as BackupError).exit).toBe(EXIT.busy);
        expect((outcome as BackupError).message).toContain("first since");
        expect(await attempt()).toBe("done");
        expect(existsSync(lockFile())).toBe(false);
    });

    test("another run waits as long as it may, and comes next", async () => {
        const order: string[] = [];
        const first = withLock(locks(0), "postgres", "first", async () => {
            await sleep(50);
            order.push("first");
        });
        await withLock(locks(60), "postgres", "second", async () => void order.push("second"));
        await first;
        expect(order).toEqual(["first", "second"]);
    });

    test("a wait ends when it is called off", async () => {
        await withLock(locks(0), "postgres", "first", async () => {
            const calledOff = new AbortController();
            const waiting = withLock(locks(3600), "postgres", "second", () => Promise.resolve(), calledOff.signal);
            calledOff.abort();
            await expect(waiting).rejects.toThrow("postgres is busy: first since");
        });
    });

    test("the lock of a process that is gone from this container is broken, also if its number is in use again", async () => {
        hold({ host: hostname(), space: OWN, pid: 2 ** 22 + 1, started: "1" });
        expect(await attempt()).toBe("done");
        hold({ host: hostname(), space: OWN, pid: process.pid, started: "another start" });
        expect(await attempt()).toBe("done");
    });

    test("the lock of another container, also of this one's name, is broken only when nothing has been heard of it for a while", async () => {
        hold({ host: hostname(), space: "another container of this name", pid: 1, started: "1" }, 60);
        expect((await attempt()) as BackupError).toBeInstanceOf(BackupError);
        hold({ host: hostname(), space: "another container of this name", pid: 1, started: "1" }, 100);
        expect(await attempt()).toBe("done");
    });
});
