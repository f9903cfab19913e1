import { describe, expect, test } from "vitest";

import {
    firstGap,
    parseSegment,
    segmentName,
    segmentsBetween,
} from "../../../packages/backup/src/stores/postgres/segments";

const MIB_16 = 16 * 1024 * 1024;

describe("write-ahead log segments", () => {
    test("are counted over the end of a log file of 4 GiB", () => {
        expect(segmentsBetween("0000000100000000000000FE", "000000010000000100000001", MIB_16)).toEqual([
            "0000000100000000000000FE",
            "0000000100000000000000FF",
            "000000010000000100000000",
            "000000010000000100000001",
        ]);
    });

    test("have the names that they are parsed from", () => {
        for (const name of ["000000010000000000000001", "0000000A0000001200000042"]) {
            expect(segmentName(parseSegment(name, MIB_16)!, MIB_16)).toBe(name);
        }
        expect(parseSegment("00000002.history", MIB_16)).toBeUndefined();
    });

    test("a gap is named, and a later timeline fills its place", () => {
        const start = "000000010000000000000002";
        expect(firstGap([start, "000000010000000000000004"], start, MIB_16)).toBe("000000010000000000000003");
        expect(
            firstGap([start, "000000020000000000000003", "000000020000000000000004.partial"], start, MIB_16),
        ).toBeUndefined();
        expect(firstGap([], start, MIB_16)).toBe(start);
    });
});
