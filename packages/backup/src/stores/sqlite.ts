/** SQLite: copied by SQLite itself while it is in use, checked, and counted. */
import { chmodSync, chownSync, copyFileSync, existsSync, renameSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";

import type { SqliteConfig } from "../config.stores";
import { BackupError, EXIT } from "../errors";
import { compareContents, type Contents, type Manifest } from "../manifest";
import { run } from "../process";
import type { Captured, Context, Plan, Proven, Restored, RestoreContext, RestoreRequest, Sink, Source } from "./driver";
import { VolumeDriver } from "./volume/driver";
import { ASIDE, type Exchange } from "./volume/exchange";
import { placeFor, prepareOnVolume, writableFolder } from "./volume/restore";

const PART = "database.sqlite";
const failure = {
    exit: EXIT.store,
    remedy: "Look whether the volume is mounted writable here and the file is a SQLite database.",
};

export class SqliteDriver extends VolumeDriver<SqliteConfig> {
    readonly preferredMethod = "copy";

    async capture(_kind: unknown, sink: Sink, { scratch }: Context): Promise<Captured> {
        const { file } = this.config;
        // SQLite would make an empty database of a name that is not there.
        if (!existsSync(file)) throw new BackupError(`there is no ${file}`, { ...failure });
        const copy = join(scratch, PART);
        const pointAt = new Date();
        await sqlite(file, `.timeout 30000\n.backup main '${copy.replaceAll("'", "''")}'\n`);
        const contents = await inspect(copy);
        await sink.file(PART, copy);
        const { uid, gid, mode } = statSync(file);
        const { stdout } = await run("sqlite3", ["--version"], failure);
        return {
            pointAt,
            versions: { sqlite3: stdout.split(" ")[0]! },
            contents,
            details: { uid: String(uid), gid: String(gid), mode: (mode & 0o777).toString(8) },
        };
    }

    plan(_manifest: Manifest, { into }: RestoreRequest): Plan {
        const folder = dirname(this.config.file);
        const place = into ? placeFor(into, folder) : `${folder}/${ASIDE}`;
        const steps = [`write the database to ${place}, check it and compare every table with the manifest`];
        if (into) return { steps, stops: false };
        return {
            steps: [...steps, "with what uses it stopped: move what is there aside and this in; it can be undone"],
            stops: true,
        };
    }

    async restore(source: Source, { into }: RestoreRequest, context: RestoreContext): Promise<Restored> {
        const fetched = await source.fetch(PART, context.scratch);
        expectSame(source.manifest, await inspect(fetched));
        if (into) return this.copyTo(placeFor(into, dirname(this.config.file)), fetched);
        const name = basename(this.config.file);
        // With the log and the index of the old one beside it, SQLite would play the old one's changes into the new one.
        const own = [name, `${name}-wal`, `${name}-shm`, `${name}-journal`];
        const fill = async ({ incoming }: Exchange) => {
            await run("cp", [fetched, join(incoming, `${name}.new`)], failure);
            takeOwner(join(incoming, `${name}.new`), source.manifest.details);
            renameSync(join(incoming, `${name}.new`), join(incoming, name));
        };
        return prepareOnVolume(this.name, { volume: dirname(this.config.file), replaces: own, fill }, context);
    }

    private copyTo(place: string, fetched: string): Restored {
        if (existsSync(place))
            throw new BackupError(`there is a file ${place} already`, {
                exit: EXIT.store,
                remedy: "Restore --into a name that is free.",
            });
        writableFolder(dirname(place));
        copyFileSync(fetched, place);
        return { state: "beside", summary: [`the database is ${place}, proven`], data: {} };
    }

    async prove(source: Source, { scratch }: Context): Promise<Proven> {
        return { contents: await inspect(await source.fetch(PART, scratch)) };
    }
}

async function sqlite(file: string, commands: string, options: string[] = []): Promise<string> {
    const { stdout } = await run("sqlite3", ["-batch", "-bail", ...options, file], failure, { input: commands });
    return stdout.trim();
}

/** Rows by table, and a checksum over all. @throws BackupError when the copy is damaged or holds no table */
async function inspect(file: string): Promise<Contents> {
    const integrity = await sqlite(file, "PRAGMA integrity_check;");
    if (integrity !== "ok") {
        throw new BackupError(`the database is damaged: ${integrity.split("\n").slice(0, 5).join("; ")}`, {
            exit: EXIT.verification,
            remedy: "Restore the newest backup (backup restore). What can be saved of the damaged file: sqlite3 <file> .recover",
        });
    }
    const tables = (
        await sqlite(
            file,
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY 1;",
        )
    )
        .split("\n")
        .filter((name) => name !== "");
    if (tables.length === 0)
        throw new BackupError("the database has no table", {
            exit: EXIT.store,
            remedy: "Look whether it is the right file: a backup of nothing would push out good ones.",
        });
    const counts = await sqlite(
        file,
        tables.map((name) => `SELECT count(*) FROM "${name.replaceAll('"', '""')}";`).join("\n"),
    );
    const checksum = (await sqlite(file, ".sha3sum --schema\n")).split(" ")[0]!;
    const rows = counts.split("\n").map(Number);
    const contents: Contents = Object.fromEntries(tables.map((name, index) => [name, { count: rows[index]! }]));
    return { ...contents, "(all tables)": { count: rows.reduce((sum, one) => sum + one, 0), checksum } };
}

function expectSame({ contents }: Manifest, found: Contents): void {
    const differences = compareContents(contents, found);
    if (differences.length === 0) return;
    throw new BackupError(["what was restored is not what was backed up:", ...differences].join("\n    "), {
        exit: EXIT.verification,
        remedy: "The live database is untouched. Restore an older backup (backup list).",
    });
}

function takeOwner(file: string, { uid, gid, mode }: Record<string, string>): void {
    chmodSync(file, Number.parseInt(mode!, 8));
    const now = statSync(file);
    if (now.uid !== Number(uid) || now.gid !== Number(gid)) chownSync(file, Number(uid), Number(gid));
}
