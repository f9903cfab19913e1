/** Claims on storage, and how pods come to them. */
import type { core } from "@pulumi/kubernetes/types/input";

import type { MountSpec, VolumeSpec } from "../../components/spec";
import { mebibytes } from "./format";
import { type Labels, volumeLabel } from "./labels";

export type AccessMode = "ReadWriteOnce" | "ReadWriteMany";

export interface StorageOptions {
    /** Class of volumes. Default: the cluster's default one. */
    storageClass?: string;
    /** Class of volumes that replicas on several nodes share. Default: `storageClass`. */
    sharedStorageClass?: string;
    /** Access mode of volumes that several replicas share, unless all of them must be on one node. */
    sharedAccessMode: AccessMode;
}

/** A StatefulSet finds the claim of its first pod by this name, and takes over what is there. */
export function claimName({ name, owner }: VolumeSpec): string {
    return owner === undefined ? name : `${name}-${owner}-0`;
}

export function claimSpec(spec: VolumeSpec, options: StorageOptions): core.v1.PersistentVolumeClaimSpec {
    const { storageClass, sharedStorageClass = storageClass } = options;
    const storageClassName = isSpread(spec) ? sharedStorageClass : storageClass;
    return {
        accessModes: [accessMode(spec, options)],
        resources: { requests: { storage: mebibytes(spec.sizeMiB) } },
        volumeMode: "Filesystem",
        ...(storageClassName !== undefined && { storageClassName }),
    };
}

function accessMode(spec: VolumeSpec, options: StorageOptions): AccessMode {
    return isSpread(spec) ? options.sharedAccessMode : "ReadWriteOnce";
}

/** Whether who shares it may be on several nodes. */
function isSpread({ shared, oneHost }: VolumeSpec): boolean {
    return shared && !oneHost;
}

/** The volumes that are a StatefulSet's own for ever. */
export function ownClaims(mounts: MountSpec[], workload: string): MountSpec[] {
    return mounts.filter(({ volume }) => volume.spec.owner === workload && !volume.spec.movable);
}

export function claimVolumes(mounts: MountSpec[]): core.v1.Volume[] {
    const byName = new Map(mounts.map(({ volume }) => [volume.spec.name, volume]));
    return [...byName].map(([name, volume]) => ({ name, persistentVolumeClaim: { claimName: volume.id } }));
}

/** The API keeps no `readOnly: false`, so that a refreshed state would differ from the program by it: a Job is replaced for less. */
export function volumeMounts(mounts: MountSpec[]): core.v1.VolumeMount[] {
    return mounts.map(({ volume, path, readOnly }) => ({
        name: volume.spec.name,
        mountPath: path,
        ...(readOnly && { readOnly }),
    }));
}

/**
 * Volumes that one node at a time can have: whoever mounts one goes to the node of those that do, because elsewhere it would wait for ever
 * for a volume that is attached here.
 */
export function boundToNode(mounts: MountSpec[], workload: string, options: StorageOptions): VolumeSpec[] {
    const shared = mounts.filter(({ beside, follows }) => beside === undefined && !follows);
    const specs = new Map(shared.map(({ volume }) => [volume.spec.name, volume.spec]));
    return [...specs.values()].filter(
        (spec) => spec.owner !== workload && !spec.movable && accessMode(spec, options) === "ReadWriteOnce",
    );
}

/**
 * It must be on a node with the pods that mount one of `volumes`, and with those of each of `workloads`, and goes to
 * those of `near` if there is room.
 */
export function togetherWith(
    volumes: VolumeSpec[],
    workloads: Labels[],
    near: Labels[],
): core.v1.PodAffinity | undefined {
    const wanted = [...volumes.map(({ name }) => ({ [volumeLabel(name)]: "true" })), ...workloads];
    if (wanted.length + near.length === 0) {
        return undefined;
    }
    return {
        ...(wanted.length > 0 && { requiredDuringSchedulingIgnoredDuringExecution: wanted.map(nodeOf) }),
        ...(near.length > 0 && {
            preferredDuringSchedulingIgnoredDuringExecution: near.map((labels) => onItsNode(labels, 100)),
        }),
    };
}

/** @param weight from 1 to 100 */
export function onItsNode(labels: Labels, weight: number): core.v1.WeightedPodAffinityTerm {
    return { weight, podAffinityTerm: nodeOf(labels) };
}

/** The nodes on which pods with these labels run. */
function nodeOf(matchLabels: Labels): core.v1.PodAffinityTerm {
    return { labelSelector: { matchLabels }, topologyKey: "kubernetes.io/hostname" };
}
