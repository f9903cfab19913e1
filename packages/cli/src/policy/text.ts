/** The results for people, at a terminal. */
import type { Style } from "../ui/style";
import { plainText, plural } from "../ui/text";
import type { PastViolation } from "./baseline";
import { byRule } from "./by-rule";
import type { Judged } from "./judge";

/** By rule, the gravest first; where each is violated, and what to do once. */
export function asText(judged: Judged, style: Style): string {
    const { violations, notEvaluated, waived, unreadable, trend } = judged;
    const lines: string[] = [];
    for (const [rule, found] of byRule(violations)) {
        const level = found[0]!.level === "mandatory" ? style.red("mandatory") : style.yellow("advisory");
        lines.push(`${style.bold(rule.id)} ${rule.title} (${rule.severity}, ${level})`);
        for (const violation of found) {
            const { path, message, location } = violation;
            const where = location ? `${location.file}:${location.line} ` : "";
            const state = trend?.isNew.has(violation) ? `${style.red("new")} ` : "";
            const what = [path, message].filter((part) => part !== "").join(": ");
            lines.push(`  ${state}${style.dim(onLine(where))}${onLine(`${inStack(violation)}: ${what}`)}`);
        }
        lines.push(`  ${style.dim(rule.remedy)}`, "");
    }
    for (const unevaluated of notEvaluated) {
        lines.push(
            onLine(
                `not evaluated: ${unevaluated.rule.id} ${inStack(unevaluated)}: ${unevaluated.path} is not known yet`,
            ),
        );
    }
    for (const waiver of waived) {
        lines.push(onLine(`waived until ${waiver.expires}: ${waiver.rule.id} ${inStack(waiver)}: ${waiver.reason}`));
    }
    for (const past of trend?.fixed ?? []) lines.push(`${style.green("fixed")}: ${ofThePast(past)}`);
    for (const past of trend?.notJudged ?? []) lines.push(`in the baseline, not judged now: ${ofThePast(past)}`);
    for (const { file, line, message } of unreadable)
        lines.push(style.red(onLine(`cannot be read: ${file}:${line} ${message}`)));
    lines.push(summary(judged));
    return `${lines.join("\n")}\n`;
}

/** Names of resources and files are other people's: they move no cursor, and begin no line that others would take for one of ours. */
function onLine(text: string): string {
    return plainText(text.replace(/[\r\n\u2028\u2029]+/g, " "));
}

function inStack({ stack, resource }: { stack?: string; resource: string }): string {
    return stack === undefined ? resource : `${stack} ${resource}`;
}

function ofThePast(past: PastViolation): string {
    return onLine([`${past.rule} ${inStack(past)}`, past.path, past.message].filter((part) => part !== "").join(": "));
}

function summary(judged: Judged): string {
    const { rules, resources, files, stacks, violations, notEvaluated, waived, unreadable, trend } = judged;
    const mandatory = violations.filter(({ level }) => level === "mandatory").length;
    const counts = [
        plural(mandatory, "mandatory violation"),
        `${violations.length - mandatory} advisory`,
        `${notEvaluated.length} not evaluated`,
        `${waived.length} waived`,
        ...(unreadable.length > 0 ? [`${unreadable.length} not readable`] : []),
        ...(trend ? [`${trend.isNew.size} new`, `${trend.fixed.length} fixed`] : []),
    ];
    const where = stacks.length > 0 ? plural(stacks.length, "stack") : plural(files, "file");
    return `${plural(resources, "resource")} in ${where}, ${plural(rules.length, "rule")}: ${counts.join(", ")}.`;
}
