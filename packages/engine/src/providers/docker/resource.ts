import { setTimeout as sleep } from "node:timers/promises";

import type { CheckFailure, PropertyMap, PropertyValue, ProviderContext } from "../../provider";
import { DEFAULTS_KEY, isMap, type Fields } from "../schema/types";
import type { Connection } from "./client";

/** Between two progress messages of one resource, in milliseconds. */
const PROGRESS_INTERVAL = 3000;

export type State = { inputs: PropertyMap; outputs: PropertyMap };

/** One type of the docker package. Check, diff, connection and dispatch are shared; this is what differs. */
export interface DockerResource {
    fields: Fields;
    /** Name given when the program gives none. */
    autoname?: boolean;
    /** Version of the real provider's state schema, so that it takes the state over without migrating it. */
    schemaVersion: string | undefined;
    deleteBeforeReplace(inputs: PropertyMap): boolean;
    /** Rules over more than one property. */
    check?(inputs: PropertyMap): CheckFailure[];
    create(connection: Connection, ctx: ProviderContext, inputs: PropertyMap): Promise<Made>;
    update?(
        connection: Connection,
        ctx: ProviderContext,
        id: string,
        olds: State,
        news: PropertyMap,
    ): Promise<PropertyMap>;
    read(connection: Connection, ctx: ProviderContext, id: string, olds?: State): Promise<State | undefined>;
    delete(connection: Connection, ctx: ProviderContext, id: string, olds: State): Promise<void>;
    recover(connection: Connection, ctx: ProviderContext, inputs: PropertyMap): Promise<Made | undefined>;
}

export interface Made {
    id: string;
    outputs: PropertyMap;
}

/** The name was given by the program, so old and new cannot exist side by side. */
export function hasOwnName(inputs: PropertyMap): boolean {
    const defaults = inputs[DEFAULTS_KEY];
    return !(Array.isArray(defaults) && defaults.includes("name"));
}

/** `[{label, value}]` as the object that Docker takes. */
export function labelMap(labels: PropertyValue | undefined): Record<string, string> {
    if (!Array.isArray(labels)) return {};
    return Object.fromEntries(labels.filter(isMap).map((entry) => [String(entry.label), String(entry.value)]));
}

/** Docker's labels as `[{label, value}]`, sorted. */
export function labelList(labels: Record<string, string> | null | undefined): PropertyValue[] {
    return Object.entries(labels ?? {})
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([label, value]) => ({ label, value }));
}

export function sameLabels(a: Record<string, string>, b: Record<string, string>): boolean {
    const keys = Object.keys(a);
    return keys.length === Object.keys(b).length && keys.every((key) => a[key] === b[key]);
}

/** `a=1, b=2`, for messages; labels hold no secrets. */
export function showLabels(labels: Record<string, string>): string {
    const entries = Object.entries(labels);
    return entries.length === 0 ? "none" : entries.map(([key, value]) => `${key}=${value}`).join(", ");
}

/** Reports progress without flooding the reader. */
export function progress(ctx: ProviderContext): (message: string) => void {
    let last = Date.now();
    return (message) => {
        if (Date.now() - last < PROGRESS_INTERVAL) return;
        last = Date.now();
        ctx.log(message);
    };
}

/** Waits; rejects at once when the run is stopped. */
export async function pause(ctx: ProviderContext, milliseconds: number): Promise<void> {
    await sleep(milliseconds, undefined, { signal: ctx.signal });
}
