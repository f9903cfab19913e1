/** What changes of a resource, as lines of a diff: without secrets, and the same in every stack where it is the same. */
import type { PreviewStep } from "@groundwork/engine/api";

import { isMap } from "../stack/text";
import { allProperties, propertyChanges } from "../ui/property-changes";
import { HIDDEN, redact } from "../ui/redact";
import { sanitise } from "../ui/text";
import { showValue } from "../ui/values";

/** Columns of one value: a reader of more looks at the source. */
const MOST_COLUMNS = 300;
/** Lines of one resource. */
const MOST_LINES = 60;

/** What changes of a resource that is there. */
export function changedLines(step: PreviewStep): string[] {
    const lines = propertyChanges(step).flatMap(({ path, kind, before, after, replaces }) => {
        const seen = difference(path, redact(before), redact(after), kind);
        // What differs and is not seen to differ is a secret within.
        const found = seen.length > 0 ? seen : [anotherSecret(path)];
        return replaces ? found.map((line) => `${line}  (replaces)`) : found;
    });
    // Replaced for no property's sake: because of what it depends on, or another provider.
    const causes = (step.replaceReasons ?? []).map((reason) => `! ${reason}  (replaces)`);
    return bounded(lines.length > 0 ? lines : causes);
}

/** What is made of a resource that is new. */
export function madeLines(step: PreviewStep): string[] {
    return bounded(allProperties(step.newState).map(([key, value]) => `+ ${key}: ${text(value)}`));
}

/** With `gw-<stack>` in the place of what the names of a stack's resources begin with. */
export function withoutStack(line: string, stack: string): string {
    return line.replaceAll(new RegExp(`\\bgw-${stack.replaceAll(".", "\\.")}(?![A-Za-z0-9])`, "g"), "gw-<stack>");
}

function bounded(lines: string[]): string[] {
    const clean = lines.map((line) => sanitise(line).replaceAll("\n", " "));
    if (clean.length <= MOST_LINES) return clean;
    return [...clean.slice(0, MOST_LINES), `! and ${clean.length - MOST_LINES} lines more`];
}

/** A value before and after; of lists, maps and texts of several lines only what differs. */
function difference(
    path: string,
    before: unknown,
    after: unknown,
    kind: "add" | "delete" | "update" = "update",
): string[] {
    if (kind === "add") return [`+ ${path}: ${text(after)}`];
    if (kind === "delete") return [`- ${path}: ${text(before)}`];
    if (before === HIDDEN || after === HIDDEN) return [anotherSecret(path)];
    if (isMap(before) && isMap(after)) {
        const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
        return keys
            .filter((key) => !same(before[key], after[key]))
            .flatMap((key) => inMap(`${path}.${key}`, before[key], after[key]));
    }
    if (Array.isArray(before) && Array.isArray(after)) return inLists(path, before, after);
    if (typeof before === "string" && typeof after === "string" && `${before}${after}`.includes("\n"))
        return inLists(path, before.split("\n"), after.split("\n"));
    const [from, to] = [text(before), text(after)];
    // Where they differ may be beyond what is shown of them.
    return from === to ? [`! ${path}: ${from}, further on`] : [`- ${path}: ${from}`, `+ ${path}: ${to}`];
}

function anotherSecret(path: string): string {
    return `! ${path}: ${HIDDEN}, another value`;
}

function inMap(path: string, before: unknown, after: unknown): string[] {
    return difference(path, before, after, before === undefined ? "add" : after === undefined ? "delete" : "update");
}

/** Items at the same places where each is a map; else what one list has and the other has not. */
function inLists(path: string, before: unknown[], after: unknown[]): string[] {
    if (before.length === after.length && [...before, ...after].every(isMap))
        return before.flatMap((item, i) => (same(item, after[i]) ? [] : difference(`${path}[${i}]`, item, after[i])));
    const [gone, come] = [without(before, after), without(after, before)];
    if (gone.length + come.length === 0) return [`! ${path}: another order`];
    return [...gone.map((item) => `- ${path}: ${text(item)}`), ...come.map((item) => `+ ${path}: ${text(item)}`)];
}

function without(list: unknown[], others: unknown[]): unknown[] {
    return list.filter((item) => !others.some((other) => same(item, other)));
}

function text(value: unknown): string {
    return showValue(value, MOST_COLUMNS);
}

function same(a: unknown, b: unknown): boolean {
    return JSON.stringify(a) === JSON.stringify(b);
}
