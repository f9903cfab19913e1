/** What a step of a preview changes of a resource, property by property. */
import type { PreviewStep } from "@groundwork/engine/api";

import { parsePropertyPath, valueAt } from "./property-path";
import { HIDDEN, isSecret } from "./redact";

export interface PropertyChange {
    /** As in `detailedDiff`. */
    path: string;
    kind: "add" | "delete" | "update";
    /** `[secret]` where it is, or is within, a secret; so `after`. */
    before: unknown;
    after: unknown;
    /** It is why the resource is replaced. */
    replaces: boolean;
}

/** In the order of their paths. */
export function propertyChanges(step: PreviewStep): PropertyChange[] {
    const detailed = step.detailedDiff ?? {};
    const paths = Object.keys(detailed).length > 0 ? Object.keys(detailed) : (step.diffReasons ?? []);
    return paths.sort().map((path) => {
        const kind = detailed[path]?.kind ?? "update";
        const read = (state: PreviewStep["oldState"], inputsFirst: boolean): unknown => {
            const [first, second] = inputsFirst ? [state?.inputs, state?.outputs] : [state?.outputs, state?.inputs];
            if (underSecret(first, path) || underSecret(second, path)) return HIDDEN;
            const value = valueAt(first, path);
            return value === undefined ? valueAt(second, path) : value;
        };
        return {
            path,
            kind: kind.replace(/-replace$/, "") as PropertyChange["kind"],
            before: read(step.oldState, detailed[path]?.inputDiff ?? true),
            after: read(step.newState, true),
            replaces: kind.endsWith("-replace") || (step.replaceReasons ?? []).includes(path),
        };
    });
}

/** Is the value, or anything that holds it, a secret, marked or masked? Then the path under it must not be followed. */
function underSecret(root: unknown, path: string): boolean {
    let value = root;
    for (const part of parsePropertyPath(path)) {
        if (isSecret(value) || value === HIDDEN) return true;
        if (typeof value !== "object" || value === null) return false;
        value = (value as Record<string | number, unknown>)[part];
    }
    return isSecret(value) || value === HIDDEN;
}

/** Everything that a resource is made with, but for the provider's own notes. */
export function allProperties(state: PreviewStep["newState"]): [string, unknown][] {
    return Object.entries(state?.inputs ?? {})
        .filter(([key]) => !key.startsWith("__"))
        .sort(([a], [b]) => a.localeCompare(b));
}
