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
