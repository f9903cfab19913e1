import type { Client } from "pg";

import type { BackupConfig } from "../../config";
import type { Kind, PostgresConfig } from "../../config.stores";
import { BackupError, EXIT } from "../../errors";
import type { Manifest, Part } from "../../manifest";
import type {
    Captured,
    Context,
    Driver,
    Plan,
    Proven,
    Restored,
    RestoreContext,
    RestoreRequest,
    Sink,
    Source,
} from "../driver";
import { secretOf } from "../../secret";
import { expectStopped } from "../volume/restore";
import { clearDatabase, clearTable } from "./clear";
import { stackServer, withClient } from "./connect";
import { databasesFor, incomingOf } from "./incoming";
import { takeLiveLog } from "./live-log";
import { captureLogical } from "./logical";
import { capturePhysical } from "./physical";
import { proveLogical } from "./prove";
import { recover } from "./recover";
import { restoreDatabase, restoreInto, restoreTable, undoDatabase, undoTable, type Incoming } from "./restore-logical";
import { discardCluster, extractDatabase, isLive, prepareCluster, swapCluster, undoCluster } from "./restore-physical";
import { fetchLog } from "./shipped-log";
import { binaries } from "./throwaway";

/** Postgres: databases as statements, and the whole cluster as files with its write-ahead log. */
export class PostgresDriver implements Driver {
    constructor(
        private readonly name: string,
        private readonly config: PostgresConfig,
        private readonly whole: BackupConfig,
    ) {}

    method(kind: Kind): string {
        return this.config.dataDirectory && (kind === "incremental" || kind === "full") ? "physical" : "logical";
    }

    get preferredMethod(): string {
        return this.config.dataDirectory ? "physical" : "logical";
    }

    capture(kind: Kind, sink: Sink, context: Context): Promise<Captured> {
        return this.method(kind) === "physical"
            ? capturePhysical(this.config, kind, sink, context)
            : captureLogical(this.config, sink);
    }

    check(part: Part): string[] | undefined {
        return part.name.endsWith(".dump") ? ["pg_restore", "--file=/dev/null"] : undefined;
    }

    plan(manifest: Manifest, request: RestoreRequest): Plan {
        const until = request.time
            ? `to ${request.time.toISOString()}`
            : request.exact
              ? "to the end of that backup"
              : "to the end of the log";
        const physical = manifest.method === "physical";
        // Before anything is begun.
        if (physical) binaries(Number(manifest.details.major));
        if (physical && isWhole(request)) {
            return {
                steps: [
                    `recover the whole cluster ${until} beside ${this.config.dataDirectory}, and check every page`,
                    "with Postgres stopped: put it in the live one's place; it can be undone",
                ],
                stops: true,
            };
        }
        const steps = [
            ...(physical ? [`recover the cluster ${until} in this container`] : []),
            ...this.databases(manifest, request).flatMap((database) => {
                if (request.into)
                    return [
                        `make the database ${request.into} from ${database}, prove it, and leave ${database} as it is`,
                    ];
                const what = request.table ? `the table ${request.table} of ${database}` : `the database ${database}`;
                return [
                    `load ${what} beside the live one, and compare every row`,
                    "put it in the live one's place at one instant; what is live now is kept beside it",
                ];
            }),
        ];
        return { steps, stops: false };
    }

    async restore(source: Source, request: RestoreRequest, context: RestoreContext): Promise<Restored> {
        const physical = source.manifest.method === "physical";
        if (physical && isWhole(request)) {
            const { dataDirectory: live, passwordFile } = this.config;
            const stack = { live: live!, password: secretOf(passwordFile) };
            return prepareCluster(this.place(source, request, context, live), stack, context);
        }
        const { signal, scratch } = context;
        const done: Restored[] = [];
        const data = (more: Restored["data"][]) => ({
            databases: JSON.stringify([...done.map((one) => one.data), ...more]),
        });
        const intend = (next: Restored["data"]): void =>
            context.intend({
                state: "swapped",
                summary: [],
                data: request.table ? next : data([next]),
            });
        const options = { server: stackServer(this.config), signal, scratch, intend };
        for (const database of this.databases(source.manifest, request)) {
            const incoming: Incoming = physical
                ? await extractDatabase(
                      this.place(source, request, context, this.config.dataDirectory),
                      database,
                      context.signal,
                  )
                : await incomingOf(source, database, context.scratch);
            if (request.table) return restoreTable(incoming, request.table, options);
            if (request.into) return restoreInto(incoming, request.into, options);
            done.push(await restoreDatabase(incoming, options));
        }
        return { state: "swapped", summary: done.flatMap(({ summary }) => summary), data: data([]) };
    }

    async swap({ data }: Restored): Promise<Restored> {
        await this.expectStopped();
        await swapCluster(data);
        return {
            state: "swapped",
            summary: [
                "the recovered cluster is in place; start Postgres",
                `what was there before is ${data.incoming}; undo: backup restore --undo, while it is stopped`,
            ],
            data,
        };
    }

    /** A cluster that is not in the live one's place is cleared away; one that was taken out of it is kept. */
    async undo({ data, state }: Restored): Promise<string[]> {
        const server = stackServer(this.config);
        if (data.live !== undefined && state === "prepared" && !isLive(data)) {
            discardCluster(data);
            return ["what was prepared is cleared away; the live cluster was not touched"];
        }
        if (data.live !== undefined) {
            await this.expectStopped();
            await undoCluster(data);
            return ["the cluster is what it was before the restore; start Postgres"];
        }
        if (data.table !== undefined) return undoTable(server, data);
        const said: string[] = [];
        for (const one of JSON.parse(data.databases!) as Record<string, string>[])
            said.push(...(await undoDatabase(server, one)));
        return said;
    }

    async clear({ data }: Restored): Promise<void> {
        if (data.live !== undefined) return discardCluster(data);
        const server = stackServer(this.config);
        if (data.table !== undefined) return clearTable(server, data);
        for (const one of JSON.parse(data.databases!) as Record<string, string>[]) await clearDatabase(server, one);
    }

    undoStops({ data }: Restored): boolean {
        return data.live !== undefined && isLive(data);
    }

    async prove(source: Source, context: Context): Promise<Proven> {
        if (source.manifest.method === "logical")
            return { contents: await proveLogical(source, this.config.database, context) };
        const place = this.place(source, { exact: false }, context);
        const { database } = this.config;
        const reaches = await recover({ ...place, directory: `${context.scratch}/recovered` }, (server) =>
            withClient(server, database, lastReplayed),
        );
        return { contents: {}, ...(reaches && { reaches }) };
    }

    /** A cluster's files do not tell which databases are in them; then it is the application's. */
    private databases(manifest: Manifest, request: RestoreRequest): string[] {
        if (manifest.method === "physical") return [request.database ?? this.config.database];
        return databasesFor(manifest, request, this.config.database);
    }

    /** @param live the server's data directory, whose log is used beyond what was shipped; default: the repository's alone */
    private place(
        source: Source,
        { time, exact }: Pick<RestoreRequest, "time" | "exact">,
        { scratch, signal }: Context,
        live?: string,
    ) {
        const { user, database, wal } = this.config;
        const { first, system, segmentBytes } = source.manifest.details as Record<string, string>;
        const start = { first: first!, system: system!, segmentBytes: Number(segmentBytes) };
        const fetch = async (target: string): Promise<number | undefined> => {
            if (!wal) return undefined;
            await fetchLog(this.whole, this.name, start, target, signal);
            return live === undefined ? undefined : takeLiveLog(live, start, target);
        };
        if (time && !wal) {
            throw new BackupError("no log was shipped that could be replayed to a time", {
                exit: EXIT.store,
                remedy: "Restore a backup by its id, and set `wal` for this store.",
            });
        }
        return { source, fetchLog: fetch, time, exact, user, database, scratch };
    }

    private expectStopped(): Promise<void> {
        return expectStopped(this.name, async () => {
            try {
                await withClient(stackServer(this.config), this.config.database, (client) => client.query("SELECT 1"));
                return true;
            } catch (error) {
                // Whoever says that the password is wrong, or that it is starting, is there.
                return !/ECONNREFUSED|ENOTFOUND|EHOSTUNREACH|EAI_AGAIN|timeout/.test((error as Error).message);
            }
        });
    }
}

/** Nothing less than the cluster is asked for. */
function isWhole({ database, table, into }: RestoreRequest): boolean {
    return !database && !table && !into;
}

/** When the last transaction of the log was committed; undefined where there was none in it. */
async function lastReplayed(client: Client): Promise<Date | undefined> {
    const { rows } = await client.query<{ at: Date | null }>("SELECT pg_last_xact_replay_timestamp() AS at");
    return rows[0]!.at ?? undefined;
}
