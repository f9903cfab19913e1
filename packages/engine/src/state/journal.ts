/**
 * Append-only log of what a run does, beside the snapshot that it starts from. One JSON entry a line; a line that the run did not get to
 * finish is no line. Many waiting entries share one flush to disk.
 */
import {
    closeSync,
    existsSync,
    fstatSync,
    fsyncSync,
    ftruncateSync,
    openSync,
    readFileSync,
    rmSync,
    writeSync,
} from "node:fs";
import { open, type FileHandle } from "node:fs/promises";

import { shellWord } from "../shell";
import { StateError, unwritable } from "./errors";

/** A resource as the state file holds it, secrets encrypted. */
export type EncodedResource = { urn: string; type: string } & Record<string, unknown>;

export type JournalEntry =
    /** First line: digest of the snapshot that this journal continues. */
    | { base: string }
    | { begin: number; type: OperationType; resource: EncodedResource }
    /** `end`: the operation that this is the result of. Rows are numbered by their place in the snapshot, new ones go on from there. */
    | { end?: number; put?: [row: number, resource: EncodedResource][]; drop?: number[] }
    /** Last line: all of it is in the snapshot with this digest. */
    | { compacted: string };

export type OperationType = "creating" | "updating" | "deleting" | "reading" | "importing";

export interface Replayed {
    base: string;
    compacted?: string;
    rows: Map<number, EncodedResource>;
    pending: { type: OperationType; resource: EncodedResource }[];
}

/** A line is damaged, and lines after it are not, or none before it is whole. */
class DamagedLineError extends Error {
    constructor(
        /** From 1. */
        readonly line: number,
    ) {
        super(`Line ${line} of the journal is damaged.`);
        this.name = "DamagedLineError";
    }
}

/** Entries of a journal file's text. A torn tail is dropped, however many lines it seems to have. @throws DamagedLineError */
export function parseJournal(text: string): JournalEntry[] {
    const lines = text.split("\n");
    // What comes after the last line break was not written to its end.
    lines.pop();
    const entries = lines.map(parseLine);
    const damaged = entries.indexOf(undefined);
    if (damaged < 0) return entries as JournalEntry[];
    const isTail = entries.slice(damaged).every((entry) => entry === undefined);
    // Without its first line nobody knows which state it continues.
    if (!isTail || damaged === 0) throw new DamagedLineError(damaged + 1);
    return entries.slice(0, damaged) as JournalEntry[];
}

/** Undefined: it is no entry. */
function parseLine(line: string): JournalEntry | undefined {
    try {
        const entry: unknown = JSON.parse(line);
        return typeof entry === "object" && entry !== null && !Array.isArray(entry)
            ? (entry as JournalEntry)
            : undefined;
    } catch {
        return undefined;
    }
}

/** The snapshot's resources and pending operations after the entries. Operations are numbered like rows. */
export function replay(
    resources: EncodedResource[],
    before: { type: OperationType; resource: EncodedResource }[],
    entries: JournalEntry[],
): Replayed {
    const rows = new Map(resources.map((resource, i) => [i, resource]));
    const pending = new Map(before.map((operation, i) => [i, operation]));
    const result: Replayed = { base: "", rows, pending: [] };
    for (const entry of entries) {
        if ("base" in entry) result.base = entry.base;
        else if ("compacted" in entry) result.compacted = entry.compacted;
        else if ("begin" in entry) pending.set(entry.begin, { type: entry.type, resource: entry.resource });
        else {
            for (const [row, resource] of entry.put ?? []) rows.set(row, resource);
            for (const row of entry.drop ?? []) rows.delete(row);
            if (entry.end !== undefined) pending.delete(entry.end);
        }
    }
    return { ...result, pending: [...pending.values()] };
}

/** Undefined: there is none. @throws StateError when it is damaged */
export function readJournal(path: string): JournalEntry[] | undefined {
    let text: string;
    try {
        text = readFileSync(path, "utf8");
    } catch (error) {
        const { code, message } = error as NodeJS.ErrnoException;
        if (code === "ENOENT") return undefined;
        throw new StateError(`The journal cannot be read: ${message}`, `Make ${path} readable.`, { cause: error });
    }
    try {
        return parseJournal(text);
    } catch (error) {
        if (!(error instanceof DamagedLineError)) throw error;
        throw new StateError(`${path}: ${error.message}`, mendHint(path, error.line), { cause: error });
    }
}

function mendHint(path: string, line: number): string {
    const word = shellWord(path);
    const how =
        line === 1
            ? `To go on from the state before the interrupted run:\n  mv ${word} ${shellWord(`${path}.damaged`)}`
            : `To go on from what the lines before it say:\n  sed -i.damaged '${line},$d' ${word}`;
    return `${how}\nWhat else that run made is not in the state then; the next "gw up" names the containers among it.`;
}

export class Journal {
    /** Length so far, with what is still to be written. */
    bytes = 0;
    /** Bytes of that which are on disk for certain. */
    private written = 0;
    /** Why nothing is written any more. */
    private failure?: Error;
    private waiting: string[] = [];
    private flushing?: Promise<void>;
    private file?: FileHandle;

    constructor(
        private readonly path: string,
        private readonly base: string,
    ) {}

    /** @param line a {@link JournalEntry} as JSON */
    append(line: string): void {
        if (this.bytes === 0) this.push(JSON.stringify({ base: this.base } satisfies JournalEntry));
        this.push(line);
        if (!this.failure) this.flushing ??= this.flush();
    }

    private push(line: string): void {
        this.bytes += line.length + 1;
        this.waiting.push(line + "\n");
    }

    /** Something is on its way to disk. */
    get busy(): boolean {
        return this.flushing !== undefined;
    }

    /** Resolves when nothing is on its way any more, whether it arrived or not. */
    async idle(): Promise<void> {
        while (this.flushing) await this.flushing;
    }

    /** Resolves when all that was appended before is on disk. @throws StateError when it could not be written */
    async durable(): Promise<void> {
        await this.idle();
        if (this.failure) throw this.failure;
    }

    /** Never rejects, since not everybody who appends waits for it; {@link durable} tells. */
    private async flush(): Promise<void> {
        try {
            // Entries of the same turn of the event loop go together.
            await Promise.resolve();
            this.file ??= await open(this.path, "w", 0o600);
            while (this.waiting.length > 0) {
                const text = this.waiting.join("");
                this.waiting = [];
                await this.file.appendFile(text);
                await this.file.datasync();
                this.written += Buffer.byteLength(text);
            }
        } catch (error) {
            this.failure = unwritable(this.path, error);
            // Half an entry may have arrived; with more after it, it would be damage.
            await this.file?.truncate(this.written).catch(() => undefined);
        } finally {
            this.flushing = undefined;
        }
    }

    /**
     * Says that a snapshot with this digest is about to hold everything. The journal must be {@link durable}; one that was never begun says
     * nothing.
     */
    markCompacted(digest: string): void {
        if (!existsSync(this.path)) return;
        const file = openSync(this.path, "a", 0o600);
        const { size } = fstatSync(file);
        try {
            writeSync(file, JSON.stringify({ compacted: digest } satisfies JournalEntry) + "\n");
            fsyncSync(file);
        } catch (error) {
            // The journal may go on, and then half a line would be damage.
            ftruncateSync(file, size);
            throw error;
        } finally {
            closeSync(file);
        }
    }

    /** Closes and removes the file. */
    async remove(): Promise<void> {
        rmSync(this.path, { force: true });
        await this.file?.close();
        this.file = undefined;
    }

    async close(): Promise<void> {
        await this.idle();
        await this.file?.close();
        this.file = undefined;
    }
}
