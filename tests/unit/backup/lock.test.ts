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
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { BackupError, EXIT } from "../../../packages/backup/src/errors";
import { withLock } from "../../../packages/backup/src/lock";

const OWN = `${readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim()} ${readlinkSync("/proc/self/ns/pid")}`;

describe("one run a store", () => {
    let directory: string;
    beforeEach(() => (directory = mkdtempSync(join(tmpdir(), "lock-"))));
    afterEach(() => rmSync(directory, { recursive: true }));

    const hold = (holder: object, ageSeconds = 0) => {
        mkdirSync(directory, { recursive: true });
        const file = join(directory, "postgres.lock");
        writeFileSync(file, JSON.stringify({ operation: "backup", since: "then", ...holder }));
        const at = new Date(Date.now() - ageSeconds * 1000);
        utimesSync(file, at, at);
    };
    const attempt = () =>
        withLock(directory, "postgres", "test", () => Promise.resolve("done")).catch((error: BackupError) => error);

    test("another run is refused while one holds the store, and other stores are free", async () => {
        const outcome = await withLock(directory, "postgres", "first", async () => {
            expect(await withLock(directory, "redis", "other", () => Promise.resolve("free"))).toBe("free");
            return attempt();
        });
        expect(outcome).toBeInstanceOf(BackupError);
        expect((outcome as BackupError).exit).toBe(EXIT.busy);
        expect((outcome as BackupError).message).toContain("first since");
        expect(await attempt()).toBe("done");
        expect(existsSync(join(directory, "postgres.lock"))).toBe(false);
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
