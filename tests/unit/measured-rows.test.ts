/** What runs measured, written into a page. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { beforeEach, expect, test } from "vitest";

import { writeMeasured } from "../measured-rows";
import { temporary } from "../temporary";

const HEAD = ["what", "seconds"];

const page = join(temporary("measured"), "page.md");
const rows = () =>
    readFileSync(page, "utf8")
        .split("\n")
        .filter((line) => line.startsWith("|"))
        .map((line) => line.replaceAll(/ +/g, " "));

beforeEach(() => {
    writeFileSync(page, "# Before\n\n<!-- measured -->\n<!-- end of what was measured -->\n\nAfter.\n");
});

test("a row takes the place of the earlier one of its name, all are sorted, and the rest of the page stays", async () => {
    await writeMeasured(page, HEAD, [
        ["b", "2"],
        ["a", "1"],
    ]);
    await writeMeasured(page, HEAD, [["b", "3"]]);
    expect(rows()).toEqual(["| what | seconds |", "| ---- | ------- |", "| a | 1 |", "| b | 3 |"]);
    expect(readFileSync(page, "utf8")).toMatch(/^# Before\n\n<!-- measured -->[^]*measured -->\n\nAfter\.\n$/);
});

test("a bar in a cell stays in it, also where the row is written anew", async () => {
    await writeMeasured(page, HEAD, [["dump | zstd", "1 | 2"]]);
    await writeMeasured(page, HEAD, [["dump | zstd", "3"]]);
    expect(rows().slice(2)).toEqual(["| dump \\| zstd | 3 |"]);
});

test("of two who write at once neither loses a row", async () => {
    const names = ["a", "b", "c", "d"];
    await Promise.all(names.map((name) => writeMeasured(page, HEAD, [[name, "1"]])));
    expect(rows().slice(2)).toEqual(names.map((name) => `| ${name} | 1 |`));
});

test("nothing that was measured changes nothing", async () => {
    const before = readFileSync(page, "utf8");
    await writeMeasured(page, HEAD, []);
    expect(readFileSync(page, "utf8")).toBe(before);
});
