/** Databases made beside the live ones, and put in their place at one instant. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Writable } from "node:stream";

import type { Client } from "pg";

import { BackupError, EXIT } from "../../errors";
import { run, type RunOptions } from "../../process";
import { identifier, libpq, literal, majorOf, withClient, type Server } from "./connect";
import type { DatabaseShape } from "./logical";

const TERMINATE_EVERY_MS = 50;

/** Connects where neither of the databases is, which may not be in use. */
export function withMaintenance<T>(
    server: Server,
    database: string,
    action: (client: Client) => Promise<T>,
): Promise<T> {
    return withClient(server, database === "postgres" ? "template1" : "postgres", action);
}

/** `debt_os_before_20261124151500`; Postgres cuts names at 63 bytes, so the first part is cut here. */
export function besideName(database: string, what: "restoring" | "before" | "undone", at: Date): string {
    return `${database.slice(0, 38)}_${what}_${at.toISOString().replace(/\D/g, "").slice(0, 14)}`;
}

/** Matches the names that `besideName` gives to what is no longer in its place. */
export function asidePattern(name: string): RegExp {
    const part = name.slice(0, 38).replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
    return new RegExp(`^${part}_(before|undone)_\\d{14}$`);
}

export async function databaseExists(client: Client, database: string): Promise<boolean> {
    const { rows } = await client.query("SELECT FROM pg_database WHERE datname = $1", [database]);
    return rows.length === 1;
}

export async function createDatabase(client: Client, name: string, shape: DatabaseShape): Promise<void> {
    const provider = shape.icuLocale ? ` LOCALE_PROVIDER icu ICU_LOCALE ${literal(shape.icuLocale)}` : "";
    await client.query(
        `CREATE DATABASE ${identifier(name)} TEMPLATE template0 ENCODING ${literal(shape.encoding)}
         LC_COLLATE ${literal(shape.collate)} LC_CTYPE ${literal(shape.ctype)}${provider} OWNER ${identifier(shape.owner)}`,
    );
}

/** What restores that were interrupted have left: nothing that anybody uses. */
export async function dropUnfinished(client: Client, database: string): Promise<string[]> {
    const { rows } = await client.query<{ name: string }>(
        "SELECT datname AS name FROM pg_database WHERE left(datname, length($1)) = $1 AND substr(datname, length($1) + 1) ~ '^_restoring_[0-9]{14}$'",
        [database.slice(0, 38)],
    );
    for (const { name } of rows) await client.query(`DROP DATABASE ${identifier(name)} WITH (FORCE)`);
    return rows.map(({ name }) => name);
}

/** A dump of `pg_dump --format=custom`. */
export interface Dump {
    /** Where on the disk it is, or will be. */
    path: string;
    /** Puts it there, and into a stream meanwhile; absent where it is there already. */
    arrive?: (copy?: Writable) => Promise<unknown>;
}

interface LoadOptions {
    signal: AbortSignal;
    /** File with the lines of `pg_restore --list` that are wanted, of a dump that is on the disk. Default: all. */
    list?: string;
}

/**
 * Fills an empty database. What comes from elsewhere is loaded on its way, so that two cores have both to do; its indexes and constraints,
 * and all of what is on the disk, by two jobs.
 */
export async function loadDump(
    server: Server,
    database: string,
    { path, arrive }: Dump,
    { signal, list }: LoadOptions,
): Promise<void> {
    await withClient(server, database, async (client) => {
        const strict = !isOlder(await majorOf(client));
        const load = (args: string[], input?: RunOptions["input"]) =>
            pgRestore([`--dbname=${database}`, ...args], { strict, input, signal, env: libpq(server) });
        const jobs = ["--jobs=2", path];
        if (arrive) {
            await load(["--section=pre-data", "--section=data"], arrive);
            await load(["--section=post-data", ...jobs]);
        } else await load([...(list ? [`--use-list=${list}`] : []), ...jobs]);
        // A dump carries no statistics, and without them the first queries take bad plans.
        await client.query("ANALYZE");
    });
}

async function pgRestore(args: string[], { strict, ...options }: RunOptions & { strict: boolean }): Promise<void> {
    const { code, stderr } = await run("pg_restore", [...(strict ? ["--exit-on-error"] : []), ...args], loading, {
        ...options,
        accept: strict ? [] : [1],
    });
    const errors = stderr.split("\n").filter((line) => line.startsWith("pg_restore: error:"));
    const others = errors.filter((line) => !line.includes(`"${UNKNOWN_BEFORE_17}"`));
    if (others.length > 0 || (code !== 0 && errors.length === 0))
        throw new BackupError(`pg_restore: ${others.slice(0, 5).join("\n    ") || stderr.trim()}`, loading);
}

const loading = {
    exit: EXIT.store,
    remedy: "The live database is untouched. Read what pg_restore says; an extension or a role may be missing.",
};

/** What pg_dump and pg_restore 17 set first, and no older server knows: the one statement of theirs that such a server refuses. */
const UNKNOWN_BEFORE_17 = "transaction_timeout";

const isOlder = (major: number): boolean => major < 17;

/** A script of pg_dump or pg_restore as a server of this version takes it, without what is for psql alone. */
export function scriptFor(major: number, script: string): string {
    return script
        .split("\n")
        .filter((line) => !/^\\(connect|encoding|restrict|unrestrict)\b/.test(line))
        .filter((line) => !isOlder(major) || line !== `SET ${UNKNOWN_BEFORE_17} = 0;`)
        .join("\n");
}

/**
 * What is the database's own and in none of its objects: settings of it and of roles in it, who may connect, its comment. As statements.
 */
export async function propertiesOf(dump: string, scratch: string): Promise<string> {
    const { stdout } = await run("pg_restore", ["--list", "--create", dump], loading);
    const list = join(scratch, "properties.list");
    const wanted = stdout.split("\n").filter((line) => / (DATABASE PROPERTIES|(ACL|COMMENT) - DATABASE) /.test(line));
    if (wanted.length === 0) return "";
    writeFileSync(list, wanted.join("\n"));
    const script = (await run("pg_restore", ["--create", `--use-list=${list}`, "--file=-", dump], loading)).stdout;
    // `CREATE DATABASE` comes along, whatever the list says: title and body of each piece follow each other.
    const [, ...pieces] = script.split(/^--\n-- Name: [^\n]*; Type: ([^;\n]+); Schema: [^\n]*\n--\n/m);
    return pieces.filter((_, index) => index % 2 === 1 && pieces[index - 1] !== "DATABASE").join("\n");
}

interface Swap {
    live: string;
    incoming: string;
    aside: string;
    /** Statements that give `live` its properties, by its name. */
    properties?: string;
}

/**
 * At one instant: `live`, if there is one, is `aside`, and `incoming` is `live`. Who is connected to `live` is disconnected, and who
 * connects meanwhile waits. Either both names change or none does.
 */
export async function swapDatabases(server: Server, { live, incoming, aside, properties = "" }: Swap): Promise<void> {
    await withMaintenance(server, live, async (client) => {
        const major = await majorOf(client);
        await client.query("BEGIN");
        if (await databaseExists(client, live)) {
            // The rename locks the name first and then waits some seconds for the connections to be gone.
            await whileTerminating(
                server,
                live,
                live,
                client.query(`ALTER DATABASE ${identifier(live)} RENAME TO ${identifier(aside)}`),
            );
        }
        await whileTerminating(
            server,
            live,
            incoming,
            client.query(`ALTER DATABASE ${identifier(incoming)} RENAME TO ${identifier(live)}`),
        );
        await client.query(scriptFor(major, properties));
        await client.query("COMMIT");
    });
}

/** @param live whose name may be locked already, so that nobody can connect to it */
async function whileTerminating(
    server: Server,
    live: string,
    database: string,
    action: Promise<unknown>,
): Promise<void> {
    let done = false;
    const settled = action.finally(() => (done = true));
    // Awaited at the end; until then its failure has nobody else who listens.
    settled.catch(() => undefined);
    await withMaintenance(server, live, async (client) => {
        while (!done) {
            await client.query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1", [database]);
            await new Promise((wake) => setTimeout(wake, TERMINATE_EVERY_MS));
        }
    });
    try {
        await settled;
    } catch (error) {
        throw new BackupError(`${database} could not be renamed: ${(error as Error).message}`, {
            exit: EXIT.store,
            remedy: "The live database is as it was. Stop what connects to it all the time, and run the restore again.",
            cause: error,
        });
    }
}

/** Makes roles that the dump needs and the server has not, with their passwords; roles that are there stay as they are. */
export async function createMissingRoles(client: Client, globals: string): Promise<string[]> {
    const { rows } = await client.query<{ name: string }>("SELECT quote_ident(rolname) AS name FROM pg_roles");
    const present = new Set(rows.map(({ name }) => name));
    const missing = [...globals.matchAll(/^CREATE ROLE ("(?:[^"]|"")+"|[^\s;]+);$/gm)]
        .map((match) => match[1]!)
        .filter((name) => !present.has(name));
    const statements = globals
        .split("\n")
        .filter((line) =>
            missing.some(
                (name) =>
                    line === `CREATE ROLE ${name};` || line.startsWith(`ALTER ROLE ${name} `) || isGrantTo(line, name),
            ),
        );
    for (const statement of statements) await client.query(statement);
    return missing;
}

function isGrantTo(line: string, role: string): boolean {
    return line.startsWith("GRANT ") && line.includes(` TO ${role} `);
}
