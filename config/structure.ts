/** Holds values against the schema: every problem is reported, and what is right goes on to the rules. */
import type { z } from "zod";

import { keysOf, metaOf, schemaAt } from "./fields";
import type { KeyPath, Problems } from "./problems";
import { configSchema, type ConfigInput } from "./schema";
import { hint, nearest } from "./suggest";

const salvageSchema = configSchema.partial();

export function checkStructure(values: Record<string, unknown>, problems: Problems): ConfigInput {
    const remaining = structuredClone(values);
    reportMissing(remaining, problems);
    for (;;) {
        const result = salvageSchema.safeParse(remaining);
        if (result.success) return result.data;
        const reported = new Set<string>();
        for (const issue of result.error.issues) {
            for (const path of pathsOf(issue)) {
                // A text may break several checks of one rule, which is told once.
                const id = JSON.stringify(path);
                if (reported.has(id)) continue;
                reported.add(id);
                reportIssue(issue, path, valueAt(remaining, path), problems);
                removeAt(remaining, withoutIndexes(path));
            }
        }
    }
}

function reportMissing(values: Record<string, unknown>, problems: Problems): void {
    for (const name of ["system", "environment"] as const) {
        if (Object.hasOwn(values, name) || problems.touches([name])) continue;
        const { rule, example } = metaOf(configSchema.shape[name]);
        problems.add({ path: [name], rule: `is required: ${rule}`, remedy: problems.set([name], String(example)) });
    }
}

/** Unknown keys are one issue for all of them; each is a problem of its own. */
function pathsOf(issue: z.core.$ZodIssue): KeyPath[] {
    const path = issue.path.map((segment) => (typeof segment === "number" ? segment : String(segment)));
    return issue.code === "unrecognized_keys" ? issue.keys.map((key) => [...path, key]) : [path];
}

function reportIssue(issue: z.core.$ZodIssue, path: KeyPath, value: unknown, problems: Problems): void {
    const parent = schemaAt(configSchema, path.slice(0, -1)).schema;
    if (issue.code === "unrecognized_keys") {
        const rule = `is not a known key. ${hint(String(path.at(-1)), keysOf(parent))}`;
        problems.add({ path, rule, remedy: problems.remove(path) });
        return;
    }
    if (issue.code === "invalid_key") {
        const near = nearest(String(path.at(-1)), keysOf(parent));
        const rule = `the name is not valid: ${metaOf(parent).rule}${near === undefined ? "" : `. Did you mean ${near}?`}`;
        problems.add({ path, rule, remedy: problems.remove(path) });
        return;
    }
    const { rule: general, example } = metaOf(schemaAt(configSchema, path).schema);
    const rule = ruleOf(issue) ?? general;
    const meant = issue.code === "invalid_value" ? nearest(String(value), issue.values.map(String)) : undefined;
    const better = meant ?? example;
    problems.add({
        path,
        value,
        rule: rule + (meant === undefined ? quotesHint(value, rule) : `. Did you mean ${meant}?`),
        remedy: isScalar(better) ? problems.set(path, better) : undefined,
    });
}

/** What a check of its own says is wrong, where the key's general rule would leave the reader to guess. */
function ruleOf(issue: z.core.$ZodIssue): string | undefined {
    const rule: unknown = issue.code === "custom" ? issue.params?.["rule"] : undefined;
    return typeof rule === "string" ? rule : undefined;
}

/** Quotes around a number are the commonest slip in a stack file that is written by hand. */
function quotesHint(value: unknown, rule: string): string {
    if (typeof value !== "string") return "";
    const isNumber = /number|port/.test(rule) && String(Number(value)) === value.trim() && value.trim() !== "NaN";
    const isBoolean = /true or false/.test(rule) && /^(?:true|false)$/i.test(value);
    return isNumber || isBoolean ? " (this is text: take the quotes off)" : "";
}

/** A list is judged as a whole: without one of its words it would mean something else. */
function withoutIndexes(path: KeyPath): KeyPath {
    const index = path.findIndex((segment) => typeof segment === "number");
    return index < 0 ? path : path.slice(0, index);
}

function isScalar(value: unknown): value is string | number | boolean {
    return ["string", "number", "boolean"].includes(typeof value);
}

function valueAt(root: unknown, path: KeyPath): unknown {
    return path.reduce<unknown>((value, segment) => {
        if (typeof value !== "object" || value === null || !Object.hasOwn(value, segment)) return undefined;
        return (value as Record<string | number, unknown>)[segment];
    }, root);
}

function removeAt(root: Record<string, unknown>, path: KeyPath): void {
    const last = path.at(-1);
    const parent = valueAt(root, path.slice(0, -1));
    if (last !== undefined && typeof parent === "object" && parent !== null) {
        delete (parent as Record<string | number, unknown>)[last];
    }
}
