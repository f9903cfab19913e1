/** How a Postgres server is reached, and whether this container's programs are new enough for it. */
import { Client } from "pg";

import type { PostgresConfig } from "../../config.stores";
import { BackupError, EXIT } from "../../errors";
import { run } from "../../process";
import { secretOf } from "../../secret";

/** Where a server listens: the stack's, or one that this container has started for itself. */
export interface Server {
    /** A name, or the folder of a socket. */
    host: string;
    port: number;
    user: string;
    password?: string;
    encrypted: boolean;
    /** PEM file of those who may vouch for its certificate; absent: nobody is asked. */
    caFile?: string;
}

export function stackServer({ host, port, user, passwordFile, sslMode, caFile }: PostgresConfig): Server {
    return { host, port, user, password: secretOf(passwordFile), encrypted: sslMode !== "disable", caFile };
}

/** libpq's environment, for pg_dump and its like: a password in it is seen by this container's user alone. */
export function libpq(
    { host, port, user, password, encrypted, caFile }: Server,
    database?: string,
): Record<string, string> {
    return {
        PGHOST: host,
        PGPORT: String(port),
        PGUSER: user,
        ...(password === undefined ? {} : { PGPASSWORD: password }),
        PGSSLMODE: caFile ? "verify-full" : encrypted ? "require" : "disable",
        ...(caFile ? { PGSSLROOTCERT: caFile } : {}),
        PGAPPNAME: "groundwork-backup",
        PGCONNECT_TIMEOUT: "10",
        ...(database === undefined ? {} : { PGDATABASE: database }),
    };
}

export async function withClient<T>(
    server: Server,
    database: string,
    action: (client: Client) => Promise<T>,
): Promise<T> {
    const { host, port, user, password, encrypted, caFile } = server;
    const client = new Client({
        host,
        port,
        user,
        password,
        database,
        // Without one, as libpq's `require`: the stack's own certificate has no authority that this container knows.
        ssl: caFile ? { ca: secretOf(caFile) } : encrypted && { rejectUnauthorized: false },
        application_name: "groundwork-backup",
        connectionTimeoutMillis: 10_000,
        keepAlive: true,
    });
    // A connection that breaks while it is idle fails the next query, which says more.
    client.on("error", () => undefined);
    try {
        await client.connect();
        return await action(client);
    } catch (error) {
        throw asBackupError(error, `${host}:${port}/${database}`);
    } finally {
        await client.end().catch(() => undefined);
    }
}

function asBackupError(error: unknown, where: string): unknown {
    if (error instanceof BackupError) return error;
    const { code, message } = error as { code?: string; message: string };
    const remedy =
        code === "28P01" || code === "28000"
            ? "The password file does not fit the server's role: `gw up` writes both."
            : "Look whether Postgres runs and answers (gw status, gw logs postgres).";
    return new BackupError(`Postgres at ${where}: ${message}`, { exit: EXIT.store, remedy, cause: error });
}

export interface Versions {
    /** As `server_version`, e.g. `16.4`. */
    server: string;
    /** Major version of the server. */
    major: number;
    client: string;
}

/** Major version of the server. */
export async function majorOf(client: Client): Promise<number> {
    const { rows } = await client.query<{ number: string }>("SELECT current_setting('server_version_num') AS number");
    return Math.floor(Number(rows[0]!.number) / 10_000);
}

/** @throws BackupError when the server is newer than pg_dump here */
export async function checkVersions(client: Client): Promise<Versions> {
    const { rows } = await client.query<{ text: string }>("SELECT current_setting('server_version') AS text");
    const major = await majorOf(client);
    const { stdout } = await run("pg_dump", ["--version"], {
        exit: EXIT.store,
        remedy: "This image has no Postgres client: build it anew.",
    });
    const version = /(\d+)(\.\d+)?/.exec(stdout)![0];
    refuseNewerServer(major, Number.parseInt(version, 10));
    return { server: rows[0]!.text, major, client: version };
}

function refuseNewerServer(server: number, client: number): void {
    if (server <= client) return;
    throw new BackupError(
        `the server is Postgres ${server} and pg_dump here is ${client}: a dump of a newer server would not be whole`,
        {
            exit: EXIT.store,
            remedy: `Use a toolbox image with the clients of Postgres ${server} or newer (packages/backup/Dockerfile).`,
        },
    );
}

/** Double-quoted, for a statement. */
export function identifier(name: string): string {
    return `"${name.replaceAll('"', '""')}"`;
}

export function literal(text: string): string {
    return `'${text.replaceAll("'", "''")}'`;
}
