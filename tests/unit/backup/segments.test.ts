import { describe, expect, test } from "vitest";

import {
    firstGap,
    parseSegment,
    positionsBetween,
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

    test("are found on any timeline, whole or in part, and no others", () => {
        const patterns = positionsBetween("0000000100000000000000FF", "000000030000000100000000", MIB_16);
        const asRegExp = (pattern: string) => new RegExp(`^${pattern.replaceAll("?", ".").replaceAll("*", ".*")}$`);
        const wanted = (file: string) => patterns.some((pattern) => asRegExp(pattern).test(file));
        expect(
            ["0000000100000000000000FF", "000000020000000100000000", "000000030000000100000000.partial"].map(wanted),
        ).toEqual([true, true, true]);
        expect(["0000000100000000000000FE", "000000010000000100000001", "00000002.history"].map(wanted)).toEqual([
            false,
            false,
            false,
        ]);
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
