import type * as Fs from "node:fs";
import {
    existsSync,
    fsyncSync,
    linkSync,
    mkdirSync,
    mkdtempSync,
    readFileSync,
    readdirSync,
    readlinkSync,
    rmSync,
    statSync,
    utimesSync,
    writeFileSync,
} from "node:fs";
import { hostname, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";

import { BackupError, EXIT } from "../../../packages/backup/src/errors";
import { type Locks, withLock } from "../../../packages/backup/src/lock";

// Another file's tests may have loaded the lock with the real one.
vi.hoisted(() => vi.resetModules());

/** Between two of its calls somebody else may do something. */
vi.mock("node:fs", async (original) => {
    const fs = await original<typeof Fs>();
    const { fsyncSync, linkSync, statSync, utimesSync } = fs;
    return {
        ...fs,
        fsyncSync: vi.fn(fsyncSync),
        linkSync: vi.fn(linkSync),
        statSync: vi.fn(statSync),
        utimesSync: vi.fn(utimesSync),
    };
});

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

    test("a lock is on the disk before it has its name", async () => {
        vi.clearAllMocks();
        expect(await attempt()).toBe("done");
        const [[flushed], [linked]] = [vi.mocked(fsyncSync), vi.mocked(linkSync)].map(
            ({ mock }) => mock.invocationCallOrder,
        ) as [number[], number[]];
        expect(flushed).toBeLessThan(linked!);
    });

    test("a lock that a power loss has emptied is broken when nothing has been heard of it for a while", async () => {
        hold({});
        writeFileSync(lockFile(), "");
        expect(((await attempt()) as BackupError).message).toContain("an unknown run since an unknown time");
        const past = new Date(Date.now() - 100_000);
        utimesSync(lockFile(), past, past);
        expect(await attempt()).toBe("done");
    });

    describe("is kept when something happens between two looks at its lock:", () => {
        const other = { host: "other", space: "another container", pid: 1, started: "1" };

        test("a lock that is released is not asked for its age", async () => {
            hold(other);
            vi.mocked(statSync).mockImplementationOnce(((path: string, options: object) => {
                rmSync(path);
                return statSync(path, options);
            }) as typeof statSync);
            expect(await attempt()).toBe("done");
        });

        test("a lock that another one has taken in place of the stale one is left", async () => {
            hold(other, 100);
            vi.mocked(statSync).mockImplementationOnce(((path: string, options: object) => {
                const stale = statSync(path, options);
                hold({ ...other, host: "winner", pid: 2, operation: "restore" });
                return stale;
            }) as typeof statSync);
            expect(await attempt()).toBeInstanceOf(BackupError);
            expect(JSON.parse(readFileSync(lockFile(), "utf8"))).toMatchObject({ host: "winner" });
            expect(readdirSync(dirname(lockFile()))).toEqual(["postgres.lock"]);
        });

        test("a stale lock that another one breaks is left to it, unless that one was killed", async () => {
            hold(other, 100);
            const breaking = `${lockFile()}.breaking`;
            writeFileSync(breaking, "");
            expect(await attempt()).toBeInstanceOf(BackupError);
            expect(JSON.parse(readFileSync(lockFile(), "utf8"))).toMatchObject({ host: "other" });
            const past = new Date(Date.now() - 100_000);
            utimesSync(breaking, past, past);
            expect(await withLock(locks(60), "postgres", "test", () => Promise.resolve("done"))).toBe("done");
            expect(readdirSync(dirname(lockFile()))).toEqual([]);
        });

        test("a run whose lock was broken leaves the lock of another run of its own process", async () => {
            await withLock(locks(0), "postgres", "first", () => {
                const own = JSON.parse(readFileSync(lockFile(), "utf8")) as object;
                hold({ ...own, id: "another" });
                return Promise.resolve();
            });
            expect(JSON.parse(readFileSync(lockFile(), "utf8"))).toMatchObject({ id: "another" });
        });

        test("a run whose lock was broken goes on, and leaves the lock of whoever has it now", async () => {
            vi.useFakeTimers();
            try {
                await withLock(locks(0), "postgres", "first", async () => {
                    rmSync(lockFile());
                    await vi.advanceTimersByTimeAsync(10_000);
                    expect(vi.mocked(utimesSync).mock.results.at(-1)!.type).toBe("throw");
                    hold(other);
                });
            } finally {
                vi.useRealTimers();
            }
            expect(JSON.parse(readFileSync(lockFile(), "utf8"))).toMatchObject({ host: "other" });
        });
    });
});
