import * as pulumi from "@pulumi/pulumi";

import { workloadOutputs } from "./outputs";
import { service, type ServiceArgs } from "./service";
import type { WorkloadHandle } from "./spec";

export type FrontendArgs = ServiceArgs;

/** A web frontend: on the edge, and away from the stores. */
export class Frontend extends pulumi.ComponentResource {
    readonly workload: WorkloadHandle;

    /** @throws pulumi.InputPropertiesError with everything that is wrong with `args` */
    constructor(name: string, args: FrontendArgs, opts?: pulumi.ComponentResourceOptions) {
        super("groundwork:services:Frontend", name, {}, opts);
        this.workload = service("frontend", args, this);
        this.registerOutputs({ workload: workloadOutputs(this.workload) });
    }
}
