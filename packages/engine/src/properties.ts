/**
 * Property values as the engine holds them: JSON in which secrets, resource references and assets are tagged objects, exactly as on
 * Pulumi's wire (https://github.com/pulumi/pulumi/blob/master/sdk/go/common/resource/properties.go).
 */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";

import { UNKNOWN, type PropertyMap, type PropertyValue } from "./provider";

/** Key that marks a tagged object; its value says which kind. */
export const SIGNATURE = "4dabf18193072939515e22adb298388d";
export const SECRET = "1b47061264138c4ac30d75fd1eb44270";
const RESOURCE_REFERENCE = "5cf8f73096256a8f31e491e813e4eb8e";
const OUTPUT_VALUE = "d0e6a833031e9bbcd3f4e8bde6ca49a4";
const ASSET = "c44067f5952c0a294b673a41bacd8c17";
const ARCHIVE = "0def7320c3a5731c473e5ecbe6d01bc7";

/** What a secret looks like to people. */
export const MASK = "[secret]";

interface Secret {
    [SIGNATURE]: typeof SECRET;
    value: PropertyValue;
}

type PropertyObject = { [key: string]: PropertyValue };

export function isObject(value: unknown): value is PropertyObject {
    return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function isSecret(value: unknown): value is PropertyValue & Secret {
    return isObject(value) && value[SIGNATURE] === SECRET;
}

/** Marks a value as secret; a secret stays as it is. */
export function secret(value: PropertyValue): PropertyValue {
    return isSecret(value)
        ? value
        : { [SIGNATURE]: SECRET, value: mapValue(value, (v) => (isSecret(v) ? v.value : undefined)) };
}

/** Rebuilds a value; where `replace` returns something, that is taken instead of going deeper. */
function mapValue(value: PropertyValue, replace: (value: PropertyObject) => PropertyValue | undefined): PropertyValue {
    if (Array.isArray(value)) return value.map((v) => mapValue(v, replace));
    if (!isObject(value)) return value;
    const replaced = replace(value);
    if (replaced !== undefined) return replaced;
    return mapEntries(value, (each) => mapValue(each, replace));
}

/** The same keys with other values. Every key is data: an assignment would take `__proto__` for something else. */
export function mapEntries(
    value: PropertyObject,
    change: (value: PropertyValue, key: string) => PropertyValue,
): PropertyObject {
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, change(each, key)]));
}

function mapProperties(map: PropertyMap, replace: (value: PropertyObject) => PropertyValue | undefined): PropertyMap {
    return mapValue(map, replace) as PropertyMap;
}

/**
 * Takes what a program sent: output values become plain, secret or unknown ones, files of assets get their hash.
 * @param where the resource, for errors
 * @param baseDir relative asset paths start here
 * @throws Error naming the property for archives, remote assets and numbers that JSON cannot hold
 */
export function fromProgram(map: PropertyMap, where: string, baseDir: string): PropertyMap {
    const visit = (value: PropertyValue, path: string): PropertyValue => {
        if (typeof value === "number" && !Number.isFinite(value)) {
            throw new Error(`${where}: property "${path}" is ${value}, which cannot be stored. Give a finite number.`);
        }
        if (Array.isArray(value)) return value.map((v, i) => visit(v, `${path}[${i}]`));
        if (!isObject(value)) return value;
        switch (value[SIGNATURE]) {
            case SECRET:
                return secret(visit(value["value"] ?? null, path));
            case OUTPUT_VALUE: {
                const inner = "value" in value ? visit(value["value"]!, path) : UNKNOWN;
                return value["secret"] === true ? secret(inner) : inner;
            }
            case ASSET:
                return hashedAsset(value, `${where}: property "${path}"`, baseDir);
            case ARCHIVE:
                throw new Error(
                    `${where}: property "${path}" is an archive, which the embedded engine does not support. Run it with the Pulumi CLI (--engine pulumi).`,
                );
            default:
                return mapEntries(value, (each, key) => visit(each, path ? `${path}.${key}` : key));
        }
    };
    return visit(map, "") as PropertyMap;
}

function hashedAsset(asset: PropertyObject, where: string, baseDir: string): PropertyValue {
    const { path, text } = asset;
    if (typeof text === "string") return { [SIGNATURE]: ASSET, hash: sha256(text), text };
    if (typeof path === "string")
        return { [SIGNATURE]: ASSET, hash: sha256(readFileSync(resolve(baseDir, path))), path };
    throw new Error(
        `${where} is a remote asset, which the embedded engine does not support. Use a string or file asset, or the Pulumi CLI (--engine pulumi).`,
    );
}

function sha256(data: string | Buffer): string {
    return createHash("sha256").update(data).digest("hex");
}

/** Without tags, as providers want it: secrets unwrapped, resource references as the resource's id (of a component: its URN). */
export function plain(map: PropertyMap): PropertyMap {
    return mapProperties(map, plainObject);
}

/** {@link plain} for a single value. */
export function plainValue(value: PropertyValue): PropertyValue {
    return mapValue(value, plainObject);
}

/** With resource references as IDs, and secrets still marked. */
export function withoutReferences(map: PropertyMap): PropertyMap {
    return mapProperties(map, (value) => (value[SIGNATURE] === RESOURCE_REFERENCE ? plainObject(value) : undefined));
}

function plainObject(value: PropertyObject): PropertyValue | undefined {
    if (value[SIGNATURE] === SECRET) return plainValue(value["value"]!);
    if (value[SIGNATURE] === RESOURCE_REFERENCE) return (value["id"] || value["urn"]) ?? null;
    return undefined;
}

/** With `[secret]` in the place of each secret, to be shown. */
export function masked(map: PropertyMap): PropertyMap {
    return mapProperties(map, (value) => (isSecret(value) ? MASK : undefined));
}

/** True if anything in it is not known before the run. */
export function hasUnknown(value: PropertyValue | undefined): boolean {
    if (value === UNKNOWN) return true;
    if (Array.isArray(value)) return value.some(hasUnknown);
    return isObject(value) && Object.values(value).some(hasUnknown);
}

export function hasSecret(value: PropertyValue | undefined): boolean {
    if (Array.isArray(value)) return value.some(hasSecret);
    return isObject(value) && (isSecret(value) || Object.values(value).some(hasSecret));
}

/** Calls `found` with each string that is within a secret. */
export function secretTexts(value: PropertyValue, found: (text: string) => void, inside = false): void {
    if (typeof value === "string") {
        if (inside && value !== UNKNOWN) found(value);
    } else if (Array.isArray(value)) {
        for (const v of value) secretTexts(v, found, inside);
    } else if (isSecret(value)) {
        secretTexts(value.value, found, true);
    } else if (isObject(value)) {
        for (const v of Object.values(value)) secretTexts(v, found, inside);
    }
}

/** Shortest secret looked for inside other text: anything shorter would mark half of all values. */
export const SHORTEST_SECRET = 6;

/**
 * Marks as secret in `value` what is secret at the same place in `pattern`, and every text that holds one of `pattern`'s secrets.
 * Providers know nothing of secrets; this brings the marks back onto what they return.
 */
export function withSecretsOf(value: PropertyMap, pattern: PropertyMap): PropertyMap {
    const texts = new Set<string>();
    secretTexts(pattern, (text) => text.length >= SHORTEST_SECRET && texts.add(text));
    const copy = copySecrets(value, pattern) as PropertyMap;
    return texts.size > 0 ? (markTexts(copy, [...texts]) as PropertyMap) : copy;
}

function copySecrets(value: PropertyValue, pattern: PropertyValue | undefined): PropertyValue {
    if (isSecret(value) || pattern === undefined) return value;
    if (isSecret(pattern)) return secret(value);
    if (Array.isArray(value) && Array.isArray(pattern)) {
        if (value.length === pattern.length) return value.map((v, i) => copySecrets(v, pattern[i]));
        // The elements cannot be told apart: all of it is as secret as its most secret part.
        return hasSecret(pattern) ? secret(value) : value;
    }
    if (isObject(value) && isObject(pattern)) {
        return mapEntries(value, (each, key) => copySecrets(each, pattern[key]));
    }
    return value;
}

function markTexts(value: PropertyValue, texts: string[]): PropertyValue {
    if (typeof value === "string") return texts.some((text) => value.includes(text)) ? secret(value) : value;
    if (Array.isArray(value)) return value.map((v) => markTexts(v, texts));
    if (!isObject(value) || isSecret(value)) return value;
    return mapEntries(value, (each) => markTexts(each, texts));
}

/** Marks whole top-level properties as secret. */
export function withSecretKeys(map: PropertyMap, keys: readonly string[]): PropertyMap {
    if (!keys.some((key) => map[key] !== undefined && !isSecret(map[key]))) return map;
    const result = { ...map };
    for (const key of keys) if (result[key] !== undefined && result[key] !== null) result[key] = secret(result[key]!);
    return result;
}

/** Equal in meaning: the order of keys does not count. */
export function equal(a: unknown, b: unknown): boolean {
    if (a === b) return true;
    if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
    if (Array.isArray(a) !== Array.isArray(b)) return false;
    if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((v, i) => equal(v, b[i]));
    const left = a as Record<string, unknown>;
    const right = b as Record<string, unknown>;
    const keys = Object.keys(left).filter((key) => left[key] !== undefined);
    return (
        keys.length === Object.keys(right).filter((key) => right[key] !== undefined).length &&
        keys.every((key) => key in right && equal(left[key], right[key]))
    );
}

/** Says nothing: such fields are left out of states. */
export function isBlank(value: unknown): boolean {
    if (value === undefined || value === null || value === "" || value === false) return true;
    return typeof value === "object" && Object.keys(value).length === 0;
}
