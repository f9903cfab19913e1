/** Stands for Memgraph: a Bolt server with a small part of Cypher, durable, and named as what it is. */
import { createHash, timingSafeEqual } from "node:crypto";

import { BoltServer } from "./bolt/server";
import { Database, VERSION } from "./database";
import { parseFlags } from "./flags";
import { createLog } from "./log";
import { Storage } from "./storage/storage";

/** How long a transaction waits for another one. */
const LOCK_TIMEOUT_MS = 10_000;

async function main(): Promise<void> {
    const flags = parseFlags(process.argv.slice(2), process.env.MEMGRAPH_CONFIG ?? "/etc/memgraph/memgraph.conf");
    const log = createLog({ level: flags.logLevel, file: flags.logFile || undefined, stderr: flags.alsoLogToStderr });
    // At any log level: nobody may take it for the real one.
    process.stderr.write(`You are running a stand-in for Memgraph (${VERSION}), not Memgraph itself.\n`);
    const storage = new Storage({
        directory: flags.dataDirectory,
        walEnabled: flags.walEnabled,
        retention: flags.snapshotRetention,
        recover: flags.recover,
        log,
    });
    const database = new Database({ storage, memoryLimitMiB: flags.memoryLimitMiB, lockTimeoutMs: LOCK_TIMEOUT_MS });
    const server = new BoltServer({
        database,
        log,
        authenticate: authenticator(process.env.MEMGRAPH_USER, process.env.MEMGRAPH_PASSWORD),
        transactionTimeoutMs: (flags.queryTimeoutSeconds || 600) * 1000,
    });
    const snapshot = () => {
        try {
            storage.snapshot();
        } catch (error) {
            log.error(`no snapshot could be written: ${(error as Error).message}`);
        }
    };
    if (flags.snapshotIntervalSeconds > 0) setInterval(snapshot, flags.snapshotIntervalSeconds * 1000).unref();
    let stopping = false;
    const stop = () => {
        if (stopping) return;
        stopping = true;
        log.info("stopping");
        void server.close().then(() => {
            if (flags.snapshotOnExit) snapshot();
            storage.close();
            process.exit(0);
        });
    };
    process.on("SIGTERM", stop);
    process.on("SIGINT", stop);
    const port = await server.listen(flags.boltPort, flags.boltAddress);
    log.info(`Bolt server of the stand-in is fully armed and operational, on ${flags.boltAddress}:${port}`);
}

/** Everybody may come in, unless there is a user. */
function authenticator(user = "", password = ""): (principal: string, credentials: string) => boolean {
    const digest = (text: string) => createHash("sha256").update(text).digest();
    const expected = digest(JSON.stringify([user, password]));
    return (principal, credentials) =>
        user === "" || timingSafeEqual(expected, digest(JSON.stringify([principal, credentials])));
}

main().catch((error: Error) => {
    process.stderr.write(`memgraph stand-in: ${error.message}\n`);
    process.exitCode = 1;
});
