/** The results for people, at a terminal. */
import type { Violation } from "@groundwork/policies/core/results";
import type { Rule } from "@groundwork/policies/core/rule";

import type { Style } from "../ui/style";
import { plural } from "../ui/text";
import type { Judged } from "./judge";

const SEVERITIES = ["critical", "high", "medium", "low"] as const;

/** By rule, the gravest first; where each is violated, and what to do once. */
export function asText(judged: Judged, style: Style): string {
    const { violations, notEvaluated, waived, unreadable } = judged;
    const byRule = new Map<Rule, Violation[]>();
    for (const violation of violations) {
        const found = byRule.get(violation.rule);
        if (found) found.push(violation);
        else byRule.set(violation.rule, [violation]);
    }
    const rank = ({ severity }: Rule) => SEVERITIES.indexOf(severity);
    const lines: string[] = [];
    for (const [rule, found] of [...byRule].sort(([a], [b]) => rank(a) - rank(b) || (a.id < b.id ? -1 : 1))) {
        const level = found[0]!.level === "mandatory" ? style.red("mandatory") : style.yellow("advisory");
        lines.push(`${style.bold(rule.id)} ${rule.title} (${rule.severity}, ${level})`);
        for (const { resource, path, message, location } of found) {
            const where = location ? `${location.file}:${location.line} ` : "";
            lines.push(`  ${style.dim(where)}${resource}: ${[path, message].filter((part) => part !== "").join(": ")}`);
        }
        lines.push(`  ${style.dim(rule.remedy)}`, "");
    }
    for (const { rule, resource, path } of notEvaluated) {
        lines.push(`not evaluated: ${rule.id} ${resource}: ${path} is not known yet`);
    }
    for (const { rule, resource, reason, expires } of waived) {
        lines.push(`waived until ${expires}: ${rule.id} ${resource}: ${reason}`);
    }
    for (const { file, line, message } of unreadable)
        lines.push(style.red(`cannot be read: ${file}:${line} ${message}`));
    lines.push(summary(judged));
    return `${lines.join("\n")}\n`;
}

function summary({ rules, resources, files, violations, notEvaluated, waived, unreadable }: Judged): string {
    const mandatory = violations.filter(({ level }) => level === "mandatory").length;
    const counts = [
        plural(mandatory, "mandatory violation"),
        `${violations.length - mandatory} advisory`,
        `${notEvaluated.length} not evaluated`,
        `${waived.length} waived`,
        ...(unreadable.length > 0 ? [`${unreadable.length} not readable`] : []),
    ];
    return `${plural(resources, "resource")} in ${plural(files, "file")}, ${plural(rules.length, "rule")}: ${counts.join(", ")}.`;
}
