import * as pulumi from "@pulumi/pulumi";

import { postgresMiB, type Probe } from "../../systems/types";
import type { Target } from "../../targets/target";
import { resourceOutputs, workloadOutputs } from "../outputs";
import { Problems } from "../problems";
import { waitSeconds } from "../settings/probes";
import { expectResources } from "../service";
import type { VolumeSpec, WorkloadHandle } from "../spec";
import type { PostgresClusterSpec } from "./cluster-spec";
import { expectExtensions } from "./extensions";

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

function validate({ target, instances, resources, settings, shmMiB, extensions }: OperatedPostgresArgs): void {
    const problems = new Problems();
    expectResources(problems, resources);
    const sharedBuffers = postgresMiB(settings.shared_buffers) ?? 0;
    const maintenance = postgresMiB(settings.maintenance_work_mem) ?? 0;
    problems
        .expect(target.postgresCluster !== undefined, "target", `${target.kind} has no operator for Postgres`)
        .expect(Number.isInteger(instances) && instances > 0, "instances", `${instances} is no number of servers`)
        .expect(
            sharedBuffers < resources.memoryLimitMiB,
            "settings.shared_buffers",
            `${sharedBuffers} MiB does not fit into a server's ${resources.memoryLimitMiB} MiB`,
        )
        .expect(
            shmMiB >= maintenance,
            "shmMiB",
            `${shmMiB} is below maintenance_work_mem (${maintenance} MiB), which parallel index builds put there`,
        );
    expectExtensions(problems, extensions);
    problems.throwIfAny("OperatedPostgres");
}
