/** Preview of a whole system that has nothing to change, and where its time goes. */
import { spawn } from "node:child_process";
import { join } from "node:path";

import type { SystemKey } from "../../../systems/types";
import { expectCode, finished, ROOT } from "../../e2e/support/sandbox";
import { type Bench, type Row, row, samples } from "../row";
import { type Deployed, withDeployed } from "./deployed";
import type { Shares } from "./shares-process";

const BENCH = "engine.preview";
const RUNS = 5;

export function previewBench(system: SystemKey): Bench {
    const id = `${BENCH}.${system}`;
    return {
        id,
        run: () =>
            withDeployed(system, async (deployed) => {
                await deployed.up();
                // The first one reads what no cache of the machine holds yet.
                const digest = JSON.parse((await deployed.gw("preview", "--json")).stdout) as { changeSummary: object };
                if (Object.keys(digest.changeSummary).join() !== "same") {
                    throw new Error(`the second preview is not empty: ${JSON.stringify(digest.changeSummary)}`);
                }
                const runs = await samples(RUNS, async () => (await deployed.gw("preview")).seconds);
                const total = row(id, "s", runs, {
                    aim: { of: "value", most: 2 },
                    note: "`gw preview`, from start to end",
                });
                return system === "debt-os" ? [total, ...(await shares(deployed))] : [total];
            }),
    };
}

/** The same preview in the engine alone, in a process of its own each time. */
async function shares({ sandbox }: Deployed): Promise<Row[]> {
    const taken: Shares[] = [];
    for (let n = 0; n < RUNS; n++) {
        const args = [
            "--import",
            "tsx",
            join(__dirname, "shares-process.ts"),
            sandbox.directory,
            sandbox.stack,
            sandbox.file,
        ];
        const result = await finished(spawn(process.execPath, args, { cwd: ROOT, stdio: ["ignore", "pipe", "pipe"] }));
        expectCode(result, 0);
        taken.push(JSON.parse(result.stdout) as Shares);
    }
    const share = (id: string, note: string, of: (shares: Shares) => number): Row =>
        row(`${BENCH}.debt-os.share.${id}`, "s", taken.map(of), { note });
    return [
        share(
            "key",
            "deriving the key of the state's secrets, in another thread while the program starts",
            (s) => s.key,
        ),
        share("state", "reading and decrypting the state, without the key", (s) => s.state),
        share("program", "from the start of the engine until the program registers its first resource", (s) => s.first),
        share(
            "resources",
            "from there until the program has ended and every resource is compared",
            (s) => s.total - s.first,
        ),
    ];
}
