/** Results beside earlier ones: what is new, what is fixed. */
import { readFileSync } from "node:fs";

import type { Violation } from "@groundwork/policies/core/results";
import { SEVERITIES } from "@groundwork/policies/core/rule";
import { z } from "zod";

import { UsageError } from "../errors";
import { fingerprintsOf, violationFingerprints } from "./fingerprint";
import type { Judged } from "./judge";

const PastViolation = z.object({
    rule: z.string(),
    title: z.string(),
    severity: z.enum(SEVERITIES),
    enforcement: z.enum(["advisory", "mandatory"]),
    stack: z.string().optional(),
    resource: z.string(),
    path: z.string(),
    message: z.string(),
    file: z.string().optional(),
    line: z.number().int().positive().optional(),
});
const Past = z.object({ violations: z.array(PastViolation) });

/** A violation as results of `--format json` have it. */
export type PastViolation = z.infer<typeof PastViolation>;

export interface Trend {
    /** Those that the baseline has not. */
    isNew: ReadonlySet<Violation>;
    /** What was violated in the baseline and is no more. One that is waived by now is not among them. */
    fixed: PastViolation[];
    /**
     * What was violated in the baseline and was not judged now: its rule is not enforced, its stack not looked at, a value not known, its
     * file not readable.
     */
    notJudged: PastViolation[];
}

/** @param file results of `--format json` @throws UsageError when it cannot be read, or is something else */
export function readBaseline(file: string): PastViolation[] {
    let read: unknown;
    try {
        read = JSON.parse(readFileSync(file, "utf8"));
    } catch (error) {
        throw new UsageError(`--baseline: ${file} cannot be read: ${(error as Error).message}`);
    }
    const parsed = Past.safeParse(read);
    if (parsed.success) return parsed.data.violations;
    const [issue] = parsed.error.issues;
    throw new UsageError(
        `--baseline: ${file} holds no results: ${issue!.path.join(".") || "all of it"}: ${issue!.message}.`,
        'Give what "gw policy --format json --out FILE" wrote.',
    );
}

export function trendOf(judged: Omit<Judged, "trend">, baseline: readonly PastViolation[]): Trend {
    const before = new Set(fingerprintsOf(baseline));
    const now = violationFingerprints(judged.violations);
    const known = new Set([...now, ...violationFingerprints(judged.waived)]);
    const gone = fingerprintsOf(baseline).flatMap((fingerprint, i) => (known.has(fingerprint) ? [] : [baseline[i]!]));
    return {
        isNew: new Set(judged.violations.filter((_, i) => !before.has(now[i]!))),
        fixed: gone.filter((past) => isJudged(past, judged)),
        notJudged: gone.filter((past) => !isJudged(past, judged)),
    };
}

function isJudged(past: PastViolation, judged: Omit<Judged, "trend">): boolean {
    const { rules, notEvaluated, stacks, unreadable } = judged;
    return (
        rules.some(({ id }) => id === past.rule) &&
        (past.stack === undefined || stacks.includes(past.stack)) &&
        !notEvaluated.some(
            ({ rule, resource, stack }) => rule.id === past.rule && resource === past.resource && stack === past.stack,
        ) &&
        !unreadable.some(({ file }) => file === past.file)
    );
}
