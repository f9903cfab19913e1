/** What the stores have in common. */
import type * as pulumi from "@pulumi/pulumi";

import type { LogPolicy, Probe, Resources } from "../systems/types";
import type { Target } from "../targets/target";
import type { VolumeSpec } from "./spec";

export interface StoreArgs {
    /** What `Target.image` returned for it. */
    image: pulumi.Input<string>;
    /** What holds its data. */
    volume: VolumeSpec;
    /** Limits and reservations of its one instance. */
    resources: Resources;
    health: Probe;
    /** Numeric `uid:gid` of the image's own user, who owns the data in it. */
    runAs: string;
    /** How long it may take to write everything out before it is killed, in seconds. */
    stopGraceSeconds: number;
    logs: LogPolicy;
    target: Target;
}

/** The size in MiB of a Postgres or Redis setting such as `256MB`; undefined where it is not in that form. */
export function settingMiB(setting: string | undefined): number | undefined {
    const match = /^(\d+)\s*(kB|MB|GB)$/.exec(setting ?? "");
    if (!match) {
        return undefined;
    }
    const factor = { kB: 1 / 1024, MB: 1, GB: 1024 }[match[2] as "kB" | "MB" | "GB"];
    return Number(match[1]) * factor;
}
