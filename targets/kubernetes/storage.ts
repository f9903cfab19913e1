/** Claims on storage, and how pods come to them. */
import type { core } from "@pulumi/kubernetes/types/input";

import type { MountSpec, VolumeSpec } from "../../components/spec";
import { mebibytes } from "./format";
import { type Labels, volumeLabel } from "./labels";

export type AccessMode = "ReadWriteOnce" | "ReadWriteMany";

export interface StorageOptions {
    /** Default: the cluster's default class. */
    storageClass?: string;
    /** Of volumes that several replicas share; default: `storageClass`. */
    sharedStorageClass?: string;
    /** Of volumes that several replicas share. */
    sharedAccessMode: AccessMode;
}

/** A StatefulSet finds the claim of its first pod by this name, and takes over what is there. */
export function claimName({ name, owner }: VolumeSpec): string {
    return owner === undefined ? name : `${name}-${owner}-0`;
}

export function claimSpec(spec: VolumeSpec, options: StorageOptions): core.v1.PersistentVolumeClaimSpec {
    const { storageClass, sharedStorageClass = storageClass } = options;
    const storageClassName = spec.shared ? sharedStorageClass : storageClass;
    return {
        accessModes: [accessMode(spec, options)],
        resources: { requests: { storage: mebibytes(spec.sizeMiB) } },
        volumeMode: "Filesystem",
        ...(storageClassName !== undefined && { storageClassName }),
    };
}

function accessMode(spec: VolumeSpec, options: StorageOptions): AccessMode {
    return spec.shared ? options.sharedAccessMode : "ReadWriteOnce";
}

/** Of a StatefulSet: the volumes that are its own for ever. */
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

/** Labels of the pods that it must be on a node with: those that mount one of `volumes`, and of each of the workloads. */
export function togetherWith(volumes: VolumeSpec[], workloads: Labels[]): core.v1.PodAffinity | undefined {
    const wanted = [...volumes.map(({ name }) => ({ [volumeLabel(name)]: "true" })), ...workloads];
    if (wanted.length === 0) {
        return undefined;
    }
    return {
        requiredDuringSchedulingIgnoredDuringExecution: wanted.map((matchLabels) => ({
            labelSelector: { matchLabels },
            topologyKey: "kubernetes.io/hostname",
        })),
    };
}
