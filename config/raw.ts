/** From what Pulumi hands to a program, one text per key, to values with types. */
import { z } from "zod";

import { unwrap } from "./fields";
import type { KeyPath, Problems } from "./problems";
import { configSchema, NAMESPACE } from "./schema";
import { hint, nearest } from "./suggest";

/** Far above any real config: the whole of it reaches a program through one environment variable. */
const MAX_VALUE_BYTES = 1024 * 1024;
const MAX_DEPTH = 16;

/** Values by key below the namespace. What could not be read is left out and reported. */
export function parseRaw(raw: Readonly<Record<string, string>>, problems: Problems): Record<string, unknown> {
    const values: Record<string, unknown> = {};
    for (const [key, text] of Object.entries(raw)) {
        const separator = key.indexOf(":");
        const namespace = key.slice(0, Math.max(separator, 0));
        if (namespace !== NAMESPACE) {
            reportForeign(key, namespace, problems);
            continue;
        }
        const name = key.slice(separator + 1);
        if (!Object.hasOwn(configSchema.shape, name)) {
            reportUnknown(name, problems);
            continue;
        }
        const value = parseValue(name, text, problems);
        if (value !== undefined) values[name] = value;
    }
    return values;
}

/** Other namespaces belong to providers and are theirs to check, unless one is ours misspelt. */
function reportForeign(key: string, namespace: string, problems: Problems): void {
    if (namespace === "") {
        problems.addElsewhere(key, `must have a namespace in front of it, as in ${NAMESPACE}:system`);
    } else if (nearest(namespace, [NAMESPACE]) !== undefined) {
        problems.addElsewhere(key, `the namespace is not known. Did you mean ${NAMESPACE}?`);
    }
}

function reportUnknown(name: string, problems: Problems): void {
    const known = Object.keys(configSchema.shape);
    const [root = ""] = name.split(/[.[]/, 1);
    if (root !== name && Object.hasOwn(configSchema.shape, root)) {
        problems.add({
            path: [name],
            rule: `is one key with dots in its name; ${NAMESPACE}:${root} holds what is meant, and needs --path to be set in part`,
            remedy: `${problems.remove([name])}, then set it again with --path`,
        });
        return;
    }
    problems.add({ path: [name], rule: `is not a known key. ${hint(name, known)}`, remedy: problems.remove([name]) });
}

function parseValue(name: string, text: string, problems: Problems): unknown {
    if (typeof text !== "string" || Buffer.byteLength(text) > MAX_VALUE_BYTES) {
        problems.add({ path: [name], rule: `must be text of at most ${MAX_VALUE_BYTES} bytes` });
        return undefined;
    }
    const schema = unwrap(configSchema.shape[name as keyof typeof configSchema.shape]);
    // A stack file's `true` and `"true"` both arrive as text, and only here.
    if (schema instanceof z.ZodBoolean) return text === "true" ? true : text === "false" ? false : text;
    if (schema instanceof z.ZodEnum || schema instanceof z.ZodString) return text;
    return parseMap(name, text, problems);
}

function parseMap(name: string, text: string, problems: Problems): unknown {
    let value: unknown;
    try {
        value = JSON.parse(text);
    } catch (error) {
        if (!(error instanceof SyntaxError)) throw error;
        // The parser's own message quotes the text, which may hold a secret.
        problems.add({
            path: [name],
            rule: "must be a map, not text. Set one part of it with --path, or write it as a map in the stack file",
            remedy: `${problems.context.command ?? "pulumi"} config set --path ${NAMESPACE}:${name}.<key> <value>`,
        });
        return undefined;
    }
    const bad = findUnsafe(value, [name]);
    if (bad === undefined) return value;
    problems.add(bad);
    return undefined;
}

/** `__proto__` is dropped by some readers and taken by others; neither is what was meant. Depth is bounded for what walks it later. */
function findUnsafe(value: unknown, path: KeyPath): { path: KeyPath; rule: string } | undefined {
    if (typeof value !== "object" || value === null) return undefined;
    if (path.length > MAX_DEPTH)
        return { path: path.slice(0, 1), rule: `must not be nested deeper than ${MAX_DEPTH} levels` };
    for (const [key, child] of Object.entries(value)) {
        const childPath = [...path, Array.isArray(value) ? Number(key) : key];
        if (key === "__proto__") return { path: childPath, rule: "is not a name that can be used" };
        const bad = findUnsafe(child, childPath);
        if (bad !== undefined) return bad;
    }
    return undefined;
}
