import * as pulumi from "@pulumi/pulumi";

import { workloadOutputs } from "./outputs";
import { service, type ServiceArgs } from "./service";
import type { WorkloadHandle } from "./spec";

export type WorkerArgs = ServiceArgs;

/** A queue worker: no requests from outside; on the data network, and on the egress network if it calls out. */
export class Worker extends pulumi.ComponentResource {
    readonly workload: WorkloadHandle;

    /** @throws pulumi.InputPropertiesError with everything that is wrong with `args` */
    constructor(name: string, args: WorkerArgs, opts?: pulumi.ComponentResourceOptions) {
        super("groundwork:services:Worker", name, {}, opts);
        this.workload = service("worker", args, this);
        this.registerOutputs({ workload: workloadOutputs(this.workload) });
    }
}
