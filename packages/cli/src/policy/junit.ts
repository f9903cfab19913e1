/** The results as JUnit XML: a test suite a rule, a failure a violation. */
import type { Violation } from "@groundwork/policies/core/results";

import type { Judged } from "./judge";

export function asJunit({ rules, violations, notEvaluated, waived, unreadable, trend }: Judged): string {
    const suites = rules.map((rule) => {
        const failed = violations.filter((violation) => violation.rule === rule);
        const skipped = [
            ...notEvaluated.map(({ path, ...at }) => ({ ...at, path: "", why: `${path} is not known yet` })),
            ...waived.map((each) => ({ ...each, why: `waived until ${each.expires}: ${each.reason}` })),
        ].filter((each) => each.rule === rule);
        const cases = [
            ...failed.map((violation) =>
                testCase(rule.id, nameOf(violation), failure(violation, trend?.isNew.has(violation) ? "new, " : "")),
            ),
            ...skipped.map(({ why, ...at }) => testCase(rule.id, nameOf(at), `<skipped message="${escaped(why)}"/>`)),
            // What is fixed since the baseline is a test that passes now.
            ...(trend?.fixed ?? [])
                .filter((past) => past.rule === rule.id)
                .map((past) => testCase(rule.id, nameOf(past))),
            // A rule that finds nothing is a test that passes.
            ...(failed.length + skipped.length === 0 ? [testCase(rule.id, rule.title)] : []),
        ];
        const counts = `tests="${cases.length}" failures="${failed.length}" skipped="${skipped.length}" errors="0"`;
        return `  <testsuite name="${escaped(`${rule.id} ${rule.title}`)}" ${counts}>\n${cases.join("\n")}\n  </testsuite>`;
    });
    const errors = unreadable.map(({ file, line, message }) =>
        testCase("unreadable", `${file}:${line}`, `<error message="${escaped(message)}"/>`),
    );
    if (errors.length > 0) {
        const counts = `tests="${errors.length}" failures="0" skipped="0" errors="${errors.length}"`;
        suites.push(`  <testsuite name="files" ${counts}>\n${errors.join("\n")}\n  </testsuite>`);
    }
    return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="gw policy">\n${suites.join("\n")}\n</testsuites>\n`;
}

function testCase(of: string, name: string, outcome = ""): string {
    const attributes = `classname="${escaped(of)}" name="${escaped(name)}"`;
    return outcome === "" ? `    <testcase ${attributes}/>` : `    <testcase ${attributes}>${outcome}</testcase>`;
}

function nameOf({ stack = "", resource, path }: Pick<Violation, "stack" | "resource" | "path">): string {
    return [stack, resource, path].filter((part) => part !== "").join(" ");
}

function failure({ rule, level, message, location }: Violation, state: string): string {
    const where = location ? `${location.file}:${location.line}\n` : "";
    return `<failure type="${state}${level}" message="${escaped(message)}">${escaped(`${where}${rule.why}\n${rule.remedy}`)}</failure>`;
}

const ENTITIES: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&apos;" };

// eslint-disable-next-line no-control-regex -- those are what it is about
const NOT_XML = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/g;

/** Without what XML 1.0 cannot hold at all. */
function escaped(text: string): string {
    return text.replace(NOT_XML, "").replace(/[&<>"']/g, (c) => ENTITIES[c]!);
}
