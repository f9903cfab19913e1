/** Findings that are kept on purpose, each with its reason: `waivers.yaml`. */
import { parse } from "yaml";
import { z } from "zod";

import type { Verdict } from "./verdict";

const WAIVERS = z.array(
    z.strictObject({
        /** `<tool>/<check>` */
        checks: z.array(z.string().regex(/^(kube-score|checkov)\/\S+$/)).min(1),
        /** `*`, `<workload>` or `<system>/<workload>` */
        workloads: z.array(z.string().min(1)).min(1),
        /** Long enough to be one. */
        reason: z.string().trim().min(40, "must be a reason, in a sentence"),
    }),
);

export type Waiver = z.infer<typeof WAIVERS>[number];

export interface Settled {
    /** Failures that no waiver explains. */
    failed: Verdict[];
    waived: Verdict[];
    /** `<check> of <workload>` of waivers that explain nothing, or nothing that another one does not. */
    unused: string[];
}

/** @throws Error with everything that is wrong with the file */
export function parseWaivers(text: string): Waiver[] {
    const { data, error } = WAIVERS.safeParse(parse(text));
    if (error) throw new Error(`The waivers are wrong:\n${z.prettifyError(error)}`);
    return data;
}

/** Shares the failures out: each to the first waiver that explains it. */
export function settle(verdicts: Verdict[], waivers: Waiver[]): Settled {
    const entries = waivers.flatMap(({ checks, workloads }) =>
        checks.flatMap((check) => workloads.map((workload) => ({ check, workload, used: false }))),
    );
    const settled: Settled = { failed: [], waived: [], unused: [] };
    for (const verdict of verdicts.filter(({ passed }) => !passed)) {
        const entry = entries.find(({ check, workload }) => explains(check, workload, verdict));
        if (entry) entry.used = true;
        settled[entry ? "waived" : "failed"].push(verdict);
    }
    settled.unused = entries.filter(({ used }) => !used).map(({ check, workload }) => `${check} of ${workload}`);
    return settled;
}

function explains(check: string, workload: string, verdict: Verdict): boolean {
    if (check !== `${verdict.tool}/${verdict.check}`) return false;
    const [name, system] = workload.split("/").reverse();
    if (name === "*") return true;
    return name === verdict.workload && (system === undefined || verdict.stack.replace(/-[a-z]+$/, "") === system);
}
