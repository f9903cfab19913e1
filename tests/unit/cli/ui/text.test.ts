import { describe, expect, it } from "vitest";

import { createStyle, PLAIN, wantsColour } from "../../../../packages/cli/src/ui/style";
import { table } from "../../../../packages/cli/src/ui/table";
import {
    displayWidth,
    duration,
    memory,
    pad,
    plural,
    sanitise,
    truncate,
    wrap,
} from "../../../../packages/cli/src/ui/text";

const colour = createStyle(true);

describe("text", () => {
    it("measures what a terminal shows, not what a string holds", () => {
        expect(displayWidth(colour.red("abc"))).toBe(3);
        expect(displayWidth("日本")).toBe(4);
        expect(displayWidth("e\u0301")).toBe(1);
    });

    it("cuts to a width, keeps colour codes whole and ends them", () => {
        expect(truncate("abcdef", 6)).toBe("abcdef");
        expect(truncate("abcdef", 4)).toBe("abc…");
        expect(truncate("abcdef", 0)).toBe("");
        expect(truncate(colour.red("abcdef"), 4)).toBe("\u001B[31mabc…\u001B[0m");
        expect(displayWidth(truncate("日本語", 4))).toBeLessThanOrEqual(4);
    });

    it("pads on either side by what is seen", () => {
        expect(pad("ab", 4)).toBe("ab  ");
        expect(pad("ab", 4, "end")).toBe("  ab");
        expect(pad(colour.red("ab"), 4)).toBe(`${colour.red("ab")}  `);
    });

    it.each([
        [0, "0.0 s"],
        [-1, "0.0 s"],
        [9.94, "9.9 s"],
        [9.96, "10 s"],
        [59.4, "59 s"],
        [65, "1 m 05 s"],
        [3600, "1 h 00 m"],
        [90061, "1 d 1 h"],
    ])("says %d seconds as %s", (seconds, text) => expect(duration(seconds)).toBe(text));

    it("says memory in MiB and GiB", () => {
        expect(memory(512 * 1024 ** 2)).toBe("512 MiB");
        expect(memory(1.5 * 1024 ** 3)).toBe("1.5 GiB");
    });

    it("counts in words", () => {
        expect(plural(1, "volume")).toBe("1 volume");
        expect(plural(2, "volume")).toBe("2 volumes");
    });

    it("takes out of a container's words what could move the cursor", () => {
        expect(sanitise("\u0007a\u001B[2Jbc\rd\u0008")).toBe("abcd");
        expect(sanitise("one\ttwo\nthree")).toBe("one\ttwo\nthree");
    });

    it("wraps a list", () => {
        expect(wrap(["aa", "bb", "cc"], "  ", 9)).toEqual(["  aa, bb,", "  cc"]);
        expect(wrap([], "  ", 9)).toEqual([]);
    });
});

describe("colour", () => {
    it.each([
        [{ isTTY: true }, {}, {}, true],
        [{ isTTY: false }, {}, {}, false],
        [{ isTTY: true }, { color: false }, {}, false],
        [{ isTTY: true }, {}, { NO_COLOR: "1" }, false],
        [{ isTTY: true }, {}, { NO_COLOR: "" }, true],
        [{ isTTY: true }, {}, { TERM: "dumb" }, false],
        [{ isTTY: false }, {}, { FORCE_COLOR: "1" }, true],
        [{ isTTY: true }, {}, { FORCE_COLOR: "1", NO_COLOR: "1" }, false],
    ])("on %o with %o and %o: %s", (stream, options, env, wanted) => {
        expect(wantsColour(stream, options, env)).toBe(wanted);
    });
});

describe("table", () => {
    const columns = [{ title: "NAME", min: 6 }, { title: "N", align: "end" as const }, { title: "WHAT" }];

    it("aligns columns and leaves no space at the end of a line", () => {
        const rows = [
            ["api", "2", "ok"],
            ["postgres", "10", ""],
        ];
        expect(table(columns, rows, { width: 80, style: PLAIN })).toEqual([
            "NAME       N  WHAT",
            "api        2  ok",
            "postgres  10",
        ]);
    });

    it("cuts the widest column that may be cut until it fits, and no further than its least width", () => {
        const rows = [["a-very-long-name", "1", "ok"]];
        expect(table(columns, rows, { width: 18, style: PLAIN })).toEqual(["NAME       N  WHAT", "a-very-l…  1  ok"]);
        expect(table(columns, rows, { width: 5, style: PLAIN })[1]).toBe("a-ver…  1  ok");
    });
});
