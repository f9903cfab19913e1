import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { needsDocker } from "../docker/support/docker";
import { recovered, strictest, writePage } from "../support/recovery-page";
import { exec, Lab, must, PASSWORD } from "./support/lab";

const RETENTION = { days: 7 };

describe("Redis, SQLite and files", { timeout: 1_200_000 }, () => {
    needsDocker();
    const lab = new Lab();
    const mounts = ["-v", `${lab.volume("redis")}:/stores/redis`, "-v", `${lab.volume("app")}:/stores/app`];
    const hourly = [{ name: "hourly", cron: "0 * * * *", kind: "snapshot" as const }];

    const startRedis = () =>
        lab.server(
            "redis",
            "redis-7",
            ["-v", `${lab.volume("redis")}:/data`],
            ["redis-server", "--requirepass", PASSWORD, "--appendonly", "yes", "--save", "60 1"],
        );
    const redis = (...command: string[]) =>
        lab.exec("redis", ["redis-cli", "--no-auth-warning", "-a", PASSWORD, ...command]);
    const stopRedis = () => must("docker", ["rm", "-f", "-v", lab.container("redis")]);
    const digest = async () => {
        // The canary comes with each backup and has another value in each.
        await redis("DEL", "groundwork:backup:canary");
        return {
            keys: (await redis("DBSIZE")).trim(),
            sample: (await redis("LRANGE", "list", "0", "-1")).trim(),
            other: (await redis("-n", "3", "HGETALL", "hash")).trim(),
        };
    };

    beforeAll(async () => {
        await lab.open(["redis-7", "s3"]);
        await lab.useBucket();
        await startRedis();
        await lab.ready("redis", ["redis-cli", "--no-auth-warning", "-a", PASSWORD, "PING"]);
        await lab.exec("redis", [
            "redis-cli",
            "--no-auth-warning",
            "-a",
            PASSWORD,
            "EVAL",
            "for i = 1, 5000 do redis.call('SET', 'key:' .. i, string.rep('value' .. i, 3)) end return 1",
            "0",
        ]);
        await redis("RPUSH", "list", "a", "b", "c");
        await redis("SET", "short-lived", "1", "EX", "3600");
        await redis("-n", "3", "HSET", "hash", "field", "value");
        await lab.shell(
            `mkdir -p /stores/app/projects/deep && cd /stores/app && echo one > projects/a && echo two > projects/deep/b && ln -s a projects/link && ln -s deep projects/there && ln -s .. projects/deep/back
             chmod 600 projects/a && head -c 300000 /dev/urandom > projects/deep/random
             sqlite3 app.db "PRAGMA journal_mode=WAL; CREATE TABLE task (id INTEGER PRIMARY KEY, name TEXT); WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i < 3000) INSERT INTO task SELECT i, 'task ' || i FROM n;"
             chown -R 999:999 /stores/app; chown 999:1234 projects/deep/b || true`,
            mounts,
        );
        lab.config({
            stores: {
                redis: {
                    driver: "redis",
                    host: "redis",
                    passwordFile: "/lab/secrets/store-password",
                    dataDirectory: "/stores/redis",
                    schedules: hourly,
                    retention: RETENTION,
                },
                sqlite: { driver: "sqlite", file: "/stores/app/app.db", schedules: hourly, retention: RETENTION },
                projects: {
                    driver: "files",
                    directory: "/stores/app/projects",
                    schedules: hourly,
                    retention: RETENTION,
                },
            },
        });
    }, 1_800_000);
    afterAll(async () => {
        await lab.close();
        await writePage();
    });

    test("run all backs each of them up, and verify reads each back", async () => {
        const ids = (await lab.mustBackup(["run", "all", "--tier", "hourly"], mounts)).trim().split("\n");
        expect(ids.map((id) => id.split("-").slice(1).join("-"))).toEqual([
            "projects-files",
            "redis-snapshot",
            "sqlite-copy",
        ]);
        expect((await lab.mustBackup(["verify"], mounts)).trim().split("\n").sort()).toEqual([...ids].sort());
    });

    test("Redis with append-only files comes back with every key, and the restore can be undone", async () => {
        const before = await digest();
        await lab.mustBackup(["run", "redis"], mounts);
        await redis("FLUSHALL");
        await redis("SET", "since", "then");
        await lab.mustBackup(["restore", "redis"], mounts);
        expect((await redis("GET", "since")).trim(), "the live data until the swap").toBe("then");

        const early = await lab.backup(["restore", "redis", "--swap"], mounts);
        expect(early.code).toBe(3);
        expect(early.stderr).toContain("redis is running");

        await stopRedis();
        await lab.mustBackup(["restore", "redis", "--swap"], mounts);
        await startRedis();
        await lab.ready("redis", ["redis-cli", "--no-auth-warning", "-a", PASSWORD, "PING"]);
        // The canary of the last backup came back with it.
        expect(Number((await redis("TTL", "groundwork:backup:canary")).trim())).toBeGreaterThan(0);
        expect(await digest()).toEqual(before);
        // Written to the append-only files that the restore made, and still there after another start.
        await redis("SET", "later", "on");
        await must("docker", ["restart", lab.container("redis")]);
        await lab.ready("redis", ["redis-cli", "--no-auth-warning", "-a", PASSWORD, "PING"]);
        expect((await redis("GET", "later")).trim()).toBe("on");

        await stopRedis();
        await lab.mustBackup(["restore", "redis", "--undo"], mounts);
        await startRedis();
        await lab.ready("redis", ["redis-cli", "--no-auth-warning", "-a", PASSWORD, "PING"]);
        expect((await redis("GET", "since")).trim()).toBe("then");
    });

    test("Redis comes back from append-only files that it cannot read any more", async () => {
        await redis("SET", "kept", "1");
        const before = await digest();
        await lab.mustBackup(["run", "redis"], mounts);
        await stopRedis();
        await lab.shell(
            `for file in /stores/redis/appendonlydir/*.aof /stores/redis/appendonlydir/*.rdb; do [ -e "$file" ] && printf 'rubbish rubbish' | dd of="$file" bs=1 seek=10 conv=notrunc status=none; done; true`,
            mounts,
        );
        const began = Date.now();
        await startRedis();
        expect((await must("docker", ["wait", lab.container("redis")])).trim(), "it refuses to start").toBe("1");
        await must("docker", ["rm", "-v", lab.container("redis")]);
        await lab.mustBackup(["restore", "redis", "--no-safety-copy"], mounts);
        await lab.mustBackup(["restore", "redis", "--swap"], mounts);
        await startRedis();
        await lab.ready("redis", ["redis-cli", "--no-auth-warning", "-a", PASSWORD, "PING"]);
        expect(await digest()).toEqual(before);
        recovered({
            scenario: "Redis: bytes flipped in the append-only files",
            objective: strictest("database-corruption"),
            rtoSeconds: (Date.now() - began) / 1000,
            // Compared above: nothing is missing.
            rpoSeconds: 0,
        });
    });

    test("a SQLite database in WAL mode comes back without the changes since, and the restore can be undone", async () => {
        const rows = (file = "app.db") =>
            lab.shell(`sqlite3 /stores/app/${file} 'SELECT count(*), sum(length(name)) FROM task'`, mounts);
        const before = await rows();
        await lab.mustBackup(["run", "sqlite"], mounts);
        await lab.mustBackup(["restore", "sqlite", "--into", "beside.db"], mounts);
        expect(await rows("beside.db")).toBe(before);
        const again = await lab.backup(["restore", "sqlite", "--into", "beside.db"], mounts);
        expect(again.stderr).toContain("there is a file /stores/app/beside.db already");
        await lab.shell("rm /stores/app/beside.db", mounts);
        await lab.shell(
            "sqlite3 /stores/app/app.db 'DELETE FROM task WHERE id > 10'; chown 999:999 /stores/app/app.db*",
            mounts,
        );
        const damaged = await rows();
        await lab.mustBackup(["restore", "sqlite"], mounts);
        expect(await rows()).toBe(damaged);
        await lab.mustBackup(["restore", "sqlite", "--swap"], mounts);
        expect(await rows()).toBe(before);
        await lab.mustBackup(["restore", "sqlite", "--undo"], mounts);
        expect(await rows()).toBe(damaged);
    });

    test("a damaged SQLite database is no backup", async () => {
        await lab.shell(
            "cd /stores/app && cp app.db good.db && printf 'rubbish rubbish rubbish' | dd of=app.db bs=1 seek=4096 conv=notrunc status=none",
            mounts,
        );
        const { code, stderr } = await lab.backup(["run", "sqlite"], mounts);
        await lab.shell("cd /stores/app && mv good.db app.db && chown 999:999 app.db", mounts);
        expect([4, 6]).toContain(code);
        expect(stderr).toMatch(/damaged|malformed/);
    });

    test("files come back with their content, owners, modes and links, and the restore can be undone", async () => {
        const list = () =>
            lab.shell(
                "cd /stores/app/projects && find . -path ./.groundwork-restore -prune -o -printf '%P %y %m %U:%G %l\\n' | sort; find . -path ./.groundwork-restore -prune -o -type f -exec sha256sum {} + | sort",
                mounts,
            );
        const before = await list();
        await lab.mustBackup(["run", "projects"], mounts);
        await lab.shell(
            "cd /stores/app/projects && rm -r deep && echo changed > a && echo new > c && chown 999:999 a c",
            mounts,
        );
        const damaged = await list();
        const asRoot = [
            ...mounts,
            "--user",
            "0:0",
            "--cap-add",
            "CHOWN",
            "--cap-add",
            "FOWNER",
            "--cap-add",
            "DAC_OVERRIDE",
        ];
        await lab.mustBackup(["restore", "projects"], asRoot);
        expect(await list()).toBe(damaged);
        await lab.mustBackup(["restore", "projects", "--swap"], asRoot);
        expect(await list()).toBe(before);
        await lab.mustBackup(["restore", "projects", "--undo"], asRoot);
        expect(await list()).toBe(damaged);
        const aside = () => lab.shell("ls -A /stores/app/projects/.groundwork-restore", mounts);
        expect(await aside()).not.toBe("");
        await lab.mustBackup(["restore", "projects", "--clear"], asRoot);
        expect(await aside()).toBe("");
        expect(await list()).toBe(damaged);
    });

    test("an empty folder is no backup", async () => {
        const { code, stderr } = await exec("docker", [
            "run",
            "--rm",
            ...lab.toolboxArgs(),
            "--tmpfs",
            "/stores/app/projects",
            lab.toolbox,
            "run",
            "projects",
        ]);
        expect(code).toBe(4);
        expect(stderr).toContain("is empty");
    });
});
