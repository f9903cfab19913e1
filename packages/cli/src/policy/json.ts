/** The results as plain JSON, for programs. */
import type { NotEvaluated, Violation } from "@groundwork/policies/core/results";
import type { Rule } from "@groundwork/policies/core/rule";

import { violationFingerprints } from "./fingerprint";
import type { Judged } from "./judge";

/** The same results give the same text. */
export function asJson(judged: Judged): string {
    const { subjects, stacks, rules, files, resources, violations, notEvaluated, waived, unreadable, trend } = judged;
    const fingerprints = violationFingerprints(violations);
    const report = {
        subjects,
        stacks,
        rules: rules.map((rule) => ({
            rule: rule.id,
            title: rule.title,
            severity: rule.severity,
            frameworks: frameworksOf(rule),
        })),
        files,
        resources,
        violations: violations.map((each, i) => ({
            fingerprint: fingerprints[i],
            ...(trend && { baselineState: trend.isNew.has(each) ? "new" : "unchanged" }),
            ...violation(each),
        })),
        ...(trend && { fixed: trend.fixed, notJudged: trend.notJudged }),
        notEvaluated: notEvaluated.map(unevaluated),
        waived: waived.map((item) => {
            const { reason, owner, ticket, expires } = item;
            return { ...violation(item), reason, owner, ticket, expires };
        }),
        unreadable,
    };
    return `${JSON.stringify(report, null, 4)}\n`;
}

/** A violation as earlier results have it. */
export function violation({ rule, level, stack, resource, path, message, location }: Violation) {
    return {
        rule: rule.id,
        title: rule.title,
        severity: rule.severity,
        enforcement: level,
        stack,
        resource,
        path,
        message,
        frameworks: frameworksOf(rule),
        ...location,
    };
}

function unevaluated({ rule, stack, resource, path }: NotEvaluated) {
    return { rule: rule.id, title: rule.title, stack, resource, path };
}

function frameworksOf({ references }: Rule) {
    return references.map(({ framework, control }) => ({
        name: framework.name,
        version: framework.version,
        reference: control,
    }));
}
