import type * as pulumi from "@pulumi/pulumi";

import type { PostgresClusterNames, PostgresClusterSpec } from "../components/postgres/cluster-spec";
import type {
    Flow,
    JobHandle,
    JobSpec,
    NetworkSpec,
    ScheduleHandle,
    ScheduleSpec,
    VolumeHandle,
    VolumeSpec,
    WorkloadHandle,
    WorkloadSpec,
} from "../components/spec";
import type { Environment, SystemKey } from "../systems/types";

/** What every resource of a stack carries in its name and labels. */
export interface StackIdentity {
    stack: string;
    system: SystemKey;
    environment: Environment;
    /** Version of the program, for labels. */
    version: string;
    /** Start of every name, e.g. `gw-debt-os-dev`. */
    prefix: string;
}

/**
 * Where and how a stack's parts run. A target knows no system: it gets specs and makes provider resources, as children of
 * `opts.parent`. What is one of a kind on an engine or cluster is named `<prefix>-<name>…`.
 */
export interface Target {
    readonly kind: "docker" | "kubernetes";
    readonly identity: StackIdentity;
    /**
     * What a workload's `image` is on this target: Docker has the image pulled or found first and returns its id, Kubernetes takes the
     * reference as it is. `key` names the resource: that of `images/catalog.ts`.
     */
    image(key: string, reference: string, opts: pulumi.CustomResourceOptions): pulumi.Input<string>;
    /**
     * Everything that may connect to anything: called once, before what it names is made. Absent where segments alone keep workloads
     * apart.
     * @param clusters whose pods `postgresCluster` has an operator make
     */
    connections?(flows: Flow[], clusters: PostgresClusterNames[], opts: pulumi.CustomResourceOptions): void;
    /** Absent where `connections` says it all. */
    network?(spec: NetworkSpec, opts: pulumi.CustomResourceOptions): pulumi.Resource;
    volume(spec: VolumeSpec, opts: pulumi.CustomResourceOptions): VolumeHandle;
    workload(spec: WorkloadSpec, opts: pulumi.CustomResourceOptions): WorkloadHandle;
    job(spec: JobSpec, opts: pulumi.CustomResourceOptions): JobHandle;
    /** A Postgres that an operator runs, ready and with its extensions. Absent where there is no operator. */
    postgresCluster?(spec: PostgresClusterSpec, opts: pulumi.CustomResourceOptions): WorkloadHandle;
    /** Docker keeps no time, so that it runs the process that does; Kubernetes starts each run when it is due. */
    schedule(spec: ScheduleSpec, opts: pulumi.CustomResourceOptions): ScheduleHandle;
    /**
     * The name under which others find a workload of `exclusive: "data"` whether or not it may be sent requests. Absent:
     * its own name, which leads to it as long as it runs.
     */
    peerHost?(workload: string): string;
    /** Called last, when everything that runs is known. Absent where nothing bounds a stack as a whole. */
    complete?(opts: pulumi.CustomResourceOptions): void;
}
