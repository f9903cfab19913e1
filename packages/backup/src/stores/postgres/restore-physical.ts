/** Restores from files and log: one database out of a cluster that is recovered here, or the whole cluster on its own volume. */
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

import { BackupError, EXIT } from "../../errors";
import { run } from "../../process";
import type { Restored, RestoreContext } from "../driver";
import { identifier, libpq, literal, withClient, type Server } from "./connect";
import { contentsOf } from "./contents";
import { GLOBALS, dumpName, shapeOf } from "./logical";
import { recover, type Recovery } from "./recover";
import type { Incoming } from "./restore-logical";

const failure = { exit: EXIT.store, remedy: "The live data is untouched; read what the program says above." };

type Place = Omit<Recovery, "directory">;

/** Recovers in the scratch folder, and takes one database out as a dump with what it holds. */
export async function extractDatabase(place: Place, database: string, signal: AbortSignal): Promise<Incoming> {
    const directory = join(place.scratch, "recovered");
    return recover({ ...place, directory }, async (server) => {
        const [dump, globals] = [dumpName(database), GLOBALS].map((name) => join(place.scratch, name)) as [
            string,
            string,
        ];
        await run("pg_dump", ["--format=custom", "--compress=none", `--file=${dump}`], failure, {
            env: libpq(server, database),
            signal,
        });
        await run("pg_dumpall", ["--globals-only", "--no-tablespaces", `--file=${globals}`], failure, {
            env: libpq(server, database),
            signal,
        });
        const { contents, shape } = await inspect(server, database);
        return { database, dump: { path: dump }, shape, globals: readFileSync(globals, "utf8"), contents };
    });
}

function inspect(server: Server, database: string) {
    return withClient(server, database, async (client) => ({
        contents: await contentsOf(client, database),
        shape: await shapeOf(client, database),
    }));
}

/** In a cluster that was restored: says by which restore, so that a swap or undo that was interrupted knows whether it has happened. */
const MARK = "groundwork_restored";

interface Stack {
    /** Data directory of the server whose cluster is replaced. */
    live: string;
    /** The password that the stack's own role has there. */
    password: string;
}

/** Recovers the whole cluster beside the live one, on the same volume. */
export async function prepareCluster(
    place: Place,
    { live, password }: Stack,
    { intend }: Pick<RestoreContext, "intend">,
): Promise<Restored> {
    const id = new Date().toISOString().replace(/\D/g, "");
    const directory = `${live}.restored-${id}`;
    const incoming = join(directory, "pgdata");
    const data = { live, incoming, id };
    intend({ state: "prepared", summary: [], data });
    try {
        mkdirSync(directory);
    } catch (error) {
        throw new BackupError(`the volume of ${live} cannot be written: ${(error as Error).message}`, {
            exit: EXIT.store,
            remedy: "A restore needs the server's volume writable: `gw restore` starts a container with it. For one database alone use --database.",
        });
    }
    try {
        // A stack that was built anew has other passwords than the one that was backed up.
        await recover({ ...place, directory: incoming }, (server) => setPassword(server, place.database, password));
    } catch (error) {
        rmSync(directory, { recursive: true, force: true });
        throw error;
    }
    writeFileSync(join(incoming, MARK), id);
    return {
        state: "prepared",
        summary: [
            `the cluster is recovered in ${directory}, every page checked`,
            "stop Postgres, run backup restore postgres --swap, and start it again",
        ],
        data,
    };
}

async function setPassword(server: Server, database: string, password: string): Promise<void> {
    await withClient(server, database, async (client) => {
        await client.query("SET log_statement = 'none'");
        await client.query(`ALTER ROLE ${identifier(server.user)} PASSWORD ${literal(password)}`);
    });
}

/** The recovered cluster in the live one's place; nothing when it is there already. @throws BackupError when it is not whole */
export async function swapCluster(data: Record<string, string>): Promise<void> {
    if (isLive(data)) return;
    if (markOf(data.incoming!) !== data.id)
        throw new BackupError(`${data.incoming} is no cluster that was recovered to its end`, {
            exit: EXIT.store,
            remedy: "Prepare it again: backup restore",
        });
    await exchange(data);
}

/** Whether the recovered cluster is the one that the server has. */
export function isLive({ live, id }: Record<string, string>): boolean {
    return markOf(live!) === id;
}

/** What was recovered and is not live, or what it has replaced: whichever of the two clusters is not in the live one's place. */
export function discardCluster({ incoming }: Record<string, string>): void {
    rmSync(dirname(incoming!), { recursive: true, force: true });
}

/** The cluster from before the swap in its place again; nothing when it is there already. */
export async function undoCluster(data: Record<string, string>): Promise<void> {
    if (!isLive(data)) return;
    if (!existsSync(data.incoming!))
        throw new BackupError(`there was no cluster in ${data.live} before the restore`, {
            exit: EXIT.store,
            remedy: "Restore another backup in its place (backup list).",
        });
    await exchange(data);
}

/**
 * At one instant, so that whatever moment a crash comes at there is a whole cluster: one without files would be made anew by the server's
 * image.
 */
async function exchange({ live, incoming }: Record<string, string>): Promise<void> {
    if (existsSync(live!)) await run("mv", ["--exchange", "--no-target-directory", incoming!, live!], failure);
    else renameSync(incoming!, live!);
}

function markOf(cluster: string): string | undefined {
    const file = join(cluster, MARK);
    return existsSync(file) ? readFileSync(file, "utf8") : undefined;
}
