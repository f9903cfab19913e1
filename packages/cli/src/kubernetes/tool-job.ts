/** One-off Jobs of the toolbox: what a CronJob of the stack runs, with another command. */
import { STORES_DIRECTORY } from "../../../../components/backup/layout";
import type { V1Job, V1ObjectMeta, V1PodSpec, V1PodTemplateSpec } from "./types";

export interface ToolJob {
    metadata: V1ObjectMeta;
    /** Arguments of the toolbox. */
    args: string[];
    /** The data of the stores is writable. */
    writes: boolean;
    /** Not started before somebody says so. */
    suspend: boolean;
    /** Where what it mounts is attached; absent: nowhere yet. */
    node?: string;
}

/** @param template of the CronJob's pods */
export function toolJob(template: V1PodTemplateSpec, { metadata, args, writes, suspend, node }: ToolJob): V1Job {
    const { containers, affinity: _beside, ...spec } = template.spec!;
    const [toolbox, ...others] = containers;
    const mounts = (toolbox!.volumeMounts ?? []).map((mount) =>
        writes && mount.mountPath.startsWith(`${STORES_DIRECTORY}/`) ? { ...mount, readOnly: false } : mount,
    );
    return {
        apiVersion: "batch/v1",
        kind: "Job",
        metadata,
        spec: {
            suspend,
            backoffLimit: 0,
            template: {
                ...template,
                spec: {
                    ...spec,
                    // Beside a store that is stopped there is no place.
                    ...(node !== undefined && { affinity: { nodeAffinity: on(node) } }),
                    containers: [{ ...toolbox!, args, volumeMounts: mounts }, ...others],
                    volumes: (spec.volumes ?? []).map((volume) =>
                        writes && volume.persistentVolumeClaim
                            ? { ...volume, persistentVolumeClaim: { ...volume.persistentVolumeClaim, readOnly: false } }
                            : volume,
                    ),
                },
            },
        },
    };
}

function on(node: string): NonNullable<NonNullable<V1PodSpec["affinity"]>["nodeAffinity"]> {
    const matchFields = [{ key: "metadata.name", operator: "In", values: [node] }];
    return { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchFields }] } };
}

/** Claims that pods of this spec mount. */
export function claimsOf(spec: V1PodSpec | undefined): string[] {
    return (spec?.volumes ?? []).flatMap(({ persistentVolumeClaim: claim }) => (claim ? [claim.claimName] : []));
}

/** The claim that is mounted at a path. */
export function claimAt(spec: V1PodSpec, path: string): string | undefined {
    const mount = spec.containers[0]?.volumeMounts?.find(({ mountPath }) => mountPath === path);
    return spec.volumes?.find(({ name }) => name === mount?.name)?.persistentVolumeClaim?.claimName;
}
