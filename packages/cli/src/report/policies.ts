/**
 * What the rules of the policy pack say of one revision and not of the other. The rules are those of this gw, the waivers each revision's.
 */
import { evaluate } from "@groundwork/policies/core/evaluate";
import type { Results } from "@groundwork/policies/core/results";
import { SEVERITIES } from "@groundwork/policies/core/rule";
import type { Waivers } from "@groundwork/policies/core/waivers";
import { RULES } from "@groundwork/policies/rules";

import { compare } from "../../../../targets/order";
import { type PastViolation, trendOf } from "../policy/baseline";
import { violation } from "../policy/json";
import { packWaivers, waiversOf } from "../policy/judge";
import { asJudged } from "../policy/registered";
import { withoutStack } from "./lines";
import { type Plan, RevisionError } from "./plan";
import type { StackName } from "./stacks";
import type { PolicyChanges, PolicyViolation } from "./types";

/** What the rules say of one stack. */
export interface StackPolicies {
    found: PastViolation[];
    fixed: PastViolation[];
}

/**
 * @param dirs of the project at both revisions; without the base all that is found is new
 * @throws RevisionError when a revision's waivers cannot be read
 */
export function stackPolicies(
    { stack, environment = "prod" }: StackName,
    { registered }: Plan,
    dirs: { base?: string; head: string },
): StackPolicies {
    const judge = (revision: "base" | "head", dir: string): Results => {
        const resources = asJudged(registered[revision], dir, dir);
        return evaluate(RULES, { resources, waivers: waiversAt(revision, dir) }, { environment });
    };
    const before = dirs.base === undefined ? [] : judge("base", dirs.base).violations.map(violation);
    const head = judge("head", dirs.head);
    const { isNew, fixed } = trendOf({ ...head, subjects: [], stacks: [stack], files: 0, unreadable: [] }, before);
    return { found: [...isNew].map(violation), fixed };
}

function waiversAt(revision: "base" | "head", dir: string): Waivers | undefined {
    try {
        return waiversOf(packWaivers(dir));
    } catch (error) {
        throw new RevisionError(revision, error as Error);
    }
}

/** What the rules say of all stacks, each violation once. */
export function policyChanges(stacks: { stack: string; policies: StackPolicies }[]): PolicyChanges {
    const all = (key: keyof StackPolicies) =>
        folded(stacks.flatMap(({ stack, policies }) => policies[key].map((each) => ({ stack, each }))));
    return { found: all("found"), fixed: all("fixed") };
}

function folded(violations: { stack: string; each: PastViolation }[]): PolicyViolation[] {
    const byText = new Map<string, PolicyViolation>();
    for (const { stack, each } of violations) {
        const anywhere = {
            ...each,
            resource: withoutStack(each.resource, stack),
            message: withoutStack(each.message, stack),
        };
        const key = JSON.stringify(anywhere);
        const known = byText.get(key);
        if (known) Object.assign(known, anywhere, { stacks: [...new Set([...known.stacks, stack])] });
        else byText.set(key, { ...each, stacks: [stack] });
    }
    const rank = ({ enforcement, severity }: PolicyViolation) =>
        SEVERITIES.indexOf(severity) + (enforcement === "mandatory" ? 0 : SEVERITIES.length);
    return [...byText.values()].sort((a, b) => rank(a) - rank(b) || compare(a.rule, b.rule));
}
