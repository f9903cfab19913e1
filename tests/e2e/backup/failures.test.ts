import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { needsDocker } from "../docker/support/docker";
import { waitFor } from "../support/wait";
import { detached, Lab, must } from "./support/lab";
import { PostgresLab } from "./support/postgres";

/** None of these may end as success, and each says what to do. */
describe("what goes wrong is loud", { timeout: 1_200_000 }, () => {
    needsDocker();
    const lab = new Lab();
    const postgres = new PostgresLab(lab);
    const stores = { postgres: postgres.store() };

    beforeAll(async () => {
        await lab.open(["postgres-pgvector"]);
        await postgres.start();
        await postgres.fill();
        lab.config({ stores, lockWaitSeconds: 1 });
        await lab.mustBackup(["run", "postgres"]);
    }, 1_800_000);
    afterAll(() => lab.close());

    const fails = async (code: number, said: RegExp, args: string[], options: string[] = []) => {
        const outcome = await lab.backup(args, options);
        expect(outcome.stderr).toMatch(said);
        expect(outcome.stderr).toContain('"remedy"');
        expect(outcome.code).toBe(code);
    };
    const backups = async () => (await lab.mustBackup(["list"])).trim().split("\n").length;
    /** A program of this name that does something else comes first in the path. */
    const instead = async (program: string, script: string) => {
        await lab.shell(
            `mkdir -p /repository/bin && printf '%s\\n' '#!/bin/sh' '${script}' > /repository/bin/${program} && chmod -R a+rx /repository/bin`,
        );
        return ["-e", "PATH=/repository/bin:/usr/lib/postgresql/17/bin:/usr/local/bin:/usr/bin:/bin"];
    };
    const noMore = () => lab.shell("rm -rf /repository/bin");
    /** Until a run has the lock of Postgres' backups. */
    const locked = () =>
        waitFor(async () => (await lab.shell("ls /var/lib/groundwork-backup/locks")).includes("postgres.lock"), {
            what: "a lock of the run",
            seconds: 300,
        });

    test("a wrong passphrase", async () => {
        lab.secret("repository-password", "another one");
        try {
            await fails(5, /does not open with this password/, ["run", "postgres"]);
        } finally {
            lab.secret("repository-password", "a password of the repository");
        }
    });

    test("a dump of no bytes, and one that ends in the middle", async () => {
        const before = await backups();
        const real = "/usr/lib/postgresql/17/bin/pg_dump";
        try {
            await fails(
                6,
                /wrote nothing/,
                ["run", "postgres"],
                await instead("pg_dump", `case "$1" in --version) exec ${real} "$@";; esac; exit 0`),
            );
            await fails(
                6,
                /cannot read it to its end/,
                ["run", "postgres"],
                await instead(
                    "pg_dump",
                    `case "$1" in --version) exec ${real} "$@";; esac; ${real} "$@" | head -c 100000; exit 0`,
                ),
            );
            await fails(
                5,
                /storing database/,
                ["run", "postgres"],
                await instead(
                    "pg_dump",
                    `case "$1" in --version) exec ${real} "$@";; esac; ${real} "$@" | head -c 100000; exit 1`,
                ),
            );
        } finally {
            await noMore();
        }
        expect(await backups()).toBe(before);
    });

    test("a server that is newer than the client", async () => {
        try {
            await fails(
                4,
                /the server is Postgres 17 and pg_dump here is 15/,
                ["run", "postgres"],
                await instead("pg_dump", 'echo "pg_dump (PostgreSQL) 15.1"'),
            );
        } finally {
            await noMore();
        }
    });

    test("a server that does not answer, and a password that it refuses", async () => {
        lab.config({ stores: { postgres: postgres.store({ host: "nobody" }) } });
        await fails(4, /Postgres at nobody:5432/, ["run", "postgres"]);
        lab.secret("store-password", "wrong");
        lab.config({ stores, lockWaitSeconds: 1 });
        await fails(4, /password authentication failed/, ["run", "postgres"]);
        lab.secret("store-password", "lab-password");
    });

    test("a bucket that cannot be reached", async () => {
        const credentialsFile = lab.secret(
            "s3",
            "[default]\naws_access_key_id = nobody\naws_secret_access_key = nothing\n",
        );
        const passwordFile = "/lab/secrets/repository-password";
        const repository = {
            kind: "s3" as const,
            endpoint: "http://127.0.0.1:9",
            bucket: "backups",
            prefix: "lab",
            credentialsFile,
            passwordFile,
        };
        lab.config({ stores, repository });
        try {
            await fails(5, /the bucket cannot be reached/, ["list"]);
        } finally {
            lab.config({ stores, lockWaitSeconds: 1 });
        }
    });

    test("a full disk", async () => {
        const mounts = ["--tmpfs", "/small:size=512k,uid=999,gid=999"];
        lab.config({
            stores,
            repository: { kind: "directory", path: "/small", passwordFile: "/lab/secrets/repository-password" },
        });
        try {
            await fails(5, /no space left/, ["run", "postgres"], mounts);
        } finally {
            lab.config({ stores, lockWaitSeconds: 1 });
        }
    });

    test("a clock that runs behind", async () => {
        // A backup of tomorrow is what such a clock sees.
        await lab.shell(
            `export RESTIC_REPOSITORY=/repository/stores RESTIC_PASSWORD_FILE=/lab/secrets/repository-password
             at=$(date -u -d tomorrow +%Y-%m-%dT%H:%M:%SZ); echo '{}' | restic --cache-dir /tmp/cache backup -q --stdin --stdin-filename manifest.json --tag "id:tomorrow,store:other,method:files,tier:manual,at:$at,part:manifest.json"
             chown -R 999:999 /repository`,
        );
        await fails(5, /the clock is wrong/, ["run", "postgres"]);
        await lab.shell(
            `export RESTIC_REPOSITORY=/repository/stores RESTIC_PASSWORD_FILE=/lab/secrets/repository-password
             restic --cache-dir /tmp/cache forget -q --tag id:tomorrow --unsafe-allow-remove-all --keep-last 0 --group-by '' || restic --cache-dir /tmp/cache forget -q $(restic --cache-dir /tmp/cache snapshots --json --tag id:tomorrow | grep -o '"short_id":"[^"]*"' | cut -d'"' -f4); chown -R 999:999 /repository`,
        );
    });

    test("two runs at once", async () => {
        const slow = await instead(
            "pg_dumpall",
            'while [ ! -e /repository/go ]; do sleep 0.2; done; exec /usr/lib/postgresql/17/bin/pg_dumpall "$@"',
        );
        const name = await lab.background("slow", ["run", "postgres"], slow);
        await locked();
        await fails(3, /postgres is busy: backup \(manual\)/, ["run", "postgres"]);
        await lab.shell("touch /repository/go");
        expect((await must("docker", ["wait", name])).trim()).toBe("0");
        await noMore();
    });

    test("a container that is killed leaves no backup, and its lock does not stay", async () => {
        const before = await backups();
        const run = detached("docker", [
            "run",
            "--rm",
            "--name",
            lab.container("killed"),
            ...lab.toolboxArgs(await instead("pg_dumpall", "sleep 3600")),
            lab.toolbox,
            "run",
            "postgres",
        ]);
        await locked();
        await must("docker", ["kill", "--signal", "KILL", lab.container("killed")]);
        expect(await run.done).not.toBe(0);
        await noMore();
        expect(await backups()).toBe(before);
        const lock = "/var/lib/groundwork-backup/locks/postgres.lock";
        // The kernel may give the number of its process namespace to the next container, which would see that it is gone.
        await lab.shell(`sed -i 's/pid:\\[[0-9]*\\]/pid:[1]/' ${lock} && grep -q 'pid:.1.' ${lock}`);
        // However long it takes until somebody asks: it has just been heard of.
        await lab.shell(`touch -d '+10 minutes' ${lock}`);
        await fails(3, /postgres is busy/, ["run", "postgres"]);
        // As if nothing had been heard of it for a minute and a half.
        await lab.shell(`touch -d '-91 seconds' ${lock}`);
        await lab.mustBackup(["run", "postgres"]);
    });

    test("a pack that is corrupt is found, and no restore comes from it", async () => {
        await lab.shell(
            `for pack in $(find /repository/stores/data -type f -size +20k); do printf corrupt | dd of=$pack bs=1 seek=9000 conv=notrunc status=none; done`,
        );
        await fails(6, /damaged|not what was backed up/, ["verify"]);
        const rows = await postgres.rows();
        const { code } = await lab.backup(["restore", "postgres", "--no-safety-copy"]);
        expect(code).not.toBe(0);
        expect(await postgres.rows(), "the live data").toEqual(rows);
    });
});
