/** The results as SARIF 2.1.0, as GitHub's code scanning reads it: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html */
import { isAbsolute, relative, sep } from "node:path";

import { policyName, type Rule, type Severity } from "@groundwork/policies/core/rule";

import { version } from "../../../../package.json";
import type { PastViolation } from "./baseline";
import { fingerprintsOf, violationFingerprints } from "./fingerprint";
import type { Judged } from "./judge";

/** GitHub shows above 9.0 as critical, above 7.0 as high, above 4.0 as medium. */
const SCORES: Record<Severity, string> = { critical: "9.5", high: "8.0", medium: "5.5", low: "2.0" };

/** @param root what files are named from, as a repository's scanners do */
export function asSarif({ rules, violations, unreadable, trend }: Judged, root: string): string {
    const index = new Map(rules.map((rule, n) => [rule, n]));
    const fingerprints = violationFingerprints(violations);
    const fixed = trend?.fixed ?? [];
    const fixedFingerprints = fingerprintsOf(fixed);
    const log = {
        $schema: "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
        version: "2.1.0",
        runs: [
            {
                tool: { driver: { name: "Groundwork", semanticVersion: version, rules: rules.map(descriptor) } },
                // Waived violations are left out: GitHub would show them as open.
                results: [
                    ...violations.map((violation, i) => {
                        const { rule, location, ...rest } = violation;
                        const found = { ...rest, ...location, rule: rule.id, enforcement: violation.level };
                        return {
                            ...result(found, index.get(rule)!, fingerprints[i]!, root),
                            ...(trend && { baselineState: trend.isNew.has(violation) ? "new" : "unchanged" }),
                        };
                    }),
                    // In the log only where a baseline is asked for: GitHub, which compares by itself, would show them as open.
                    ...fixed.map((past, i) => ({
                        ...result(
                            past,
                            rules.findIndex(({ id }) => id === past.rule),
                            fixedFingerprints[i]!,
                            root,
                        ),
                        baselineState: "absent",
                    })),
                ],
                invocations: [
                    {
                        executionSuccessful: unreadable.length === 0,
                        toolExecutionNotifications: unreadable.map(({ file, line, message }) => ({
                            level: "error",
                            message: { text: message },
                            locations: [physical(file, line, root)],
                        })),
                    },
                ],
                columnKind: "utf16CodeUnits",
            },
        ],
    };
    return `${JSON.stringify(log, null, 2)}\n`;
}

function descriptor(rule: Rule) {
    const controls = rule.references.map(
        ({ framework, control }) => `- ${framework.name} ${framework.version}: ${control}`,
    );
    const help = [rule.why, "", rule.remedy, ...(controls.length > 0 ? ["", ...controls] : [])].join("\n");
    return {
        id: rule.id,
        name: policyName(rule),
        shortDescription: { text: rule.title },
        fullDescription: { text: rule.why },
        help: { text: help, markdown: help },
        properties: { "security-severity": SCORES[rule.severity], tags: ["security", rule.severity] },
    };
}

type Found = Pick<PastViolation, "rule" | "enforcement" | "stack" | "resource" | "path" | "message" | "file" | "line">;

function result(found: Found, ruleIndex: number, fingerprint: string, root: string) {
    const { rule, enforcement, stack, resource, path, message, file = ".", line = 1 } = found;
    const place = [stack, resource].filter((part) => part !== undefined).join(" ");
    return {
        ruleId: rule,
        ruleIndex,
        level: enforcement === "mandatory" ? "error" : "warning",
        message: { text: `${place}: ${[path, message].filter((part) => part !== "").join(": ")}` },
        locations: [
            {
                ...physical(file, line, root),
                logicalLocations: [{ fullyQualifiedName: [place, path].filter((part) => part !== "").join(" ") }],
            },
        ],
        partialFingerprints: { primaryLocationLineHash: fingerprint },
    };
}

function physical(file: string, line: number, root: string) {
    const named = isAbsolute(file) ? relative(root, file) : file;
    // A name may have a # or a ? in it, or a colon, by which it would be read as a scheme.
    const uri = named.split(sep).map(encodeURIComponent).join("/");
    return { physicalLocation: { artifactLocation: { uri }, region: { startLine: line } } };
}
