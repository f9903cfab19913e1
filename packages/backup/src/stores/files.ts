/** Folders: projects, sessions, logs, configuration. With owners and modes, in one pass that nothing was written during. */
import { lstat } from "node:fs/promises";
import { join } from "node:path";

import type { FilesConfig, Kind } from "../config.stores";
import { BackupError, EXIT } from "../errors";
import { log } from "../log";
import type { Manifest } from "../manifest";
import { walk } from "../walk";
import type { Captured, Context, Plan, Proven, Restored, RestoreContext, RestoreRequest, Sink, Source } from "./driver";
import { VolumeDriver } from "./volume/driver";
import { ASIDE, type Exchange, NOT_DATA } from "./volume/exchange";
import { placeFor, prepareOnVolume, writableFolder } from "./volume/restore";

const PART = "files";

/** How often a folder that is written to meanwhile is read again; the last reading has to do, and the manifest says so. */
const PASSES = 3;

export class FilesDriver extends VolumeDriver<FilesConfig> {
    readonly preferredMethod = "files";

    async capture(kind: Kind, sink: Sink, { signal }: Context): Promise<Captured> {
        const { directory, exclude } = this.config;
        for (let pass = 1; ; pass += 1) {
            const pointAt = new Date();
            const before = await stateOf(directory);
            if (before.size === 0) throw nothingThere(directory);
            await sink.tree(PART, directory, { exclude: [...NOT_DATA, ...exclude], force: kind === "full" });
            const after = await stateOf(directory);
            const changed = [...new Set([...before.keys(), ...after.keys()])].filter(
                (path) => before.get(path) !== after.get(path),
            );
            if (changed.length > 0)
                log.warn(
                    { store: this.name, pass, changed: changed.length, first: changed.slice(0, 5) },
                    "written to during the pass",
                );
            if (changed.length === 0 || pass === PASSES) {
                return { pointAt, versions: {}, contents: {}, details: { changedDuringPass: String(changed.length) } };
            }
            signal.throwIfAborted();
        }
    }

    plan(_manifest: Manifest, { into }: RestoreRequest): Plan {
        const { directory } = this.config;
        if (into) {
            const place = placeFor(into, directory);
            return { steps: [`write the files to ${place}, and compare each with the manifest`], stops: false };
        }
        return {
            steps: [
                `write the files to ${directory}/${ASIDE}, with their owners, and compare each with the manifest`,
                "with what uses them stopped: move what is there aside and these in; it can be undone",
            ],
            stops: true,
        };
    }

    async restore(source: Source, { into }: RestoreRequest, context: RestoreContext): Promise<Restored> {
        const { directory } = this.config;
        if (into) {
            const path = await source.fetch(PART, writableFolder(placeFor(into, directory)), { owners: mayGiveAway() });
            return { state: "beside", summary: [`the files are in ${path}, each as in the manifest`], data: {} };
        }
        const fill = async (exchange: Exchange) => exchange.adopt(await source.fetch(PART, exchange.workspace));
        return prepareOnVolume(this.name, { volume: directory, fill }, context);
    }

    /** `fetch` compares every file and mode, and the owners where this process may set them; there is nothing else to count. */
    async prove(source: Source, { scratch }: Context): Promise<Proven> {
        await source.fetch(PART, scratch, { owners: mayGiveAway() });
        return { contents: {} };
    }
}

/** The stack's own configuration belongs to root, and what copies it is not root: beside the live files that does not matter. */
function mayGiveAway(): boolean {
    return process.getuid?.() === 0;
}

function nothingThere(directory: string): BackupError {
    return new BackupError(`${directory} is empty`, {
        exit: EXIT.store,
        remedy: "Look whether its volume is mounted here: a backup of nothing would push out good ones.",
    });
}

/** What changes when a file does; by path. */
async function stateOf(directory: string): Promise<Map<string, string>> {
    const found = new Map<string, string>();
    let names: string[];
    try {
        names = await walk(directory);
    } catch (error) {
        throw new BackupError(`${directory} cannot be read: ${(error as Error).message}`, {
            exit: EXIT.store,
            remedy: "Mount it, readable for the toolbox's user (README).",
        });
    }
    for (const name of names) {
        if (name === ASIDE || name.startsWith(`${ASIDE}/`)) continue;
        try {
            const { mtimeMs, ctimeMs, size, ino } = await lstat(join(directory, name));
            found.set(name, `${mtimeMs} ${ctimeMs} ${size} ${ino}`);
        } catch (error) {
            // Gone since it was listed; the other state tells.
            if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
        }
    }
    return found;
}
