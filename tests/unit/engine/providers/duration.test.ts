import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { formatDuration, parseDuration } from "../../../../packages/engine/src/providers/schema/duration";

describe("durations", () => {
    it.each([
        ["0s", 0],
        ["0", 0],
        ["10s", 10e9],
        ["1m30s", 90e9],
        ["1h0m0s", 3600e9],
        ["250ms", 250e6],
        ["1.5s", 1.5e9],
        ["-1s", -1e9],
    ])("reads %s", (text, nanoseconds) => {
        expect(parseDuration(text)).toBe(nanoseconds);
    });

    it.each(["", "5", "s", "5 s", "1d", "1m 2s", "ten"])("refuses %j", (text) => {
        expect(parseDuration(text)).toBeUndefined();
    });

    it.each([
        [0, "0s"],
        [90e9, "1m30s"],
        [3600e9, "1h0m0s"],
        [60e9, "1m0s"],
        [250e6, "250ms"],
        [1.5e9, "1.5s"],
    ])("writes %d as Go does", (nanoseconds, text) => {
        expect(formatDuration(nanoseconds)).toBe(text);
    });

    it("reads back what it writes", () => {
        fc.assert(
            fc.property(fc.integer({ min: 0, max: 1e9 }), (milliseconds) => {
                expect(parseDuration(formatDuration(milliseconds * 1e6))).toBe(milliseconds * 1e6);
            }),
        );
    });
});
