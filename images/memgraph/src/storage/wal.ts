import { closeSync, fdatasyncSync, ftruncateSync, openSync } from "node:fs";
import { dirname } from "node:path";

import type { Value } from "../bolt/packstream";
import type { Operation } from "../graph/elements";
import { frame } from "./records";
import { syncDirectory, writeAll } from "./snapshot";

/** The write-ahead log: a record for each transaction, on disk before the transaction is acknowledged. */
export class WriteAheadLog {
    private readonly file: number;
    private size = 0;

    constructor(readonly path: string) {
        this.file = openSync(path, "wx", 0o640);
        syncDirectory(dirname(path));
    }

    /** @throws when the disk does not take it; the log is then as it was before. */
    append(sequence: bigint, operations: Operation[]): void {
        const record = frame([sequence, operations as unknown as Value]);
        try {
            writeAll(this.file, record);
            fdatasyncSync(this.file);
            this.size += record.length;
        } catch (error) {
            // Half a record in the middle of the log would make all after it unreadable.
            ftruncateSync(this.file, this.size);
            throw error;
        }
    }

    get empty(): boolean {
        return this.size === 0;
    }

    close(): void {
        closeSync(this.file);
    }
}
