/** Files of records, each with its length and checksum, so that a record that was not written whole is told from one that was. */
import { readFileSync } from "node:fs";
import { crc32 } from "node:zlib";

import { decode, encode, type Value } from "../bolt/packstream";

/** Length and checksum, 32 bits each. */
const HEADER_BYTES = 8;

export function frame(value: Value): Buffer {
    const payload = encode(value);
    const header = Buffer.alloc(HEADER_BYTES);
    header.writeUInt32BE(payload.length, 0);
    header.writeUInt32BE(crc32(payload), 4);
    return Buffer.concat([header, payload]);
}

interface Records {
    records: Value[];
    /** Bytes up to the end of the last whole record. */
    wholeBytes: number;
    /** `torn`: the file ends in the middle of a record, as after a crash. `corrupt`: a record in it is not what was written. */
    end: "whole" | "torn" | "corrupt";
}

export function readRecords(path: string): Records {
    const bytes = readFileSync(path);
    const records: Value[] = [];
    let at = 0;
    while (at < bytes.length) {
        const next = at + HEADER_BYTES > bytes.length ? Infinity : at + HEADER_BYTES + bytes.readUInt32BE(at);
        if (next > bytes.length) return { records, wholeBytes: at, end: "torn" };
        const payload = bytes.subarray(at + HEADER_BYTES, next);
        if (crc32(payload) !== bytes.readUInt32BE(at + 4)) {
            // A crash can also leave the last record at its full length with pages missing; zeros are such pages.
            const last = next === bytes.length || bytes.subarray(at).every((byte) => byte === 0);
            return { records, wholeBytes: at, end: last ? "torn" : "corrupt" };
        }
        if (payload.length === 0) return { records, wholeBytes: at, end: "torn" };
        records.push(decode(payload));
        at = next;
    }
    return { records, wholeBytes: at, end: "whole" };
}
