/** A Redis server of this container's own, to count what a dump holds. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";

import { BackupError, EXIT } from "../../errors";
import type { Contents } from "../../manifest";
import { run, start } from "../../process";

const START_SECONDS = 600;
const failure = {
    exit: EXIT.store,
    remedy: "Look whether the scratch directory has room and the container memory for the data.",
};

export interface DumpOptions {
    /** Default: no, the dump. */
    appendOnly?: boolean;
    /** Whose value is wanted. One whose time has come since is counted, and has none. */
    key?: string;
}

/**
 * Keys by database and a digest over all keys and values, of the dump or the append-only files in a folder. The server believes to be a
 * replica of a server that does not answer, so that it keeps keys whose time has come since: else two countings would differ.
 */
export async function readDump(
    directory: string,
    scratch: string,
    { appendOnly = false, key }: DumpOptions,
): Promise<{ contents: Contents; value?: string }> {
    mkdirSync(scratch, { recursive: true });
    const socket = join(scratch, "redis.socket");
    const settings = {
        port: "0",
        unixsocket: socket,
        dir: directory,
        dbfilename: "dump.rdb",
        save: "",
        appendonly: appendOnly ? "yes" : "no",
        "enable-debug-command": "local",
        replicaof: "127.0.0.1 1",
        "replica-serve-stale-data": "yes",
        daemonize: "no",
    };
    const flags = Object.entries(settings).flatMap(([name, value]) => [
        `--${name}`,
        ...(name === "replicaof" ? value.split(" ") : [value]),
    ]);
    const server = start("redis-server", flags);
    let said = "";
    server.stdout.on("data", (chunk: Buffer) => (said += chunk.toString()));
    const ask = async (...command: string[]): Promise<string> =>
        (await run("redis-cli", ["-s", socket, "-e", ...command], failure)).stdout.trim();
    try {
        await untilLoaded(ask, server, () => said);
        return {
            contents: readContents(await ask("INFO", "keyspace"), await ask("DEBUG", "DIGEST")),
            ...(key !== undefined && { value: await ask("GET", key) }),
        };
    } finally {
        server.kill("SIGKILL");
        await server;
    }
}

async function untilLoaded(
    ask: (...command: string[]) => Promise<string>,
    server: { exitCode: number | null },
    said: () => string,
): Promise<void> {
    const until = Date.now() + START_SECONDS * 1000;
    for (;;) {
        const answer = await ask("PING").catch((error: Error) => error.message);
        if (answer === "PONG") return;
        if (server.exitCode !== null || Date.now() > until) {
            const lines = said().trim().split("\n").slice(-4).join("\n    ");
            throw new BackupError(`Redis does not load the dump: ${lines}`, {
                exit: EXIT.verification,
                remedy: "The dump is damaged, or of a newer Redis than this image has.",
            });
        }
        await new Promise((wake) => setTimeout(wake, 100));
    }
}

/** `INFO keyspace` has a line for each database: `db0:keys=3,expires=0,…`. */
function readContents(keyspace: string, digest: string): Contents {
    const contents: Contents = {};
    let total = 0;
    for (const [, name, keys] of keyspace.matchAll(/^(db\d+):keys=(\d+)/gm)) {
        contents[name!] = { count: Number(keys) };
        total += Number(keys);
    }
    return { ...contents, "(all keys)": { count: total, checksum: digest } };
}
