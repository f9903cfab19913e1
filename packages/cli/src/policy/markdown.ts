/** The results as Markdown, for a comment or a wiki. */
import type { Violation } from "@groundwork/policies/core/results";

import { plural } from "../ui/text";
import type { PastViolation } from "./baseline";
import type { Judged } from "./judge";

export function asMarkdown(judged: Judged): string {
    const { rules, resources, violations, notEvaluated, waived, unreadable, trend } = judged;
    const mandatory = violations.filter(({ level }) => level === "mandatory").length;
    const verdict =
        violations.length === 0
            ? "No violations."
            : `${plural(mandatory, "mandatory violation")}, ${violations.length - mandatory} advisory.`;
    const lines = [
        "## Policy results",
        "",
        `**${verdict}** ${plural(resources, "resource")}, ${plural(rules.length, "rule")}, ${notEvaluated.length} not evaluated, ${waived.length} waived.`,
        ...(trend ? ["", `Since the baseline: ${trend.isNew.size} new, ${trend.fixed.length} fixed.`] : []),
    ];
    if (violations.length > 0) {
        lines.push("", "| Rule | Severity | Enforcement | Where | What |", "| --- | --- | --- | --- | --- |");
        for (const violation of violations) lines.push(row(violation, trend?.isNew.has(violation) ?? false));
    }
    list(lines, "Fixed since the baseline:", trend?.fixed ?? [], past);
    list(lines, "In the baseline, and not judged now:", trend?.notJudged ?? [], past);
    list(lines, "Not evaluated, since it is not known yet:", notEvaluated, ({ rule, path, ...at }) =>
        [rule.id, where(at), code(path)].join(" "),
    );
    list(
        lines,
        "Not readable:",
        unreadable,
        ({ file, line, message }) => `${code(`${file}:${line}`)} ${plain(message)}`,
    );
    return `${lines.join("\n")}\n`;
}

function list<T>(lines: string[], title: string, items: readonly T[], text: (item: T) => string): void {
    if (items.length > 0) lines.push("", title, "", ...items.map((item) => `- ${text(item)}`));
}

function past({ rule, path, message, ...at }: PastViolation): string {
    return [rule, where(at), what(path, message)].join(" ");
}

function row({ rule, level, path, message, location, ...at }: Violation, isNew: boolean): string {
    const place = location ? `${where(at)}<br>${code(`${location.file}:${location.line}`)}` : where(at);
    const title = `${isNew ? "**new** " : ""}${rule.id}: ${plain(rule.title)}`;
    return `| ${title} | ${rule.severity} | ${level} | ${place} | ${what(path, message)} |`;
}

function where({ stack, resource }: { stack?: string; resource: string }): string {
    return stack === undefined ? code(resource) : `${code(stack)} ${code(resource)}`;
}

function what(path: string, message: string): string {
    return path === "" ? plain(message) : `${code(path)} ${plain(message)}`;
}

/** Names of resources are other people's: nothing in them is markup. */
function plain(text: string): string {
    return text.replace(/\s+/g, " ").replace(/[\\`*_[\]<>|#&@]/g, (c) => `&#${c.charCodeAt(0)};`);
}

function code(text: string): string {
    return `<code>${plain(text)}</code>`;
}
