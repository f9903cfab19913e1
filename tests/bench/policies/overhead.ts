/** What the policy pack adds to a preview. */
import { join } from "node:path";

import { ROOT } from "../../e2e/support/sandbox";
import { withDeployed } from "../engine/deployed";
import { type Row, row } from "../row";

const PAIRS = 7;

/** Most that it may add, in seconds. */
const MOST = 1;

/** Each with and without in turn, so that what else the machine does falls on both. */
export function overhead(): Promise<Row[]> {
    return withDeployed("debt-os", async (deployed) => {
        await deployed.up();
        const judged = () => deployed.gw("preview", "--policy-pack", join(ROOT, "policies"));
        // The first one makes the pack's bundle.
        await judged();
        const added: number[] = [];
        for (let n = 0; n < PAIRS; n++) {
            const without = (await deployed.gw("preview")).seconds;
            added.push((await judged()).seconds - without);
        }
        return [
            row("policies.preview", "s", added, {
                aim: { of: "value", most: MOST },
                note: "what the pack adds to `gw preview` of debt-os",
            }),
        ];
    });
}
