/** What keeps a workload's pods running, and how it goes from one version of them to the next. */
import type { apps, core } from "@pulumi/kubernetes/types/input";
import type * as pulumi from "@pulumi/pulumi";

import type { WorkloadSpec } from "../../components/spec";
import { mostReplicas } from "./availability";
import type { Labels } from "./labels";
import { headlessName } from "./services";
import { claimSpec, ownClaims, type StorageOptions } from "./storage";

/** Old versions that `kubectl rollout undo` can go back to. */
const REVISIONS = 3;

/** For what comes before a pod's first probe: a node for it, its image, its volume. */
const SCHEDULING_SECONDS = 300;

/** Up to so many replicas one more at a time; above, a quarter of them. */
const SURGE_ONE_UP_TO = 4;

/**
 * Options of what follows the load: a second opinion of how many there are would undo the autoscaler's at every update.
 * Made with none, it would be called ready with one.
 */
export const SCALED: pulumi.CustomResourceOptions = { ignoreChanges: ["spec.replicas"] };

export interface ControllerParts {
    selector: Labels;
    template: core.v1.PodTemplateSpec;
    storage: StorageOptions;
}

export function deploymentSpec(spec: WorkloadSpec, parts: ControllerParts): apps.v1.DeploymentSpec {
    return {
        // Where it follows the load, what it begins with: after that the number is the autoscaler's (`SCALED`).
        replicas: spec.replicas,
        selector: { matchLabels: parts.selector },
        revisionHistoryLimit: REVISIONS,
        progressDeadlineSeconds: rolloutSeconds(spec),
        strategy: strategy(spec),
        template: parts.template,
    };
}

/** One pod, on claims that outlive it and its StatefulSet. */
export function statefulSetSpec(spec: WorkloadSpec, parts: ControllerParts): apps.v1.StatefulSetSpec {
    const own = ownClaims(spec.mounts, spec.name);
    return {
        replicas: 1,
        serviceName: headlessName(spec.name),
        selector: { matchLabels: parts.selector },
        revisionHistoryLimit: REVISIONS,
        // With one pod there is no order to keep, and OrderedReady would not replace a pod that is broken by one that is not.
        podManagementPolicy: "Parallel",
        updateStrategy: { type: "RollingUpdate" },
        persistentVolumeClaimRetentionPolicy: { whenDeleted: "Retain", whenScaled: "Retain" },
        template: parts.template,
        // An empty list is read back as none.
        ...(own.length > 0 && {
            volumeClaimTemplates: own.map(({ volume }) => ({
                apiVersion: "v1",
                kind: "PersistentVolumeClaim",
                metadata: { name: volume.spec.name },
                spec: claimSpec(volume.spec, parts.storage),
            })),
        }),
    };
}

/** How long one pod may take to become ready. */
export function rolloutSeconds(spec: Pick<WorkloadSpec, "waitSeconds">): number {
    return SCHEDULING_SECONDS + spec.waitSeconds;
}

/**
 * A successor is ready before its predecessor goes, unless both would write to a volume that is made for one. What is exclusive for its
 * ports has no such volume here: pods share no ports.
 */
function strategy(spec: WorkloadSpec): apps.v1.DeploymentStrategy {
    const writesAlone = spec.mounts.some((mount) => !mount.readOnly && !mount.volume.spec.shared);
    if (writesAlone && spec.exclusive === false) {
        return { type: "Recreate" };
    }
    return {
        type: "RollingUpdate",
        rollingUpdate: { maxSurge: mostReplicas(spec) <= SURGE_ONE_UP_TO ? 1 : "25%", maxUnavailable: 0 },
    };
}
