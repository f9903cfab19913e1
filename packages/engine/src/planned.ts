/** Outputs as a preview takes them to be after an update, of providers whose outputs hold the inputs at the same places. */
import { equal, isObject } from "./properties";
import type { PropertyMap, PropertyValue } from "./provider";

/** What the inputs say is as they say; what others put beside it stays, and what they no longer say goes. */
export function plannedOutputs(outputs: PropertyMap, olds: PropertyMap, news: PropertyMap): PropertyMap {
    return planned(outputs, olds, news) as PropertyMap;
}

function planned(
    output: PropertyValue | undefined,
    old: PropertyValue | undefined,
    wanted: PropertyValue,
): PropertyValue {
    if (output === undefined || equal(old, wanted)) return output ?? wanted;
    if (isObject(output) && isObject(wanted)) {
        const before = isObject(old) ? old : {};
        const kept = Object.entries(output).filter(([key]) => key in wanted || !(key in before));
        const all = { ...Object.fromEntries(kept), ...wanted };
        return Object.fromEntries(
            Object.keys(all).map((key) => [
                key,
                key in wanted ? planned(output[key], before[key], wanted[key]!) : output[key]!,
            ]),
        );
    }
    if (Array.isArray(output) && Array.isArray(wanted) && output.length === wanted.length) {
        const before = Array.isArray(old) ? old : [];
        return wanted.map((item, i) => planned(output[i], before[i], item));
    }
    return wanted;
}
