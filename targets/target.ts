import type * as pulumi from "@pulumi/pulumi";

import type {
    JobHandle,
    JobSpec,
    NetworkSpec,
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
 * `opts.parent`, named `<prefix>-<name>…`.
 */
export interface Target {
    readonly kind: "docker" | "kubernetes";
    readonly identity: StackIdentity;
    network(spec: NetworkSpec, opts: pulumi.CustomResourceOptions): pulumi.Resource;
    volume(spec: VolumeSpec, opts: pulumi.CustomResourceOptions): VolumeHandle;
    workload(spec: WorkloadSpec, opts: pulumi.CustomResourceOptions): WorkloadHandle;
    job(spec: JobSpec, opts: pulumi.CustomResourceOptions): JobHandle;
}
