/** `docs/recovery.md`: what test runs measured when they destroyed something and brought it back, beside what the documents ask for. */
import { join } from "node:path";

import { SYSTEMS } from "../../../systems";
import type { Objective } from "../../../systems/types";
import { writeMeasured } from "../../measured-rows";
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
    const rows = measured
        .splice(0)
        .map(({ scenario, objective, rtoSeconds, rpoSeconds }) => [
            scenario,
            ...[objective.rtoSeconds, rtoSeconds, objective.rpoSeconds, rpoSeconds].map(seconds),
        ]);
    await writeMeasured(PAGE, ["Scenario", "RTO asked for", "measured", "RPO asked for", "measured"], rows);
}

function seconds(value: number): string {
    if (value < 120) return `${Number(value.toFixed(1))} s`;
    return value < 7200 ? `${Number((value / 60).toFixed(1))} min` : `${Number((value / 3600).toFixed(1))} h`;
}
