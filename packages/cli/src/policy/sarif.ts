/** The results as SARIF 2.1.0, as GitHub's code scanning reads it: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html */
import { createHash } from "node:crypto";
import { isAbsolute, relative, sep } from "node:path";

import type { Violation } from "@groundwork/policies/core/results";
import type { Rule, Severity } from "@groundwork/policies/core/rule";
import { policyName } from "@groundwork/policies/core/rule";

import { version } from "../../../../package.json";
import type { Judged } from "./judge";

/** GitHub shows above 9.0 as critical, above 7.0 as high, above 4.0 as medium. */
const SCORES: Record<Severity, string> = { critical: "9.5", high: "8.0", medium: "5.5", low: "2.0" };

/** @param root what files are named from, as a repository's scanners do */
export function asSarif({ rules, violations, unreadable }: Judged, root: string): string {
    const index = new Map(rules.map((rule, n) => [rule, n]));
    const log = {
        $schema: "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
        version: "2.1.0",
        runs: [
            {
                tool: { driver: { name: "Groundwork", semanticVersion: version, rules: rules.map(descriptor) } },
                // Waived violations are left out: GitHub would show them as open.
                results: violations.map((violation) => result(violation, index.get(violation.rule)!, root)),
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

function result({ rule, level, resource, path, message, location }: Violation, ruleIndex: number, root: string) {
    const text = `${resource}: ${[path, message].filter((part) => part !== "").join(": ")}`;
    const at = location ?? { file: ".", line: 1 };
    return {
        ruleId: rule.id,
        ruleIndex,
        level: level === "mandatory" ? "error" : "warning",
        message: { text },
        locations: [
            {
                ...physical(at.file, at.line, root),
                logicalLocations: [{ fullyQualifiedName: [resource, path].filter((part) => part !== "").join(" ") }],
            },
        ],
        // Without its line, so that it stays the same finding when something is added above it.
        partialFingerprints: { primaryLocationLineHash: fingerprint(rule.id, resource, path, message) },
    };
}

function physical(file: string, line: number, root: string) {
    const named = isAbsolute(file) ? relative(root, file) : file;
    const uri = encodeURI(named.split(sep).join("/"));
    return { physicalLocation: { artifactLocation: { uri }, region: { startLine: line } } };
}

function fingerprint(...parts: string[]): string {
    return createHash("sha256").update(parts.join("\0")).digest("hex").slice(0, 32);
}
