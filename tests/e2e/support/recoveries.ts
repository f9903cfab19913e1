/** Recovery times that were measured, beside what the documents allow. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { PLAIN } from "../../../packages/cli/src/ui/style";
import { table } from "../../../packages/cli/src/ui/table";
import type { Objective, System } from "../../../systems/types";
import { ROOT } from "./sandbox";

export interface Recovery {
    scenario: string;
    /** Until everything was as before. */
    seconds: number;
    /** The document's, which it is measured against. */
    objective: Objective;
    /** Writes that were acknowledged meanwhile, and those of them that were not there afterwards. */
    acknowledged: number;
    lost: number;
    /** Requests that failed meanwhile. */
    refused: number;
}

export function objectiveOf(system: System, scenario: Objective["scenario"]): Objective {
    const objective = system.objectives.find((each) => each.scenario === scenario);
    if (!objective) throw new Error(`the document of ${system.title} has no objective for ${scenario}`);
    return objective;
}

/** Prints the table, and writes it to `reports/<file>` for whoever wants the figures. */
export function report(title: string, measured: Recovery[], file: string): void {
    if (measured.length === 0) return;
    const rows = measured.map(({ scenario, seconds, objective, acknowledged, lost, refused }) => [
        scenario,
        `${seconds.toFixed(1)} s`,
        `${objective.rtoSeconds} s`,
        `${lost} of ${acknowledged}`,
        String(refused),
        objective.source,
    ]);
    const lines = table(
        [
            { title: "SCENARIO" },
            { title: "RECOVERED IN", align: "end" },
            { title: "OBJECTIVE", align: "end" },
            { title: "WRITES LOST", align: "end" },
            { title: "REFUSED", align: "end" },
            { title: "SOURCE OF THE OBJECTIVE" },
        ],
        rows,
        { width: 160, style: PLAIN },
    );
    console.log([title, ...lines].join("\n"));
    mkdirSync(join(ROOT, "reports"), { recursive: true });
    writeFileSync(join(ROOT, "reports", file), `${JSON.stringify(measured, null, 2)}\n`);
}
