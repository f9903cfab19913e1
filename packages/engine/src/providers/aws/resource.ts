import type { CheckFailure, PropertyMap, PropertyValue, ProviderContext } from "../../provider";
import { stable } from "../schema/diff";
import { isMap, ownKeys, type Fields, type Property } from "../schema/types";
import type { Clients } from "./client";

export interface State {
    inputs: PropertyMap;
    outputs: PropertyMap;
}

export interface Made {
    id: string;
    outputs: PropertyMap;
}

/** One type of the aws package. Check, diff and dispatch are shared; this is what differs. */
export interface AwsResource {
    service: "s3" | "kms" | "iam";
    fields: Fields;
    /** The property that is named automatically when the program does not, and how long AWS lets it be. */
    autoname?: { property: string; longest: number; lowerCase?: boolean };
    /** Old and new cannot be there side by side. Default: when the program gave the name. */
    deleteBeforeReplace?: boolean;
    /** Rules over more than one property. */
    check?(inputs: PropertyMap): CheckFailure[];
    create(clients: Clients, ctx: ProviderContext, inputs: PropertyMap): Promise<Made>;
    /** Absent: every change replaces. */
    update?(clients: Clients, ctx: ProviderContext, id: string, olds: State, news: PropertyMap): Promise<PropertyMap>;
    read(clients: Clients, ctx: ProviderContext, id: string, olds?: State): Promise<State | undefined>;
    delete(clients: Clients, ctx: ProviderContext, id: string, olds: State): Promise<void>;
    recover(clients: Clients, ctx: ProviderContext, inputs: PropertyMap): Promise<Made | undefined>;
}

/** Every regional resource has it; the provider's region counts where the program gives none. */
export const REGION: Property = { kind: "string", replaces: true, computed: true };

export const TAGS: Property = { kind: "map" };

/** A policy document: equal meaning, equal text. */
export const POLICY: Property = { kind: "string", required: true, same: sameJson, rule: isJson };

export function sameJson(value: PropertyValue): PropertyValue {
    if (typeof value !== "string") return value;
    try {
        return stable(JSON.parse(value) as PropertyValue);
    } catch {
        // Not JSON: `isJson` says so, where it can be said to somebody.
        return value;
    }
}

function isJson(value: PropertyValue): string | undefined {
    try {
        JSON.parse(value as string);
        return undefined;
    } catch {
        return "must be a policy document in JSON";
    }
}

export function textOf(value: PropertyValue | undefined): string | undefined {
    return typeof value === "string" && value !== "" ? value : undefined;
}

export function mapOf(value: PropertyValue | undefined): PropertyMap {
    return isMap(value) ? value : {};
}

export function listOf(value: PropertyValue | undefined): PropertyMap[] {
    return Array.isArray(value) ? value.filter(isMap) : [];
}

/** `{a: "1"}` as the list that AWS takes, sorted. */
export function tagList(tags: PropertyValue | undefined): { Key: string; Value: string }[] {
    return Object.entries(mapOf(tags))
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([Key, Value]) => ({ Key, Value: String(Value) }));
}

/** Both outputs that the real provider has of tags: without provider-wide defaults they are equal. */
export function tagOutputs(tags: PropertyMap): { tags: PropertyMap; tagsAll: PropertyMap } {
    return { tags, tagsAll: tags };
}

export function tagMap(tags: { Key?: string; Value?: string }[] | undefined): Record<string, string> {
    return Object.fromEntries((tags ?? []).map(({ Key, Value }) => [Key ?? "", Value ?? ""]));
}

export function sameTags(a: PropertyValue | undefined, b: PropertyValue | undefined): boolean {
    return (
        stable(mapOf(a)) === stable(mapOf(b)) ||
        (Object.keys(mapOf(a)).length === 0 && Object.keys(mapOf(b)).length === 0)
    );
}

/** Without what is undefined, which has no place in a state. */
export function defined(values: Record<string, PropertyValue | undefined>): PropertyMap {
    return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as PropertyMap;
}

/** Inputs as outputs: without the bridge's own note of what it filled in, at any depth. */
export function withoutDefaults<T extends PropertyValue>(value: T): T {
    if (Array.isArray(value)) return value.map(withoutDefaults) as T;
    if (!isMap(value)) return value;
    return Object.fromEntries(ownKeys(value).map((key) => [key, withoutDefaults(value[key]!)])) as T;
}
