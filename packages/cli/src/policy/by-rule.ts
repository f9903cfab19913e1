import type { Violation } from "@groundwork/policies/core/results";
import { type Rule, SEVERITIES } from "@groundwork/policies/core/rule";

import { compare } from "../../../../targets/order";

/** The violations of each rule that is violated, the gravest rule first. */
export function byRule(violations: readonly Violation[]): [Rule, Violation[]][] {
    const found = new Map<Rule, Violation[]>();
    for (const violation of violations) {
        const known = found.get(violation.rule);
        if (known) known.push(violation);
        else found.set(violation.rule, [violation]);
    }
    const rank = ({ severity }: Rule) => SEVERITIES.indexOf(severity);
    return [...found].sort(([a], [b]) => rank(a) - rank(b) || compare(a.id, b.id));
}
