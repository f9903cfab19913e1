/** `docs/benchmarks.md`: what runs with `--write` have measured. */
import { readFileSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";

import { format, resolveConfig } from "prettier";

import type { Row } from "./row";
import { cellsOf, HEAD } from "./table";

const PAGE = join(__dirname, "../../docs/benchmarks.md");
const [START, END] = ["<!-- measured -->", "<!-- end of what was measured -->"];

/** Puts rows into the page, in the place of earlier ones of the same ids. What could not be measured leaves the earlier one there. */
export async function writePage(rows: Row[]): Promise<void> {
    const page = readFileSync(PAGE, "utf8");
    const [start, end] = [page.indexOf(START), page.indexOf(END)];
    const lines = new Map(
        page
            .slice(start, end)
            .split("\n")
            .filter((line) => /^\| \w+\./.test(line))
            .map((line) => [line.split("|")[1]!.trim(), line]),
    );
    const measured = `${new Date().toISOString().slice(0, 10)}, ${cpus().length} cores`;
    for (const row of rows.filter(({ error }) => error === undefined))
        lines.set(row.id, line([...cellsOf(row), row.note ?? "", measured]));
    const head = [...HEAD, "of it", "when, on"];
    const table = [line(head), line(head.map(() => "---")), ...[...lines.values()].sort()].join("\n");
    const text = `${page.slice(0, start)}${START}\n\n${table}\n\n${page.slice(end)}`;
    writeFileSync(PAGE, await format(text, { ...(await resolveConfig(PAGE)), parser: "markdown" }));
}

/** A bar within a cell would end it. */
function line(cells: string[]): string {
    return `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
}
