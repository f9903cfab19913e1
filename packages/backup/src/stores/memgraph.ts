/**
 * Memgraph: a snapshot that it is asked for, copied with users, triggers and settings while its data directory is locked, and the graph as
 * statements beside it, which another version can load.
 */
import { connect } from "node:net";
import { mkdirSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";

import neo4j, { type Session } from "neo4j-driver";

import type { MemgraphConfig } from "../config.stores";
import { BackupError, EXIT } from "../errors";
import { log } from "../log";
import type { Contents, Manifest } from "../manifest";
import { secretOf } from "../secret";
import type { Captured, Context, Driver, Restored, RestoreRequest, Sink, Source } from "./driver";
import { ASIDE } from "./volume/exchange";
import { expectStopped, prepareOnVolume, swapOnVolume, undoOnVolume } from "./volume/restore";

const FILES = "memgraph";
const STATEMENTS = "graph.cypherl";

export class MemgraphDriver implements Driver {
    readonly preferredMethod = "snapshot";

    constructor(
        private readonly name: string,
        private readonly config: MemgraphConfig,
    ) {}

    method(): string {
        return "snapshot";
    }

    async capture(_kind: unknown, sink: Sink): Promise<Captured> {
        return this.withSession(async (session) => {
            const pointAt = new Date();
            const contents = await countGraph(session);
            const dump = await session.run("DUMP DATABASE");
            const statements = dump.records.map((record) => String(record.get(0)));
            // An empty graph has no statement, and a part without a byte is none.
            await sink.text(STATEMENTS, `${["// DUMP DATABASE", ...statements].join("\n")}\n`);
            await session.run("CREATE SNAPSHOT");
            await session.run("LOCK DATA DIRECTORY");
            try {
                await sink.tree(FILES, this.config.dataDirectory, { exclude: this.leftOut() });
            } finally {
                await session.run("UNLOCK DATA DIRECTORY").catch((error: Error) => {
                    log.error(
                        { store: this.name },
                        `the data directory stays locked until Memgraph is restarted: ${error.message}`,
                    );
                });
            }
            return { pointAt, versions: {}, contents, details: { statements: String(statements.length) } };
        });
    }

    check(): undefined {
        return undefined;
    }

    plan(_manifest: Manifest, { into }: RestoreRequest): string[] {
        if (into) return [`write the files of Memgraph and the graph's statements to ${into}`];
        return [
            `write the snapshot, users and triggers to ${this.config.dataDirectory}/${ASIDE}, and compare each file with the manifest`,
            "wait for --swap, while Memgraph is stopped, which moves what is there aside and these in; it can be undone",
        ];
    }

    async restore(source: Source, { into }: RestoreRequest): Promise<Restored> {
        if (into) {
            await source.fetch(FILES, into);
            await source.fetch(STATEMENTS, into);
            return {
                state: "beside",
                summary: [`the files are in ${into}/${FILES}, the statements in ${into}/${STATEMENTS}`],
                data: {},
            };
        }
        return prepareOnVolume(this.name, {
            volume: this.config.dataDirectory,
            fill: async (exchange) => {
                exchange.adopt(await source.fetch(FILES, exchange.workspace));
                // Changes after the snapshot are of the graph that is replaced.
                mkdirSync(join(exchange.incoming, "wal"), { recursive: true, mode: 0o750 });
            },
        });
    }

    async swap(restored: Restored): Promise<Restored> {
        await this.expectStopped();
        return swapOnVolume(this.name, restored);
    }

    async undo(restored: Restored): Promise<string[]> {
        await this.expectStopped();
        return undoOnVolume(this.name, restored);
    }

    /** There is no Memgraph in here: every file has the checksum of the manifest, and every statement is there. */
    async prove(source: Source, { scratch }: Context): Promise<Contents> {
        await source.fetch(FILES, scratch);
        const statements = (await source.readText(STATEMENTS)).trimEnd().split("\n").length - 1;
        const { details, contents, id } = source.manifest;
        if (statements < Number(details.statements)) {
            throw new BackupError(`${id} has ${statements} statements of ${details.statements}`, {
                exit: EXIT.verification,
                remedy: "Restore an older backup (backup list).",
            });
        }
        return contents;
    }

    /** The log, and every snapshot but the newest: a restored directory must hold one alone. */
    private leftOut(): string[] {
        const directory = join(this.config.dataDirectory, "snapshots");
        const byAge = readdirSync(directory).sort(
            (a, b) => statSync(join(directory, b)).mtimeMs - statSync(join(directory, a)).mtimeMs,
        );
        if (byAge.length === 0)
            throw new BackupError("Memgraph has made no snapshot", {
                exit: EXIT.store,
                remedy: "Look at its log and disk (gw logs memgraph).",
            });
        return [ASIDE, "wal/*", ".lock", ...byAge.slice(1).map((name) => `snapshots/${name}`)];
    }

    private async withSession<T>(action: (session: Session) => Promise<T>): Promise<T> {
        const { host, port, user, passwordFile } = this.config;
        const auth = user && passwordFile ? neo4j.auth.basic(user, secretOf(passwordFile)) : undefined;
        const driver = neo4j.driver(`bolt://${host}:${port}`, auth, {
            connectionAcquisitionTimeout: 15_000,
            maxTransactionRetryTime: 0,
        });
        const session = driver.session();
        try {
            return await action(session);
        } catch (error) {
            if (error instanceof BackupError) throw error;
            throw new BackupError(`Memgraph at ${host}:${port}: ${(error as Error).message}`, {
                exit: EXIT.store,
                remedy: "Look whether it runs and answers (gw status, gw logs memgraph).",
                cause: error,
            });
        } finally {
            await session.close();
            await driver.close();
        }
    }

    private expectStopped(): Promise<void> {
        const { host, port } = this.config;
        return expectStopped(this.name, () => {
            return new Promise((resolve) => {
                const socket = connect({ host, port, timeout: 3000 });
                const end = (answers: boolean) => {
                    socket.destroy();
                    resolve(answers);
                };
                socket.once("connect", () => end(true));
                socket.once("timeout", () => end(false));
                socket.once("error", () => end(false));
            });
        });
    }
}

async function countGraph(session: Session): Promise<Contents> {
    const nodes = await session.run("MATCH (n) RETURN count(n) AS count");
    const edges = await session.run("MATCH ()-[r]->() RETURN count(r) AS count");
    const count = (result: typeof nodes) => neo4j.integer.toNumber(result.records[0]!.get("count") as never);
    return { nodes: { count: count(nodes) }, relationships: { count: count(edges) } };
}
