/**
 * What a component says of a workload, in the words that Docker and Kubernetes share. A target turns it into resources.
 *
 * Units: memory in MiB, cpu in cores, time in seconds.
 */
import type * as pulumi from "@pulumi/pulumi";

import type { Probe, Resources } from "../systems/types";

/** A network segment of the stack. */
export interface NetworkSpec {
    /** `edge`, `data` or `egress`. */
    segment: Segment;
    /** No way out of the stack, and none in from the host. */
    isolated: boolean;
}
export type Segment = "edge" | "data" | "egress";

export interface VolumeSpec {
    /** Name within the stack, e.g. `postgres-data`. */
    name: string;
    sizeMiB: number;
    /** Protected and kept on delete outside of dev. */
    stateful: boolean;
    shared: boolean;
}

/** A file that a container finds at `path`, read-only. Its content is never in a command line, the environment or a label. */
export interface FileSpec {
    path: string;
    content: pulumi.Input<string>;
    /** Secret files are readable by the workload's own user only. */
    secret: boolean;
}

export interface PortSpec {
    name: string;
    port: number;
    protocol: "tcp" | "udp";
    /** Publish on the host (Docker) or on the load balancer (Kubernetes). */
    publish?: { address: string; port: number };
}

export interface MountSpec {
    volume: VolumeHandle;
    path: string;
    readOnly: boolean;
    /** Give the directory to the workload's user before it starts, because its image makes it as root's. Default: false. */
    own?: boolean;
}

/** Writable memory-backed directory in an otherwise read-only root file system. */
export interface TmpfsSpec {
    path: string;
    sizeMiB: number;
    /** Octal mode; default 1777. */
    mode?: string;
}

export interface SecuritySpec {
    /** `uid:gid`, numeric. */
    user: string;
    /** All capabilities are dropped; these are added back, e.g. `NET_BIND_SERVICE`. */
    addCapabilities: string[];
    readOnlyRoot: boolean;
}

export interface WorkloadSpec {
    /** Name within the stack, which is also its DNS name: `api`, `postgres`. */
    name: string;
    /** What it is, for labels and reports: `backend`, `postgres`, `edge` … */
    component: string;
    /** What `Target.image` returned. */
    image: pulumi.Input<string>;
    /** Instead of the image's entry point, as in Kubernetes. */
    command?: string[];
    /** Instead of the image's command (its arguments), as in Kubernetes. */
    args?: string[];
    replicas: number;
    ports: PortSpec[];
    /** Plain variables only: a secret goes into `files`. */
    env: Record<string, pulumi.Input<string>>;
    files: FileSpec[];
    mounts: MountSpec[];
    tmpfs: TmpfsSpec[];
    resources: Resources;
    /** `/dev/shm`; default: the engine's 64. */
    shmMiB?: number;
    /** Most processes and threads. */
    pidsLimit: number;
    security: SecuritySpec;
    /** Restarted when it fails (Kubernetes liveness); on Docker the container's health check. */
    health: Probe;
    /** May it be sent requests? Absent: `health`. */
    readiness?: Probe;
    segments: Segment[];
    /** Holds data: one instance at a time on its volumes, so the old one is gone before the new one starts. */
    exclusive: boolean;
    stopSignal?: string;
    stopGraceSeconds: number;
    logs: { maxFileMiB: number; maxFiles: number };
    /** How long `up` waits for it to become healthy. */
    waitSeconds: number;
}

/** A command that runs to its end once per release; `up` fails with its last log lines if it does. */
export interface JobSpec extends Omit<
    WorkloadSpec,
    "replicas" | "ports" | "health" | "readiness" | "exclusive" | "waitSeconds"
> {
    /** Change of any of these runs it again. */
    triggers: Record<string, pulumi.Input<string>>;
    timeoutSeconds: number;
    /** The workload whose files these are too: they are made once for both. Default: nobody's. */
    filesOf?: string;
}

/** Where other workloads reach it. */
export interface WorkloadHandle {
    name: string;
    /** DNS names of its replicas inside the stack, one for each. */
    hosts: string[];
    /** Resources that dependants name in `dependsOn`. */
    resources: pulumi.Resource[];
    /** Engine ids of its containers, or names of its pods' controller. */
    ids: pulumi.Output<string>[];
}

export interface VolumeHandle {
    spec: VolumeSpec;
    /** The engine's name of it. */
    id: pulumi.Output<string>;
    resource: pulumi.Resource;
}

export interface JobHandle {
    name: string;
    resources: pulumi.Resource[];
}
