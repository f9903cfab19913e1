/** Restores of stores whose files are on a volume that is mounted here: prepared beside, swapped in while the store is stopped. */
import { accessSync, constants, mkdirSync } from "node:fs";
import { isAbsolute, join } from "node:path";

import { BackupError, EXIT } from "../../errors";
import type { Restored, RestoreContext } from "../driver";
import { Exchange } from "./exchange";

interface VolumeRestore {
    volume: string;
    /** Fills the folder that the restored entries are made in, and proves them. */
    fill(exchange: Exchange): Promise<void>;
    /** Names of the live entries that leave. Default: all. */
    replaces?: string[];
}

export async function prepareOnVolume(
    name: string,
    { volume, fill, replaces }: VolumeRestore,
    { intend }: Pick<RestoreContext, "intend">,
): Promise<Restored> {
    const exchange = new Exchange(volume, stamp());
    const data = { volume, exchange: exchange.id };
    intend({ state: "prepared", summary: [], data });
    exchange.prepare();
    try {
        await fill(exchange);
    } catch (error) {
        exchange.discard();
        throw error;
    }
    exchange.stage(replaces);
    return {
        state: "prepared",
        summary: [
            `${name} is restored beside the live one and proven`,
            `stop what uses it, run backup restore ${name} --swap, and start it again`,
        ],
        data,
    };
}

export function swapOnVolume(name: string, { data }: Restored): Restored {
    exchangeOf(data).swap();
    return {
        state: "swapped",
        summary: [
            `${name} is the restored one; start what uses it`,
            "what was there before is kept; undo: backup restore --undo, while it is stopped",
        ],
        data,
    };
}

/** Whether live entries are to be moved back, for which nobody may use them. */
export function undoStopsOnVolume({ data }: Restored): boolean {
    return exchangeOf(data).begun;
}

/** @throws BackupError when a swap or an undo is half done: then what is aside is data that belongs in its place */
export function clearOnVolume(name: string, { data }: Restored): void {
    const both = [exchangeOf(data), undoneOf(data)];
    if (both.some(({ isHalfDone }) => isHalfDone))
        throw new BackupError(`the restore of ${name} is half done`, {
            exit: EXIT.store,
            remedy: "Finish it (backup restore --swap) or take it back (--undo) first.",
        });
    for (const exchange of both) exchange.clear();
}

export function undoOnVolume(name: string, { data }: Restored): string[] {
    const exchange = exchangeOf(data);
    if (!exchange.begun) {
        exchange.discard();
        return [`what was prepared of ${name} is cleared away; the live one was not touched`];
    }
    exchange.undo(undoneOf(data).id);
    return [`${name} is what it was before the restore; start what uses it`];
}

/** @throws BackupError when something still answers: its files must not be moved under it */
export async function expectStopped(name: string, answers: () => Promise<boolean>): Promise<void> {
    if (!(await answers())) return;
    throw new BackupError(`${name} is running`, {
        exit: EXIT.busy,
        remedy: `Stop it first; \`gw restore ${name}\` does. Nothing was moved.`,
    });
}

/** Where `--into` means: a name is one on the store's own volume, beside what is live. */
export function placeFor(into: string, volume: string): string {
    return isAbsolute(into) ? into : join(volume, into);
}

/** Makes the folder that `--into` writes to. @throws BackupError where this process may not, as on a volume that it only reads */
export function writableFolder(folder: string): string {
    try {
        mkdirSync(folder, { recursive: true });
        accessSync(folder, constants.W_OK);
    } catch (cause) {
        throw new BackupError(`${folder} cannot be written: ${(cause as Error).message}`, {
            exit: EXIT.configuration,
            remedy: "Name a folder that the toolbox may write to by its absolute path: --into /tmp/look.",
            cause,
        });
    }
    return folder;
}

export function requireDirectory(name: string, directory: string | undefined): string {
    if (directory !== undefined) return directory;
    throw new BackupError(`the volume of ${name} is not mounted here`, {
        exit: EXIT.configuration,
        remedy: `Restore with a configuration that names stores.${name}.dataDirectory; \`gw restore\` does.`,
    });
}

function exchangeOf(data: Record<string, string>): Exchange {
    return new Exchange(data.volume!, data.exchange!);
}

/** Its way back: of the same name, so that an undo that was interrupted goes on with its own. */
function undoneOf(data: Record<string, string>): Exchange {
    return new Exchange(data.volume!, `${data.exchange!}-undone`);
}

function stamp(): string {
    return new Date().toISOString().replace(/\D/g, "");
}
