/** Which databases a restore is of, and what of them comes out of a backup. */
import { join } from "node:path";

import { BackupError, EXIT } from "../../errors";
import type { Manifest } from "../../manifest";
import type { RestoreRequest, Source } from "../driver";
import { dumpName, GLOBALS, shapeKey, type DatabaseShape } from "./logical";
import type { Incoming } from "./restore-logical";

export function databasesIn({ details }: Manifest): string[] {
    const prefix = shapeKey("");
    return Object.keys(details)
        .filter((key) => key.startsWith(prefix))
        .map((key) => key.slice(prefix.length))
        .sort();
}

/** The one that is named; the application's for a table or another name; else all. */
export function databasesFor(manifest: Manifest, { database, table, into }: RestoreRequest, main: string): string[] {
    const all = databasesIn(manifest);
    const one = database ?? (table || into ? main : undefined);
    if (one === undefined) return all;
    if (all.includes(one)) return [one];
    throw new BackupError(`the backup ${manifest.id} has no database ${one}`, {
        exit: EXIT.store,
        remedy: `It has ${all.join(", ")}.`,
    });
}

/** Its dump comes when it is loaded. */
export async function incomingOf(source: Source, database: string, scratch: string): Promise<Incoming> {
    const name = dumpName(database);
    return {
        database,
        dump: { path: join(scratch, name), arrive: (copy) => source.fetch(name, scratch, { copy }) },
        shape: JSON.parse(source.manifest.details[shapeKey(database)]!) as DatabaseShape,
        globals: await source.readText(GLOBALS),
        contents: source.manifest.contents,
    };
}
