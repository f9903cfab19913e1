/**
 * `npm run bench [-- --only <id or its start> --json --write]`: each figure beside what it is compared with, in one run. Aims that are
 * missed are shown and are no failure; what could not be measured is a row with the reason, and exit code 1. `--write` puts what was
 * measured into `docs/benchmarks.md`.
 */
import { cpus, loadavg } from "node:os";
import { parseArgs } from "node:util";

import { backupBenches } from "./backup";
import { engineBenches } from "./engine";
import { kubernetesBenches } from "./kubernetes";
import { policyBenches } from "./policies";
import { writePage } from "./page";
import type { Bench, Row } from "./row";
import { table } from "./table";

const BENCHES: Bench[] = [...engineBenches, ...kubernetesBenches, ...backupBenches, ...policyBenches];

async function main(): Promise<void> {
    const { values } = parseArgs({
        options: { only: { type: "string" }, json: { type: "boolean" }, write: { type: "boolean" } },
    });
    const asked = (id: string): boolean => !values.only || matches(id, values.only);
    const chosen = BENCHES.filter(({ id }) => asked(id));
    if (chosen.length === 0) {
        console.error(`No benchmark "${values.only}". There are: ${BENCHES.map(({ id }) => id).join(", ")}.`);
        process.exit(2);
    }
    const say = (line: string): void => console.error(line);
    say(
        `${cpus().length} cores, load ${loadavg()[0]!.toFixed(1)} before the start; what else runs here shows in the figures.`,
    );
    const rows: Row[] = [];
    for (const bench of chosen) {
        say(`> ${bench.id}`);
        rows.push(...(await measured(bench, say, asked)));
    }
    const shown = rows.filter(({ id, error }) => error !== undefined || asked(id));
    console.log(values.json ? JSON.stringify(shown, null, 4) : table(shown));
    if (values.write) await writePage(shown);
    process.exitCode = shown.some(({ error }) => error !== undefined) ? 1 : 0;
}

/** Either is the start of the other: `engine` means all of it, `engine.scale.1000` the bench that has this row. */
function matches(id: string, only: string): boolean {
    const parts = id.split(".");
    return only.split(".").every((part, n) => parts[n] === undefined || parts[n] === part);
}

async function measured(bench: Bench, say: (line: string) => void, asked: (id: string) => boolean): Promise<Row[]> {
    try {
        return await bench.run(say, asked);
    } catch (error) {
        return [{ id: bench.id, unit: "", error: (error as Error).message }];
    }
}

main().catch((error: Error) => {
    console.error(error.message);
    process.exitCode = 2;
});
