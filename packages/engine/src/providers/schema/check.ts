import { closest, distance } from "fastest-levenshtein";

import { UNKNOWN, type CheckFailure, type PropertyMap, type PropertyValue } from "../../provider";
import { DEFAULTS_KEY, isAbsent, isMap, ownKeys, type Fields, type Property } from "./types";

/** A typo is at most this far from the name that was meant. */
const TYPO_DISTANCE = 3;

interface Checked {
    inputs: PropertyMap;
    failures: CheckFailure[];
}

/**
 * Holds inputs against the table: every problem at once, each with its path. Defaults that are not zero values are filled in.
 *
 * @param withDefaults name them in `__defaults`, at every level, as Pulumi's Terraform bridge does.
 */
export function checkInputs(fields: Fields, news: PropertyMap, withDefaults: boolean): Checked {
    const failures: CheckFailure[] = [];
    const inputs = checkFields(fields, news, "", withDefaults, failures);
    return { inputs, failures };
}

function checkFields(
    fields: Fields,
    news: PropertyMap,
    path: string,
    withDefaults: boolean,
    failures: CheckFailure[],
): PropertyMap {
    const inputs: PropertyMap = {};
    for (const key of ownKeys(news)) {
        const value = news[key];
        if (isAbsent(value)) continue;
        const property = Object.hasOwn(fields, key) ? fields[key] : undefined;
        const at = join(path, key);
        if (!property) {
            failures.push({ property: at, reason: unknownProperty(key, fields) });
        } else if (property.refused !== undefined) {
            failures.push({ property: at, reason: `is not supported by the embedded engine: ${property.refused}` });
        } else {
            inputs[key] = checkValue(property, value, at, withDefaults, failures);
        }
    }
    const defaults: string[] = [];
    for (const [key, property] of Object.entries(fields)) {
        if (inputs[key] !== undefined) continue;
        if (property.default !== undefined) {
            inputs[key] = property.default;
            defaults.push(key);
        } else if (property.required && isAbsent(news[key])) {
            failures.push({ property: join(path, key), reason: "is required, but not set" });
        }
    }
    if (withDefaults) inputs[DEFAULTS_KEY] = defaults.sort();
    return inputs;
}

function checkValue(
    property: Property,
    value: PropertyValue,
    path: string,
    withDefaults: boolean,
    failures: CheckFailure[],
): PropertyValue {
    if (value === UNKNOWN) return value;
    const fail = (reason: string): void => {
        failures.push({ property: path, reason: property.secret ? reason : `${reason}, not ${show(value)}` });
    };
    switch (property.kind) {
        case "any":
            break;
        case "string":
        case "boolean":
            if (typeof value !== property.kind) fail(`must be a ${property.kind}`);
            break;
        case "integer":
            if (typeof value !== "number" || !Number.isSafeInteger(value)) fail("must be a whole number");
            break;
        case "map":
            if (!isMap(value)) fail("must be an object of strings");
            else
                for (const key of ownKeys(value))
                    if (typeof value[key] !== "string")
                        failures.push({ property: join(path, key), reason: "must be a string" });
            break;
        case "list":
        case "set":
            if (!Array.isArray(value)) {
                fail("must be a list");
                break;
            }
            return value.map((item, i) => checkValue(property.of!, item, `${path}[${i}]`, withDefaults, failures));
        case "object":
            if (!isMap(value)) {
                fail("must be an object");
                break;
            }
            return checkFields(property.fields!, value, path, withDefaults, failures);
    }
    if (property.rule && failures.every((failure) => failure.property !== path)) {
        const reason = property.rule(value);
        if (reason !== undefined) fail(reason);
    }
    return value;
}

function unknownProperty(key: string, fields: Fields): string {
    const known = Object.keys(fields).filter((name) => fields[name]!.refused === undefined);
    const near = closest(key, known);
    return distance(key, near) <= TYPO_DISTANCE
        ? `is no property of this resource: did you mean "${near}"?`
        : `is no property of this resource; it has ${known.sort().join(", ")}`;
}

function join(path: string, key: string): string {
    return path === "" ? key : `${path}.${key}`;
}

function show(value: PropertyValue): string {
    const text = JSON.stringify(value);
    return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}
