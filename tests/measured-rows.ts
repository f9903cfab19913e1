/** A table of a page of docs/, between two markers, whose rows runs of tests and benchmarks measure. */
import { readFileSync, renameSync, writeFileSync } from "node:fs";

import { format, resolveConfig } from "prettier";

const [START, END] = ["<!-- measured -->", "<!-- end of what was measured -->"];

/** Of a table: its head, and the line below it. */
const HEAD_LINES = 2;

/** A bar within a cell does not end it. */
const BETWEEN_CELLS = /(?<!\\)\|/;

/**
 * Puts rows into a page's table, in the place of earlier ones of the same names, and sorts it by them.
 * @param page path of the page
 * @param head what stands above the columns
 * @param rows cells of each, the first of which is its name
 */
export async function writeMeasured(page: string, head: string[], rows: string[][]): Promise<void> {
    if (rows.length === 0) return;
    const options = { ...(await resolveConfig(page)), parser: "markdown" };
    for (;;) {
        const before = readFileSync(page, "utf8");
        const after = await format(withRows(before, head, rows), options);
        // Another process may have written rows of its own meanwhile.
        if (readFileSync(page, "utf8") !== before) continue;
        const draft = `${page}.${process.pid}`;
        writeFileSync(draft, after);
        renameSync(draft, page);
        return;
    }
}

function withRows(text: string, head: string[], rows: string[][]): string {
    const [start, end] = [text.indexOf(START), text.indexOf(END)];
    const earlier = text
        .slice(start, end)
        .split("\n")
        .filter((each) => each.startsWith("|"))
        .slice(HEAD_LINES);
    const byName = new Map([...earlier, ...rows.map(line)].map((each) => [nameOf(each), each]));
    const sorted = [...byName].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, each]) => each);
    const table = [line(head), line(head.map(() => "---")), ...sorted].join("\n");
    return `${text.slice(0, start)}${START}\n\n${table}\n\n${text.slice(end)}`;
}

function nameOf(row: string): string {
    return row.split(BETWEEN_CELLS)[1]!.trim();
}

function line(cells: string[]): string {
    return `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
}
