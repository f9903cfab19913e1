/**
 * Memgraph: a snapshot that it is asked for, copied with users, triggers and settings while its data directory is locked, and the graph as
 * statements beside it, which another version can load.
 */
import { connect } from "node:net";
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync, rmSync } from "node:fs";
import { join } from "node:path";

import type { MemgraphConfig } from "../../config.stores";
import { BackupError, EXIT } from "../../errors";
import { log } from "../../log";
import type { Contents, Manifest } from "../../manifest";
import type {
    Captured,
    Context,
    Plan,
    Proven,
    Restored,
    RestoreContext,
    RestoreRequest,
    Sink,
    Source,
} from "../driver";
import { VolumeDriver } from "../volume/driver";
import { ASIDE, type Exchange, NOT_DATA } from "../volume/exchange";
import { expectStopped, placeFor, prepareOnVolume, writableFolder } from "../volume/restore";
import { countGraph, dumpGraph, replaceGraph, statementsOf, withSession } from "./graph";

const FILES = "memgraph";
const STATEMENTS = "graph.cypherl";

export class MemgraphDriver extends VolumeDriver<MemgraphConfig> {
    readonly preferredMethod = "snapshot";

    async capture(_kind: unknown, sink: Sink): Promise<Captured> {
        return withSession(this.config, async (session) => {
            const pointAt = new Date();
            const contents = await countGraph(session);
            const { text, statements } = await dumpGraph(session);
            await sink.text(STATEMENTS, text);
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
            return { pointAt, versions: {}, contents, details: { statements: String(statements) } };
        });
    }

    plan(_manifest: Manifest, { into, graphOnly }: RestoreRequest): Plan {
        const { dataDirectory } = this.config;
        if (graphOnly)
            return {
                steps: [
                    "replace every node and relationship in one transaction, while Memgraph runs, and count them before it is committed",
                    "leave users and triggers as they are; it can be undone",
                ],
                stops: false,
            };
        if (into) {
            const place = placeFor(into, dataDirectory);
            return { steps: [`write the files of Memgraph and the graph's statements to ${place}`], stops: false };
        }
        return {
            steps: [
                `write the snapshot, users and triggers to ${dataDirectory}/${ASIDE}, and compare each file with the manifest`,
                "with Memgraph stopped: move what is there aside and these in; it can be undone",
            ],
            stops: true,
        };
    }

    async restore(source: Source, { into, graphOnly }: RestoreRequest, context: RestoreContext): Promise<Restored> {
        if (graphOnly) return this.restoreGraph(source, context);
        const { dataDirectory } = this.config;
        if (into) {
            const place = writableFolder(placeFor(into, dataDirectory));
            await source.fetch(FILES, place);
            await source.fetch(STATEMENTS, place);
            return {
                state: "beside",
                summary: [`the files are in ${place}/${FILES}, the statements in ${place}/${STATEMENTS}`],
                data: {},
            };
        }
        const fill = async (exchange: Exchange) => {
            exchange.adopt(await source.fetch(FILES, exchange.workspace));
            // Changes after the snapshot are of the graph that is replaced.
            mkdirSync(join(exchange.incoming, "wal"), { recursive: true, mode: 0o750 });
        };
        return prepareOnVolume(this.name, { volume: dataDirectory, fill }, context);
    }

    /** What the live graph was is kept on the state volume, for an undo. */
    private async restoreGraph(source: Source, { config, intend }: RestoreContext): Promise<Restored> {
        const text = await source.readText(STATEMENTS);
        const directory = join(config.stateDirectory, "graphs");
        mkdirSync(directory, { recursive: true, mode: 0o700 });
        const before = join(directory, `${this.name}.${new Date().toISOString().replace(/\D/g, "")}.cypherl`);
        return withSession(this.config, async (session) => {
            const counts = await countGraph(session);
            writeFileSync(before, (await dumpGraph(session)).text, { mode: 0o600 });
            const restored: Restored = {
                state: "swapped",
                summary: [`${this.name} has the graph of ${source.manifest.id}, counted; undo: backup restore --undo`],
                data: { before, counts: JSON.stringify(counts) },
            };
            intend(restored);
            await replaceGraph(session, text, source.manifest.contents);
            return restored;
        });
    }

    override async undo(restored: Restored): Promise<string[]> {
        const { before, counts } = restored.data;
        if (before !== undefined) {
            await withSession(this.config, (session) =>
                replaceGraph(session, readFileSync(before, "utf8"), JSON.parse(counts!) as Contents),
            );
            return ["the graph is what it was before the restore"];
        }
        return super.undo(restored);
    }

    override async clear(restored: Restored): Promise<void> {
        const { before } = restored.data;
        if (before === undefined) return super.clear(restored);
        rmSync(before, { force: true });
    }

    override undoStops(restored: Restored): boolean {
        return restored.data.before === undefined && super.undoStops(restored);
    }

    /** There is no Memgraph in here: every file has the checksum of the manifest, and every statement is there. */
    async prove(source: Source, { scratch }: Context): Promise<Proven> {
        await source.fetch(FILES, scratch);
        const statements = statementsOf(await source.readText(STATEMENTS)).length;
        const { details, contents, id } = source.manifest;
        if (statements < Number(details.statements)) {
            throw new BackupError(`${id} has ${statements} statements of ${details.statements}`, {
                exit: EXIT.verification,
                remedy: "Restore an older backup (backup list).",
            });
        }
        return { contents };
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
        return [...NOT_DATA, "wal/*", ".lock", ...byAge.slice(1).map((name) => `snapshots/${name}`)];
    }

    protected override expectStopped(): Promise<void> {
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
