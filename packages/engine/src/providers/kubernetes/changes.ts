/** The paths in which two sets of inputs differ, as a preview shows them. */
import { equal, hasUnknown } from "../../properties";
import type { DiffResult, PropertyMap, PropertyValue } from "../../provider";
import { isMap } from "../schema/types";

type Changes = DiffResult["detailed"];

export function changesBetween(olds: PropertyMap, news: PropertyMap): Changes {
    const result: Changes = {};
    compare(olds, news, "", result);
    return result;
}

function compare(
    before: PropertyValue | undefined,
    after: PropertyValue | undefined,
    path: string,
    result: Changes,
): void {
    if (equal(before, after) && !hasUnknown(after)) return;
    if (isMap(before) && isMap(after)) {
        for (const key of new Set([...Object.keys(before), ...Object.keys(after)]))
            compare(before[key], after[key], within(path, key), result);
    } else if (Array.isArray(before) && Array.isArray(after)) {
        for (let i = 0; i < Math.max(before.length, after.length); i++)
            compare(before[i], after[i], `${path}[${i}]`, result);
    } else {
        result[path] = before === undefined ? "add" : after === undefined ? "delete" : "update";
    }
}

function within(path: string, key: string): string {
    if (/[."[\]]/.test(key)) return `${path}["${key.replace(/["\\]/g, "\\$&")}"]`;
    return path === "" ? key : `${path}.${key}`;
}
