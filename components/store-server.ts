/** What the stores have in common. */
import type * as pulumi from "@pulumi/pulumi";

import type { LogPolicy, Probe, Resources } from "../systems/types";
import type { Target } from "../targets/target";
import { logRotation } from "./log-rotation";
import { waitSeconds } from "./settings/probes";
import type { VolumeSpec, WorkloadSpec } from "./spec";

export interface StoreArgs {
    /** What `Target.image` returned for it. */
    image: pulumi.Input<string>;
    /** What holds its data. */
    volume: VolumeSpec;
    /** Limits and reservations of one instance. */
    resources: Resources;
    health: Probe;
    /** Numeric `uid:gid` of the image's own user, who owns the data in it. */
    runAs: string;
    /** How long it may take to write everything out before it is killed, in seconds. */
    stopGraceSeconds: number;
    logs: LogPolicy;
    target: Target;
}

/** Any process of a store's image: as the image's own user. */
export function storeProcess(component: string, args: Pick<StoreArgs, "image" | "runAs" | "logs">) {
    return {
        component,
        image: args.image,
        security: { user: args.runAs, addCapabilities: [], readOnlyRoot: true },
        logs: logRotation(args.logs),
    } satisfies Partial<WorkloadSpec>;
}

/** The store's server: one, alone on its data. */
export function storeServer(name: string, args: StoreArgs) {
    return {
        ...storeProcess(name, args),
        name,
        segments: ["data"],
        replicas: 1,
        resources: args.resources,
        health: args.health,
        exclusive: "data",
        stopGraceSeconds: args.stopGraceSeconds,
        waitSeconds: waitSeconds(args.health),
    } satisfies Partial<WorkloadSpec>;
}
