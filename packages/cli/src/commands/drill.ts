import { join, relative } from "node:path";

import { chartOf, type DrillReport, type DrillRow, markdownOf } from "@groundwork/backup/drill/report";

import { expectDone } from "../backups/outcome";
import { type Outcome, storeCalled, type Toolbox } from "../backups/toolbox";
import { EXIT } from "../errors";
import { makeDirectory, writeWhole } from "../files";
import type { StackOptions } from "../options";
import type { Output } from "../ui/output";
import { table } from "../ui/table";
import { duration, plural } from "../ui/text";
import { openDeployed, runtimeOf } from "../runtime/deployed";

interface DrillOptions extends StackOptions {
    store?: string;
    /** Folder for the report. */
    out?: string;
}

/** Exit code of `packages/backup`: a backup is not whole. */
const NOT_WHOLE = 6;

/** Restores the newest backup of every store into a throw-away place, and proves it. Exit code 1 when one does not come back. */
export async function drill(options: DrillOptions, output: Output): Promise<number> {
    const session = await openDeployed(options, output);
    const toolbox = await (await runtimeOf(session)).toolbox();
    const reports: DrillReport[] = [];
    for (const store of await storesOf(toolbox, options.store)) {
        output.progress(`${output.style.cyan("•")} restoring ${store} into a throw-away place`);
        reports.push(reportOf(await toolbox.ask(["drill", "--store", store], store)));
    }
    const report: DrillReport = { ...reports[0]!, rows: reports.flatMap(({ rows }) => rows) };
    const files = write(report, options.out ?? join(session.project.dir, "reports", "drills"));
    const failed = report.rows.filter(({ problem }) => problem !== undefined).length;
    if (output.json) output.printJson({ ...report, files });
    else
        output.print(
            ...render(report, output),
            "",
            failed === 0
                ? `${output.style.green("✓")} ${plural(report.rows.length, "backup")} came back whole.`
                : `${output.style.red("✗")} ${failed} of ${plural(report.rows.length, "backup")} did not come back.`,
            `The report is ${relative(process.cwd(), files.markdown)}.`,
        );
    return failed === 0 ? EXIT.done : EXIT.failed;
}

async function storesOf(toolbox: Toolbox, wanted: string | undefined): Promise<string[]> {
    if (wanted !== undefined) return [(await storeCalled(wanted, toolbox)).name];
    return (await toolbox.stores()).map(({ name }) => name).sort();
}

/** A drill that failed has a report too, unless it did not get so far: a damaged repository ends with the same exit code. */
export function reportOf(outcome: Outcome): DrillReport {
    const told = outcome.exitCode === NOT_WHOLE && outcome.lines.length > 0;
    const lines = told ? outcome.lines : expectDone(outcome);
    return JSON.parse(lines.join("")) as DrillReport;
}

function write(report: DrillReport, directory: string) {
    makeDirectory(directory);
    const name = `${report.stack}-${report.at.replace(/\D/g, "").slice(0, 14)}`;
    const [json, chart, markdown] = ["json", "svg", "md"].map((ending) => join(directory, `${name}.${ending}`)) as [
        string,
        string,
        string,
    ];
    writeWhole(json, `${JSON.stringify(report, undefined, 2)}\n`);
    writeWhole(chart, chartOf(report));
    writeWhole(markdown, markdownOf(report, `${name}.svg`));
    return { markdown, json, chart };
}

function render({ rows }: DrillReport, { style, columns }: Output): string[] {
    const titles = [
        { title: " " },
        { title: "STORE" },
        { title: "METHOD" },
        { title: "RESTORED IN", align: "end" as const },
        { title: "WOULD LOSE", align: "end" as const },
        { title: "", min: 20 },
    ];
    const cells = ({ store, method, id, rtoSeconds, rpoSeconds, problem }: DrillRow): string[] => [
        problem === undefined ? style.green("✓") : style.red("✗"),
        store,
        method,
        rtoSeconds === undefined ? "-" : duration(rtoSeconds),
        rpoSeconds === undefined ? "-" : duration(rpoSeconds),
        problem === undefined ? style.dim(id ?? "") : style.red(problem),
    ];
    return table(titles, rows.map(cells), { width: columns, style });
}
