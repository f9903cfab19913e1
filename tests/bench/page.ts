/** `docs/benchmarks.md`: what runs with `--write` have measured. */
import { cpus } from "node:os";
import { join } from "node:path";

import { writeMeasured } from "../measured-rows";
import type { Row } from "./row";
import { cellsOf, HEAD } from "./table";

const PAGE = join(__dirname, "../../docs/benchmarks.md");

/** Puts rows into the page. What could not be measured leaves the earlier one there. */
export async function writePage(rows: Row[]): Promise<void> {
    const measured = `${new Date().toISOString().slice(0, 10)}, ${cpus().length} cores`;
    await writeMeasured(
        PAGE,
        [...HEAD, "of it", "when, on"],
        rows.filter(({ error }) => error === undefined).map((row) => [...cellsOf(row), row.note ?? "", measured]),
    );
}
