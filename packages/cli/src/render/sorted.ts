import { sortedJson } from "../../../../components/sorted-json";

/** A copy with the keys of every map in order, and without what is null: to Kubernetes that is what is not there. */
export function bySortedKeys(value: unknown): unknown {
    return JSON.parse(sortedJson(value, 0), function (this: unknown, _key, each: unknown) {
        return each === null && !Array.isArray(this) ? undefined : each;
    });
}
