/**
 * The end of the write-ahead log that only the server's own volume has yet: shipping is seconds behind, and what was committed in them is
 * lost to a restore only where the volume is.
 */
import { closeSync, copyFileSync, existsSync, openSync, readdirSync, readSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";

import { log } from "../../log";
import { parseSegment } from "./segments";
import type { LogStart } from "./shipped-log";

/** Size of a page of the log; every build that is packaged has this one. */
const PAGE_BYTES = 8192;
/**
 * A segment's first page begins with its position (at 8) and, after 24 bytes that every page has, the cluster's number.
 * `XLogLongPageHeaderData` in Postgres' access/xlog_internal.h
 */
const POSITION_AT = 8;
const SYSTEM_AT = 24;
const HEADER_BYTES = 40;

/**
 * Puts into a folder with what was shipped whatever the server's volume has beyond it: of the same cluster, whole, and going on from there.
 * @param directory the server's data directory; it may be gone, damaged, or written to meanwhile
 * @returns the timeline that the server is on, which is not the newest after an undo; undefined where nothing of its log can be used
 */
export function takeLiveLog(directory: string, start: LogStart, target: string): number | undefined {
    const source = join(directory, "pg_wal");
    if (!existsSync(source)) return undefined;
    const timelines: number[] = [];
    const oldest = parseSegment(start.first, start.segmentBytes)!;
    for (const name of readdirSync(source).sort()) {
        const segment = parseSegment(name, start.segmentBytes);
        if (!segment || name.endsWith(".partial") || segment.number < oldest.number) continue;
        const position = segment.number * start.segmentBytes;
        unlessGone(() => {
            if (!isOf(join(source, name), start.system, position)) return;
            if (!existsSync(join(target, name))) take(join(source, name), join(target, name), start.system, position);
            timelines.push(segment.timeline);
        });
    }
    if (timelines.length === 0) return undefined;
    for (const name of readdirSync(source).filter((one) => one.endsWith(".history")))
        if (!existsSync(join(target, name))) unlessGone(() => copyFileSync(join(source, name), join(target, name)));
    const newest = Math.max(...timelines);
    // A backup of a timeline that the server has left leads nowhere on the server's.
    return newest < oldest.timeline ? undefined : newest;
}

/** The server may remove what was shipped, and is in the target therefore, at any moment after its folder was listed. */
function unlessGone(work: () => void): void {
    try {
        work();
    } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    }
}

/** In place of the part of it that was shipped, when it begins with that: a volume that is damaged may hold less than the repository. */
function take(from: string, to: string, system: string, position: number): void {
    const copy = `${to}.live`;
    copyFileSync(from, copy);
    const shipped = `${to}.partial`;
    // The server may have given the file another place in its log while it was copied.
    const good = isOf(copy, system, position) && (!existsSync(shipped) || beginsWith(copy, shipped, position));
    if (!good) {
        log.warn({ segment: from }, "the server's own log differs from what was shipped of it, which is taken instead");
        rmSync(copy);
        return;
    }
    renameSync(copy, to);
    rmSync(shipped, { force: true });
}

/** Whether a segment is what its name says, of this cluster: one that is kept for later use has a new name and its old content. */
function isOf(file: string, system: string, position: number): boolean {
    const header = read(file, 0, HEADER_BYTES);
    return (
        header.length === HEADER_BYTES &&
        header.readBigUInt64LE(POSITION_AT) === BigInt(position) &&
        header.readBigUInt64LE(SYSTEM_AT).toString() === system
    );
}

/** Compares the pages that were full when the earlier one was copied: all but the last that had been written to by then. */
function beginsWith(file: string, earlier: string, position: number): boolean {
    for (let at = 0; ; at += PAGE_BYTES) {
        const page = read(earlier, at, PAGE_BYTES);
        const next = read(earlier, at + PAGE_BYTES, POSITION_AT + 8);
        const isLast =
            next.length < POSITION_AT + 8 || next.readBigUInt64LE(POSITION_AT) !== BigInt(position + at + PAGE_BYTES);
        if (isLast) return true;
        if (!page.equals(read(file, at, PAGE_BYTES))) return false;
    }
}

function read(file: string, at: number, bytes: number): Buffer {
    const handle = openSync(file, "r");
    try {
        const buffer = Buffer.alloc(bytes);
        return buffer.subarray(0, readSync(handle, buffer, 0, bytes, at));
    } finally {
        closeSync(handle);
    }
}
