/** Property values and their differences, on lines short enough to read. */
import { isMap } from "../stack/text";
import { HIDDEN, redact } from "./redact";
import type { Style } from "./style";
import { truncate } from "./text";

/** Image and container ids: twelve digits tell them apart as well as sixty-four. */
const ID = /\b(sha256:)?([0-9a-f]{12})[0-9a-f]{52}\b/g;

/** A value on one line: short JSON, secrets and unknowns by name. */
export function showValue(value: unknown, limit: number): string {
    if (value === undefined) return "(none)";
    const shown = redact(value);
    if (shown === HIDDEN || shown === "[unknown]") return shown;
    return truncate(JSON.stringify(shown).replace(ID, "$1$2"), limit);
}

/** `~ memory: 512 => 1024`; of long lists and maps only the items that differ, a line each. */
export function showChange(path: string, before: unknown, after: unknown, limit: number, style: Style): string[] {
    const [old, now] = [redact(before), redact(after)];
    const change = `${style.yellow("~")} ${path}:`;
    const [oldText, nowText] = [showValue(old, Infinity), showValue(now, Infinity)];
    if (oldText.length <= limit && nowText.length <= limit) return [`${change} ${oldText} => ${nowText}`];
    if (Array.isArray(old) && Array.isArray(now)) {
        const has = (list: unknown[]): Set<string> => new Set(list.map((item) => JSON.stringify(item)));
        const [oldItems, nowItems] = [has(old), has(now)];
        const gone = old.filter((item) => !nowItems.has(JSON.stringify(item)));
        const come = now.filter((item) => !oldItems.has(JSON.stringify(item)));
        if (gone.length + come.length > 0) {
            return [
                change,
                ...gone.map((item) => `    ${style.red("-")} ${showValue(item, limit * 2)}`),
                ...come.map((item) => `    ${style.green("+")} ${showValue(item, limit * 2)}`),
            ];
        }
    }
    if (isMap(old) && isMap(now)) {
        const keys = [...new Set([...Object.keys(old), ...Object.keys(now)])].sort();
        const differing = keys.filter((key) => JSON.stringify(old[key]) !== JSON.stringify(now[key]));
        if (differing.length > 0)
            return differing.flatMap((key) => showChange(`${path}.${key}`, old[key], now[key], limit, style));
    }
    return [`${change} ${showValue(old, limit)} => ${showValue(now, limit)}`];
}
