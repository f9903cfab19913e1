import type { Kind, PostgresConfig } from "../../config.stores";
import type { Contents, Manifest, Part } from "../../manifest";
import type { Captured, Context, Driver, Restored, RestoreRequest, Sink, Source } from "../driver";
import { stackServer } from "./connect";
import { databasesFor, incomingOf } from "./incoming";
import { captureLogical } from "./logical";
import { proveLogical } from "./prove";
import { restoreDatabase, restoreInto, restoreTable, undoDatabase, undoTable } from "./restore-logical";

/** Postgres: databases as statements, and the whole cluster as files with its write-ahead log. */
export class PostgresDriver implements Driver {
    constructor(private readonly config: PostgresConfig) {}

    method(_kind: Kind): string {
        return "logical";
    }

    methodFor(_request: RestoreRequest): string | undefined {
        return "logical";
    }

    capture(_kind: Kind, sink: Sink): Promise<Captured> {
        return captureLogical(this.config, sink);
    }

    check(part: Part): string[] | undefined {
        return part.name.endsWith(".dump") ? ["pg_restore", "--file=/dev/null"] : undefined;
    }

    plan(manifest: Manifest, request: RestoreRequest): string[] {
        return databasesFor(manifest, request, this.config.database).flatMap((database) => {
            if (request.into)
                return [`make the database ${request.into} from ${database}, prove it, and leave ${database} as it is`];
            const what = request.table ? `the table ${request.table} of ${database}` : `the database ${database}`;
            return [
                `load ${what} beside the live one, and compare every row with the manifest`,
                `put it in the live one's place at one instant; what is live now is kept beside it`,
            ];
        });
    }

    async restore(source: Source, request: RestoreRequest, context: Context): Promise<Restored> {
        const options = { server: stackServer(this.config), signal: context.signal, scratch: context.scratch };
        const restored: Restored[] = [];
        for (const database of databasesFor(source.manifest, request, this.config.database)) {
            const incoming = await incomingOf(source, database, context.scratch);
            if (request.table) return restoreTable(incoming, request.table, options);
            if (request.into) return restoreInto(incoming, request.into, options);
            restored.push(await restoreDatabase(incoming, options));
        }
        const summary = restored.flatMap((one) => one.summary);
        return { state: "swapped", summary, data: { databases: JSON.stringify(restored.map(({ data }) => data)) } };
    }

    swap(restored: Restored): Promise<Restored> {
        return Promise.resolve(restored);
    }

    async undo({ data }: Restored): Promise<string[]> {
        const server = stackServer(this.config);
        if (data.table !== undefined) return undoTable(server, data);
        const said: string[] = [];
        for (const one of JSON.parse(data.databases!) as Record<string, string>[])
            said.push(...(await undoDatabase(server, one)));
        return said;
    }

    prove(source: Source, context: Context): Promise<Contents> {
        return proveLogical(source, this.config.database, context);
    }
}
