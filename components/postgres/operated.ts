import * as pulumi from "@pulumi/pulumi";

import type { Probe } from "../../systems/types";
import type { Target } from "../../targets/target";
import { resourceOutputs, workloadOutputs } from "../outputs";
import { Problems } from "../problems";
import { expectResources } from "../service";
import { waitSeconds } from "../settings/probes";
import type { VolumeSpec, WorkloadHandle } from "../spec";
import type { PostgresClusterSpec } from "./cluster-spec";
import { expectExtensions, expectMemory } from "./expect";

export interface OperatedPostgresArgs extends Omit<
    PostgresClusterSpec,
    "name" | "component" | "sizeMiB" | "stateful" | "waitSeconds"
> {
    /** What each server's data is on. */
    volume: Pick<VolumeSpec, "sizeMiB" | "stateful">;
    /** How often, and how patiently, a server that starts is asked. */
    timing: Probe;
    target: Target;
}

/** Postgres that an operator of the cluster's runs: it makes the servers and their volumes, and another primary when one fails. */
export class OperatedPostgres extends pulumi.ComponentResource {
    readonly workload: WorkloadHandle;
    /** Ready, and with its extensions: what migrations and services wait for. */
    readonly ready: pulumi.Resource[];

    /** @throws pulumi.InputPropertiesError with everything that is wrong with `args` */
    constructor(name: string, args: OperatedPostgresArgs, opts?: pulumi.ComponentResourceOptions) {
        super("groundwork:stores:OperatedPostgres", name, {}, opts);
        validate(args);
        const { target, volume, timing, ...spec } = args;
        this.workload = target.postgresCluster!(
            {
                ...spec,
                name: "postgres",
                component: "postgres",
                sizeMiB: volume.sizeMiB,
                stateful: volume.stateful,
                waitSeconds: waitSeconds(timing),
            },
            { parent: this },
        );
        this.ready = this.workload.resources;
        this.registerOutputs({ workload: workloadOutputs(this.workload), ready: resourceOutputs(this.ready) });
    }
}

function validate(args: OperatedPostgresArgs): void {
    const { target, instances } = args;
    const problems = new Problems();
    expectResources(problems, args.resources);
    problems
        .expect(target.postgresCluster !== undefined, "target", `${target.kind} has no operator for Postgres`)
        .expect(Number.isInteger(instances) && instances > 0, "instances", `${instances} is no number of servers`);
    expectMemory(problems, args, "a server");
    expectExtensions(problems, args.extensions);
    problems.throwIfAny("OperatedPostgres");
}
