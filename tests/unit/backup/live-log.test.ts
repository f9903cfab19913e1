import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { takeLiveLog } from "../../../packages/backup/src/stores/postgres/live-log";
import { parseSegment, segmentName } from "../../../packages/backup/src/stores/postgres/segments";

const PAGE = 8192;
const SEGMENT = 1024 * 1024;
const SYSTEM = "7300000000000000001";
const name = (number: number, timeline = 1) => segmentName({ timeline, number }, SEGMENT);

let root: string;
let volume: string;
let target: string;
const start = { first: name(3), system: SYSTEM, segmentBytes: SEGMENT };

beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "live-log-"));
    volume = join(root, "pgdata");
    target = join(root, "log");
    mkdirSync(join(volume, "pg_wal"), { recursive: true });
    mkdirSync(target);
});
afterEach(() => {
    rmSync(root, { recursive: true });
});

/** A segment as Postgres writes it: so many pages, each with its position, and what an earlier use of the file left behind them. */
function segment(
    of: string,
    pages: string[],
    { system = SYSTEM, at = parseSegment(of, SEGMENT)!.number } = {},
): Buffer {
    const bytes = Buffer.alloc(SEGMENT, 0xee);
    for (const [index, text] of pages.entries()) {
        const page = bytes.subarray(index * PAGE, (index + 1) * PAGE).fill(0);
        page.writeBigUInt64LE(BigInt(at * SEGMENT + index * PAGE), 8);
        if (index === 0) page.writeBigUInt64LE(BigInt(system), 24);
        page.write(text, 48);
    }
    return bytes;
}

const live = (file: string, bytes: Buffer | string) => {
    writeFileSync(join(volume, "pg_wal", file), bytes);
};
const shipped = (file: string, bytes: Buffer) => {
    writeFileSync(join(target, file), bytes);
};
const take = () => takeLiveLog(volume, start, target);

describe("the log on a server's own volume", () => {
    test("goes on where what was shipped ends", () => {
        shipped(name(3), segment(name(3), ["a", "b"]));
        shipped(`${name(4)}.partial`, segment(name(4), ["c", "d"]));
        const newest = segment(name(4), ["c", "d and more", "e"]);
        live(name(4), newest);
        live(name(5), segment(name(5), ["f"]));
        expect(take()).toBe(1);
        expect(readdirSync(target).sort()).toEqual([name(3), name(4), name(5)]);
        expect(readFileSync(join(target, name(4))).equals(newest)).toBe(true);
    });

    test("is left out where it is older than the backup, of another cluster, or kept for later use", () => {
        live(name(2), segment(name(2), ["before"]));
        live(name(3), segment(name(3), ["other"], { system: "7300000000000000002" }));
        live(name(4), segment(name(4), ["recycled"], { at: 1 }));
        live(name(5), Buffer.alloc(SEGMENT));
        live(name(6), Buffer.alloc(10));
        live("archive_status", "");
        expect(take()).toBeUndefined();
        expect(readdirSync(target)).toEqual([]);
    });

    test("does not replace what was shipped when it is damaged before that ends", () => {
        const partial = segment(name(3), ["a", "b", "c"]);
        shipped(`${name(3)}.partial`, partial);
        live(name(3), segment(name(3), ["a", "damaged", "c", "d"]));
        expect(take()).toBe(1);
        expect(readdirSync(target)).toEqual([`${name(3)}.partial`]);
        expect(readFileSync(join(target, `${name(3)}.partial`)).equals(partial)).toBe(true);
    });

    test("says which timeline the server is on, with that one's history", () => {
        live("00000002.history", "1\t0/400000\tno recovery target specified\n");
        live(name(3), segment(name(3), ["a"]));
        live(name(3, 2), segment(name(3, 2), ["b"]));
        shipped("00000003.history", Buffer.from("of a restore that was undone"));
        expect(take()).toBe(2);
        expect(readdirSync(target).sort()).toEqual(
            [name(3), name(3, 2), "00000002.history", "00000003.history"].sort(),
        );
    });

    test("leads nowhere for a backup of a timeline that the server has left", () => {
        live(name(4), segment(name(4), ["a"]));
        expect(takeLiveLog(volume, { ...start, first: name(3, 2) }, target)).toBeUndefined();
    });

    test("is nothing where the volume is gone", () => {
        rmSync(volume, { recursive: true });
        expect(take()).toBeUndefined();
    });
});
