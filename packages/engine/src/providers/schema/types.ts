/** How a provider describes a resource's inputs: data that `check` and `diff` are driven by. */
import type { PropertyMap, PropertyValue } from "../../provider";

export type Kind = "string" | "integer" | "boolean" | "map" | "list" | "set" | "object" | "any";

export interface Property {
    kind: Kind;
    /** Elements of a list or set; values of a map are strings. */
    of?: Property;
    /** The properties of an object. */
    fields?: Fields;
    required?: boolean;
    /** Put into the inputs by `check`, and named in `__defaults`, as Pulumi's Terraform bridge does. */
    default?: PropertyValue;
    /** A change replaces the resource: always, or for these values. */
    replaces?: boolean | ((before: PropertyValue | undefined, after: PropertyValue | undefined) => boolean);
    /** The engine may fill it when it is not given, so its presence in the outputs alone is no change. */
    computed?: boolean;
    /** What a value must be, beyond its kind. */
    rule?: Rule;
    /** Brings equal meanings to equal text, e.g. `0.50` and `0.5`. */
    same?: (value: PropertyValue) => PropertyValue;
    /** The real provider has it, this one does not: why, or what to use instead. */
    refused?: string;
    /** Never shown in a message. */
    secret?: boolean;
}

export type Fields = Record<string, Property>;

/** Undefined: the value is right. Otherwise what it must be, e.g. `must be 0 or more`. */
export type Rule = (value: PropertyValue) => string | undefined;

/** Keys that Pulumi's bridge keeps in inputs and outputs for itself. */
export const DEFAULTS_KEY = "__defaults";
export const META_KEY = "__meta";

export function isMap(value: PropertyValue | undefined): value is PropertyMap {
    return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function isAbsent(value: PropertyValue | undefined): value is null | undefined {
    return value === undefined || value === null;
}

/** The fields a program can set; `__defaults` and `__meta` are the bridge's own. */
export function ownKeys(value: PropertyMap): string[] {
    return Object.keys(value).filter((key) => key !== DEFAULTS_KEY && key !== META_KEY);
}
