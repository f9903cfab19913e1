/**
 * The starts of Postgres's primary and its replica, run by a shell with stand-ins for Postgres's programs. Cannot prove: that Postgres does
 * what they count on, which the end-to-end tests do.
 */
import { execFile, type ExecFileException, spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, test } from "vitest";

const SCRIPTS = join(__dirname, "../../../../components/postgres/scripts");

const missing = ["flock"].filter((program) => spawnSync(program, ["--version"]).error !== undefined);

describe.skipIf(missing.length > 0)("the starts of Postgres (they need flock)", () => {
    let root: string;
    let volume: string;
    let data: string;
    beforeEach(() => {
        root = mkdtempSync(join(tmpdir(), "groundwork-postgres-"));
        volume = join(root, "volume");
        data = join(volume, "pgdata");
        mkdirSync(join(root, "bin"));
        mkdirSync(volume);
        writeFileSync(join(root, "password"), "se:cret\n");
        // Nobody answers.
        program("psql", 'echo "connection refused" >&2; exit 2');
        program("pg_isready", "exit 2");
        program("getent", "exit 2");
        program("pg_controldata", "echo 'Database system identifier:           7000'");
    });
    afterEach(() => rmSync(root, { recursive: true, force: true }));

    function program(name: string, body: string): void {
        writeFileSync(join(root, "bin", name), `#!/bin/sh\n${body}\n`, { mode: 0o755 });
    }

    /** A primary of that number, whose slot is at a place in its log, or nowhere. */
    function primaryAnswers(identifier: string, slot: string): void {
        const answers = `*IDENTIFY*) echo "${identifier}|1|0/3000000|" ;; *READ_REP*) echo "${slot}" ;;`;
        program("psql", `echo "$*" >>${root}/asked; case "$*" in ${answers} esac`);
        program(
            "pg_basebackup",
            `mkdir ${volume}/seed; echo 17 >${volume}/seed/PG_VERSION; echo new >${volume}/seed/rows`,
        );
    }

    function database(rows: string, ...signals: string[]): void {
        mkdirSync(data);
        writeFileSync(join(data, "PG_VERSION"), "17");
        writeFileSync(join(data, "rows"), rows);
        for (const signal of signals) writeFileSync(join(data, signal), "");
    }

    function environment(more: Record<string, string> = {}): NodeJS.ProcessEnv {
        return {
            PATH: `${root}/bin:${process.env["PATH"]}`,
            PGDATA: data,
            VOLUME: volume,
            REPLICA_HOST: "postgres-replica",
            ASK_SECONDS: "20",
            NEW_DATABASE: "allowed",
            PRIMARY: "host=postgres user=replicator",
            REPLICATION_PASSWORD_FILE: join(root, "password"),
            PASSFILE: join(root, "pgpass"),
            SLOT: "postgres_replica",
            PREPARING: join(root, "preparing"),
            ...more,
        };
    }

    /**
     * Runs a script, with a server that prints its arguments and the rows that it finds.
     * @param said takes what it says of itself, while it runs
     */
    function start(
        script: string,
        env?: Record<string, string>,
        said: (text: string) => void = () => undefined,
    ): Promise<{ code: number; out: string; err: string }> {
        const server = ["sh", "-c", 'echo "$@"; cat "$PGDATA/rows"', "server", "postgres"];
        return new Promise((resolve) => {
            const child = execFile(
                "/bin/sh",
                [join(SCRIPTS, script), ...server],
                { env: environment(env) },
                (error: ExecFileException | null, out, err) =>
                    resolve({ code: error === null ? 0 : Number(error.code), out, err }),
            );
            child.stderr!.on("data", said);
        });
    }

    describe("of the primary", () => {
        test("becomes the server, as it is, on a database that is a primary's", async () => {
            database("mine");
            expect(await start("primary.sh")).toEqual({ code: 0, out: "postgres\nmine", err: "" });
        });

        test("makes a new database where there is no replica at all", async () => {
            mkdirSync(data);
            writeFileSync(join(data, "rows"), "none");
            expect(await start("primary.sh")).toMatchObject({ code: 0, out: "postgres\nnone" });
        });

        test.each([0, 1])("makes no new database beside a replica that answers with %i", async (code) => {
            program("getent", "exit 0");
            program("pg_isready", `exit ${code}`);
            const result = await start("primary.sh");
            expect(result.code).toBe(1);
            expect(result.err).toMatch(/this volume is empty, and postgres-replica holds the database.*primaryVolume/);
        });

        test("makes no new database when the replica's name is not found for a moment", async () => {
            program("getent", `[ -e ${root}/again ] || { touch ${root}/again; exit 2; }`);
            program("pg_isready", "exit 0");
            expect((await start("primary.sh")).code).toBe(1);
        });

        test("makes no new database on a volume that a promotion names", async () => {
            const result = await start("primary.sh", { NEW_DATABASE: "refused" });
            expect(result.code).toBe(1);
            expect(result.err).toContain("nothing can be promoted");
        });

        test("promotes a copy: recovery to its end, at each start until that is done, and not after", async () => {
            database("copied", "standby.signal");
            const promoting = { code: 0, out: "postgres -c restore_command=false\ncopied" };
            expect(await start("primary.sh")).toMatchObject(promoting);
            expect(readdirSync(data).sort()).toEqual(["PG_VERSION", "groundwork.promotion", "recovery.signal", "rows"]);
            expect(await start("primary.sh")).toMatchObject(promoting);
            // As Postgres does when it is done.
            rmSync(join(data, "recovery.signal"));
            expect(await start("primary.sh")).toEqual({ code: 0, out: "postgres\ncopied", err: "" });
            expect(readdirSync(data).sort()).toEqual(["PG_VERSION", "rows"]);
        });

        test("leaves the recovery of a restored backup to who restores it", async () => {
            database("restored", "recovery.signal");
            expect(await start("primary.sh")).toMatchObject({ out: "postgres\nrestored" });
            expect(existsSync(join(data, "recovery.signal"))).toBe(true);
        });

        test("waits while another server has the volume", async () => {
            database("mine");
            const other = `touch ${root}/holds; until [ -e ${root}/ends ]; do sleep 0.1; done; echo later >${data}/rows`;
            spawn("flock", [join(volume, "lock"), "sh", "-c", other]);
            await expect.poll(() => existsSync(join(root, "holds"))).toBe(true);
            const said = (text: string): void => {
                if (text.includes("in use by another server")) writeFileSync(join(root, "ends"), "");
            };
            expect(await start("primary.sh", {}, said)).toMatchObject({ code: 0, out: "postgres\nlater\n" });
        });
    });

    describe("of the replica", () => {
        test("copies the primary onto an empty volume, with a slot of its own, and follows it", async () => {
            primaryAnswers("7000", "||");
            const result = await start("replica.sh");
            expect(result).toMatchObject({ code: 0, out: "postgres\nnew\n" });
            expect(existsSync(join(data, "standby.signal"))).toBe(true);
            expect(readFileSync(join(root, "asked"), "utf8")).toContain("DROP_REPLICATION_SLOT postgres_replica WAIT");
            expect(readFileSync(join(root, "pgpass"), "utf8")).toBe("*:*:*:*:se\\:cret\n");
        });

        test("has the password on no command line", async () => {
            primaryAnswers("7000", "||");
            await start("replica.sh");
            expect(readFileSync(join(root, "asked"), "utf8")).not.toContain("cret");
        });

        test("starts on its copy while the primary is away", async () => {
            database("old copy", "standby.signal");
            expect(await start("replica.sh")).toMatchObject({ code: 0, out: "postgres\nold copy" });
        });

        test("goes on with a copy that the primary has the log for", async () => {
            database("old copy", "standby.signal");
            primaryAnswers("7000", "physical|0/2000000|1");
            expect(await start("replica.sh")).toMatchObject({ code: 0, out: "postgres\nold copy" });
        });

        test.each([
            ["is gone", "||"],
            ["was given up", "physical||"],
        ])("makes another copy when its slot %s, and says so", async (_, slot) => {
            database("old copy", "standby.signal");
            primaryAnswers("7000", slot);
            const result = await start("replica.sh");
            expect(result.out).toBe("postgres\nnew\n");
            expect(result.err).toContain("the primary has no log for this copy any more; making another");
        });

        test("never gives up its copy for a primary that is another database", async () => {
            database("old copy", "standby.signal");
            primaryAnswers("9999", "||");
            expect(await start("replica.sh")).toMatchObject({ code: 0, out: "postgres\nold copy" });
        });

        test("puts the data of a former primary aside, and is a copy of the present one", async () => {
            database("only here");
            primaryAnswers("7000", "||");
            const result = await start("replica.sh");
            expect(result.out).toBe("postgres\nnew\n");
            const former = readdirSync(volume).find((name) => name.startsWith("former-"))!;
            expect(readFileSync(join(volume, former, "rows"), "utf8")).toBe("only here");
            expect(result.err).toContain(former);
        });

        test("leaves the data of another database as it is, and does not start", async () => {
            database("another");
            primaryAnswers("9999", "||");
            const result = await start("replica.sh");
            expect(result.code).toBe(1);
            expect(result.err).toContain("holds another database than the primary's");
            expect(readFileSync(join(data, "rows"), "utf8")).toBe("another");
        });

        test("waits for its primary, alive, and ends when it is told to", async () => {
            const running = spawn("/bin/sh", [join(SCRIPTS, "replica.sh"), "true"], { env: environment() });
            let said = "";
            running.stderr.on("data", (chunk: Buffer) => (said += chunk.toString()));
            await expect.poll(() => said).toContain("waiting for the primary: connection refused");
            expect(existsSync(join(root, "preparing"))).toBe(true);
            const ended = new Promise((resolve) => running.on("close", resolve));
            running.kill("SIGTERM");
            expect(await ended).toBe(0);
        });
    });
});
