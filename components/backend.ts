import * as pulumi from "@pulumi/pulumi";

import { workloadOutputs } from "./outputs";
import { service, type ServiceArgs } from "./service";
import type { WorkloadHandle } from "./spec";

export type BackendArgs = ServiceArgs;

/** An API or another service behind it: on the edge, and on the data network if it uses a store. */
export class Backend extends pulumi.ComponentResource {
    readonly workload: WorkloadHandle;

    /** @throws pulumi.InputPropertiesError with everything that is wrong with `args` */
    constructor(name: string, args: BackendArgs, opts?: pulumi.ComponentResourceOptions) {
        super("groundwork:services:Backend", name, {}, opts);
        this.workload = service("backend", args, this);
        this.registerOutputs({ workload: workloadOutputs(this.workload) });
    }
}
