/**
 * Append-only log of what a run does, beside the snapshot that it starts from. One JSON entry a line; a line that the run did not get to
 * finish is no line. Many waiting entries share one flush to disk.
 */
import { closeSync, existsSync, fsyncSync, openSync, readFileSync, rmSync, writeSync } from "node:fs";
import { open, type FileHandle } from "node:fs/promises";

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

/** Entries of a journal file's text. A torn tail is dropped. @throws Error if a line before the last one is damaged */
export function parseJournal(text: string): JournalEntry[] {
    const lines = text.split("\n");
    // What comes after the last line break was not written to its end.
    lines.pop();
    return lines.flatMap((line, i) => {
        try {
            return [JSON.parse(line) as JournalEntry];
        } catch (error) {
            if (i === lines.length - 1) return [];
            throw new Error(`Line ${i + 1} of the journal is damaged: ${(error as Error).message}`, { cause: error });
        }
    });
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

/** Undefined: there is none. */
export function readJournal(path: string): JournalEntry[] | undefined {
    try {
        return parseJournal(readFileSync(path, "utf8"));
    } catch (error) {
        if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
        throw new Error(`${path}: ${(error as Error).message}`, { cause: error });
    }
}

export class Journal {
    /** Length so far, with what is still to be written. */
    bytes = 0;
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
        this.flushing ??= this.flush();
    }

    private push(line: string): void {
        this.bytes += line.length + 1;
        this.waiting.push(line + "\n");
    }

    /** Something is on its way to disk. */
    get busy(): boolean {
        return this.flushing !== undefined;
    }

    /** Resolves when all that was appended before is on disk. */
    async durable(): Promise<void> {
        while (this.flushing) await this.flushing;
    }

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
            }
        } finally {
            this.flushing = undefined;
        }
    }

    /** Says that a snapshot with this digest is about to hold everything. The journal must be {@link durable}; one that was never begun says nothing. */
    markCompacted(digest: string): void {
        if (!existsSync(this.path)) return;
        const file = openSync(this.path, "a", 0o600);
        try {
            writeSync(file, JSON.stringify({ compacted: digest } satisfies JournalEntry) + "\n");
            fsyncSync(file);
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
        await this.durable();
        await this.file?.close();
        this.file = undefined;
    }
}
