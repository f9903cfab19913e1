/** The results as Markdown, for a comment or a wiki. */
import type { Violation } from "@groundwork/policies/core/results";

import { plural } from "../ui/text";
import type { Judged } from "./judge";

export function asMarkdown({ rules, resources, violations, notEvaluated, waived, unreadable }: Judged): string {
    const mandatory = violations.filter(({ level }) => level === "mandatory").length;
    const verdict =
        violations.length === 0
            ? "No violations."
            : `${plural(mandatory, "mandatory violation")}, ${violations.length - mandatory} advisory.`;
    const lines = [
        "## Policy results",
        "",
        `**${verdict}** ${plural(resources, "resource")}, ${plural(rules.length, "rule")}, ${notEvaluated.length} not evaluated, ${waived.length} waived.`,
    ];
    if (violations.length > 0) {
        lines.push("", "| Rule | Severity | Enforcement | Where | What |", "| --- | --- | --- | --- | --- |");
        for (const violation of violations) lines.push(row(violation));
    }
    if (notEvaluated.length > 0) {
        lines.push("", "Not evaluated, since it is not known yet:", "");
        for (const { rule, resource, path } of notEvaluated) lines.push(`- ${rule.id} ${code(resource)} ${code(path)}`);
    }
    if (unreadable.length > 0) {
        lines.push("", "Not readable:", "");
        for (const { file, line, message } of unreadable) lines.push(`- ${code(`${file}:${line}`)} ${plain(message)}`);
    }
    return `${lines.join("\n")}\n`;
}

function row({ rule, level, resource, path, message, location }: Violation): string {
    const where = location ? `${code(resource)}<br>${code(`${location.file}:${location.line}`)}` : code(resource);
    const what = path === "" ? plain(message) : `${code(path)} ${plain(message)}`;
    return `| ${rule.id}: ${plain(rule.title)} | ${rule.severity} | ${level} | ${where} | ${what} |`;
}

/** Names of resources are other people's: nothing in them is markup. */
function plain(text: string): string {
    return text.replace(/\s+/g, " ").replace(/[\\`*_[\]<>|#&@]/g, (c) => `&#${c.charCodeAt(0)};`);
}

function code(text: string): string {
    return `<code>${plain(text)}</code>`;
}
