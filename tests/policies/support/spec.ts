/** How a rule is specified: good, bad, edge and unknown cases, each by the paths that are reported. */
import { describe, expect, test } from "vitest";

import { checkResource, checkStack } from "../../../policies/core/check";
import type { Resource } from "../../../policies/core/resource";
import { type Environment, isResourceRule, type Rule } from "../../../policies/core/rule";
import { settingsOf } from "../../../policies/core/settings";

/** What a policy pack and a preview have in the place of a value that is not known yet. */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

export interface Verdict {
    /** Paths of what is wrong; with the resource's name before them where it is not the first one's. */
    violations: string[];
    notEvaluated: string[];
    messages: string[];
}

interface Judging {
    environment?: Environment;
    settings?: Record<string, unknown>;
}

/** What a rule says of a resource, or of several that make a stack. */
export function verdict(
    rule: Rule,
    judged: Resource | Resource[],
    { environment = "prod", settings = {} }: Judging = {},
): Verdict {
    const resources = [judged].flat();
    const context = { environment, settings: settingsOf(rule, settings, environment) };
    const checked = isResourceRule(rule)
        ? resources
              .filter(({ type }) => rule.view.applies(type))
              .map((resource) => checkResource(rule, resource, context))
        : [checkStack(rule, { resources }, context)];
    const where = ({ resource, path }: { resource?: Resource; path: string }): string =>
        resources.length === 1 ? path : [resource?.name ?? "stack", path].filter((part) => part !== "").join(" ");
    return {
        violations: checked.flatMap(({ findings }) => findings.map(where)),
        notEvaluated: checked.flatMap(({ unevaluated }) => unevaluated.map(where)),
        messages: checked.flatMap(({ findings }) => findings.map(({ message }) => message)),
    };
}

type Judged = Resource | Resource[];
/** What is judged, and the paths of what is wrong with it. */
type Case =
    [judged: Judged, ...paths: string[]] | { judged: Judged; wrong?: string[]; unknown?: string[]; with?: Judging };

interface Cases {
    /** Nothing is wrong. */
    good: Record<string, Judged>;
    /** Exactly this is wrong. */
    bad: Record<string, Case>;
    /** Where one could be mistaken: either way. */
    edge: Record<string, Case>;
    /** Exactly this is not known, and what is certain is said all the same. */
    unknown: Record<string, Case>;
}

export function specify(rule: Rule, cases: Cases): void {
    describe(`${rule.id}: ${rule.title}`, () => {
        for (const [name, judged] of Object.entries(cases.good)) {
            test(`good: ${name}`, () => {
                expect(verdict(rule, judged)).toEqual({ violations: [], notEvaluated: [], messages: [] });
            });
        }
        for (const kind of ["bad", "edge", "unknown"] as const) {
            for (const [name, given] of Object.entries(cases[kind])) {
                const { judged, wrong = [], unknown = [], with: judging } = normalized(given, kind);
                test(`${kind}: ${name}`, () => {
                    const { violations, notEvaluated } = verdict(rule, judged, judging);
                    expect({ violations, notEvaluated }).toEqual({ violations: wrong, notEvaluated: unknown });
                    if (kind === "bad") expect(violations).not.toEqual([]);
                    if (kind === "unknown") expect([...violations, ...notEvaluated]).not.toEqual([]);
                });
            }
        }
        test("has cases of every kind", () => {
            for (const kind of ["good", "bad", "edge", "unknown"] as const) {
                expect(Object.keys(cases[kind]), kind).not.toEqual([]);
            }
        });
    });
}

function normalized(given: Case, kind: string): Exclude<Case, unknown[]> {
    if (!Array.isArray(given)) return given;
    const [judged, ...paths] = given;
    return kind === "unknown" ? { judged, unknown: paths } : { judged, wrong: paths };
}
