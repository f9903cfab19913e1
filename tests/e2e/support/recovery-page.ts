/** `docs/recovery.md`: what test runs measured when they destroyed something and brought it back, beside what the documents ask for. */
import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { format, resolveConfig } from "prettier";

import { SYSTEMS } from "../../../systems";
import type { Objective } from "../../../systems/types";
import { ROOT } from "./sandbox";

export interface Recovered {
    scenario: string;
    objective: Pick<Objective, "rtoSeconds" | "rpoSeconds">;
    /** From the damage, or from when somebody noticed, until it serves again. */
    rtoSeconds: number;
    /** How much of what had been acknowledged is gone, as time. */
    rpoSeconds: number;
}

const PAGE = join(ROOT, "docs/recovery.md");
const [START, END] = ["<!-- measured -->", "<!-- end of what was measured -->"];

/** The shortest of all systems' documents. */
export function strictest(scenario: Objective["scenario"]): Recovered["objective"] {
    const all = Object.values(SYSTEMS).flatMap(({ objectives }) =>
        objectives.filter((one) => one.scenario === scenario),
    );
    return {
        rtoSeconds: Math.min(...all.map(({ rtoSeconds }) => rtoSeconds)),
        rpoSeconds: Math.min(...all.map(({ rpoSeconds }) => rpoSeconds)),
    };
}

const measured: Recovered[] = [];

/** Takes a measurement; `writePage` at the end of a file writes them. */
export function recovered(one: Recovered): void {
    measured.push(one);
    console.log(`${one.scenario}: back in ${seconds(one.rtoSeconds)}, the last ${seconds(one.rpoSeconds)} lost`);
}

/** Puts what was measured into the page, in the place of earlier measurements of the same scenarios. */
export async function writePage(): Promise<void> {
    const rows = measured.splice(0).map(({ scenario, objective, rtoSeconds, rpoSeconds }): [string, string] => {
        const cells = [objective.rtoSeconds, rtoSeconds, objective.rpoSeconds, rpoSeconds].map(seconds);
        return [scenario, `| ${[scenario, ...cells].join(" | ")} |`];
    });
    const options = { ...(await resolveConfig(PAGE)), parser: "markdown" };
    for (;;) {
        const page = readFileSync(PAGE, "utf8");
        const text = await format(withRows(page, rows), options);
        // Tests of another process may have written theirs meanwhile.
        if (readFileSync(PAGE, "utf8") !== page) continue;
        const draft = `${PAGE}.${process.pid}`;
        writeFileSync(draft, text);
        renameSync(draft, PAGE);
        return;
    }
}

/** @param rows by scenario */
function withRows(page: string, rows: [string, string][]): string {
    const [start, end] = [page.indexOf(START), page.indexOf(END)];
    const before = page
        .slice(start, end)
        .split("\n")
        .filter((line) => line.startsWith("| ") && !line.startsWith("| Scenario") && !line.startsWith("| ---"))
        .map((line): [string, string] => [line.split("|")[1]!.trim(), line]);
    const table = [
        "| Scenario | RTO asked for | measured | RPO asked for | measured |",
        "| --- | --- | --- | --- | --- |",
        ...[...new Map([...before, ...rows])].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row),
    ];
    return `${page.slice(0, start)}${START}\n\n${table.join("\n")}\n\n${page.slice(end)}`;
}

function seconds(value: number): string {
    if (value < 120) return `${Number(value.toFixed(1))} s`;
    return value < 7200 ? `${Number((value / 60).toFixed(1))} min` : `${Number((value / 3600).toFixed(1))} h`;
}
