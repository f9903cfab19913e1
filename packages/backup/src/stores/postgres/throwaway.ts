/** A Postgres server of this container's own, on a socket that nobody else sees: for drills, and to recover to a point in time. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { userInfo } from "node:os";
import { join } from "node:path";

import { BackupError, EXIT } from "../../errors";
import { run } from "../../process";
import type { Server } from "./connect";
import { INSTALLED, serverOf } from "./installed";

/** `postgres` and its like of a major version; of the newest where none is asked for. @throws BackupError when it is not here */
export function binaries(major?: number): string {
    const versions = existsSync(INSTALLED) ? readdirSync(INSTALLED).filter((name) => existsSync(serverOf(name))) : [];
    const wanted =
        major === undefined
            ? versions.sort((a, b) => Number(b) - Number(a))[0]
            : versions.find((name) => name === String(major));
    if (wanted !== undefined) return join(INSTALLED, wanted, "bin");
    throw new BackupError(
        `this image has no server of Postgres ${major ?? "any version"}, only ${versions.join(", ") || "none"}`,
        {
            exit: EXIT.store,
            remedy: "Files of a cluster open with its own major version alone: build the toolbox image with that server (packages/backup/Dockerfile), or restore a logical one (--method logical).",
        },
    );
}

/** Makes an empty cluster whose superuser is this process's user. */
export async function initCluster(directory: string): Promise<void> {
    await run(
        join(binaries(), "initdb"),
        [
            "--pgdata",
            directory,
            "--auth=trust",
            "--encoding=UTF8",
            "--locale=C.UTF-8",
            "--no-sync",
            "--username=postgres",
        ],
        {
            exit: EXIT.store,
            remedy: "Look whether the scratch directory has room.",
        },
    );
}

/** Where such a server writes what it does. */
export const serverLog = (scratch: string) => join(scratch, "server.log");

export interface ThrowawayOptions {
    directory: string;
    major?: number;
    user: string;
    /** Over the server's own configuration. */
    settings?: Record<string, string>;
    /** For the socket and the log. */
    scratch: string;
    /** How long the start may take; with a log to replay it may be long. */
    startSeconds?: number;
}

/** Starts the server, does something with it, and stops it so that its files are whole. */
export async function withThrowaway<T>(options: ThrowawayOptions, action: (server: Server) => Promise<T>): Promise<T> {
    const { directory, major, scratch, settings = {}, startSeconds = 3600 } = options;
    const bin = binaries(major);
    const socket = join(scratch, "socket");
    mkdirSync(socket, { recursive: true, mode: 0o700 });
    // The cluster's own rules ask for passwords; on a socket that only this user can reach nobody needs one.
    const access = join(scratch, "access.conf");
    writeFileSync(access, "local all all trust\n");
    const all = {
        listen_addresses: "",
        unix_socket_directories: socket,
        hba_file: access,
        ssl: "off",
        archive_mode: "off",
        logging_collector: "off",
        log_destination: "stderr",
        // The main server's are command-line settings of its container, and not in these files.
        hot_standby: "off",
        ...settings,
    };
    const log = serverLog(scratch);
    const flags = Object.entries(all)
        .map(([name, value]) => `-c ${name}='${value}'`)
        .join(" ");
    await run(
        join(bin, "pg_ctl"),
        ["--pgdata", directory, "--wait", `--timeout=${startSeconds}`, `--log=${log}`, "--options", flags, "start"],
        { exit: EXIT.store, remedy: `The throw-away server did not start; its log is ${log}.` },
    ).catch((error: unknown) => {
        throw withLog(error, log);
    });
    try {
        return await action({ host: socket, port: 5432, user: options.user, encrypted: false });
    } finally {
        // One that has given up by itself has nothing to stop.
        if (existsSync(join(directory, "postmaster.pid")))
            await run(join(bin, "pg_ctl"), ["--pgdata", directory, "--wait", "--timeout=600", "--mode=fast", "stop"], {
                exit: EXIT.store,
                remedy: `The throw-away server did not stop; its log is ${log}.`,
            });
    }
}

/** The log is gone with the scratch directory, so its last words come along. */
export function withLog(error: unknown, log: string): unknown {
    if (!(error instanceof BackupError) || !existsSync(log)) return error;
    const said = readLines(log);
    const lines = said.filter((line) => /FATAL|ERROR|PANIC|HINT|DETAIL/.test(line));
    if (lines.some((line) => line.includes("recovery ended before configured recovery target was reached")))
        return targetNotReached(said, error);
    return new BackupError([error.message.split("\n")[0]!, ...lines.slice(-6)].join("\n    "), {
        exit: error.exit,
        remedy: error.remedy,
        cause: error,
    });
}

/** The server refuses a time after the last change that it finds, since it cannot know that nothing else was done until then. */
function targetNotReached(said: string[], cause: BackupError): BackupError {
    const last = said.map((line) => /last completed transaction was at log time (.+)/.exec(line)?.[1]).find(Boolean);
    return new BackupError(
        `the log in the repository has nothing after the time that is asked for${last ? `; its last change is of ${last}` : ""}`,
        {
            exit: EXIT.store,
            remedy: "Leave --at out: all that there is comes back, up to that change. Where later ones are missing, the log has not been shipped since (gw status).",
            cause,
        },
    );
}

function readLines(file: string): string[] {
    return readFileSync(file, "utf8").trim().split("\n");
}

/** Who runs the server: Postgres refuses to be root. */
export function refuseRoot(): void {
    if (userInfo().uid !== 0) return;
    throw new BackupError("a Postgres server cannot run as root", {
        exit: EXIT.store,
        remedy: "Run this container as the store's own user, 999:999.",
    });
}
