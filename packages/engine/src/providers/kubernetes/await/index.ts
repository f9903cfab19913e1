/** Which kinds are waited for, and what for. */
import type { PropertyMap } from "../../../provider";
import { annotation } from "../object";
import { groupKind, type Kind } from "../type";
import { customResourceDefinition, namespace, resourceQuota, secret } from "./basics";
import { judgeOf } from "./expression";
import { job } from "./job";
import { ingress, service } from "./network";
import { claim, volume } from "./storage";
import type { Judge } from "./verdict";
import { daemonSet, deployment, pod, replicaSet, statefulSet } from "./workloads";

const JUDGES: Record<string, Judge | undefined> = {
    "apps/Deployment": deployment,
    "apps/StatefulSet": statefulSet,
    "apps/DaemonSet": daemonSet,
    "apps/ReplicaSet": replicaSet,
    ReplicationController: replicaSet,
    Pod: pod,
    "batch/Job": job,
    PersistentVolumeClaim: claim,
    PersistentVolume: volume,
    Service: service,
    "networking.k8s.io/Ingress": ingress,
    Namespace: namespace,
    "apiextensions.k8s.io/CustomResourceDefinition": customResourceDefinition,
    ResourceQuota: resourceQuota,
    Secret: secret,
};

const SKIP_AWAIT = "pulumi.com/skipAwait";
const WAIT_FOR = "pulumi.com/waitFor";

/** Undefined: a resource with these inputs is ready as soon as it is there. @throws Error when its `pulumi.com/waitFor` cannot be read */
export function judgeFor(kind: Kind, inputs: PropertyMap): Judge | undefined {
    if (skipsAwait(inputs)) return undefined;
    const expression = annotation(inputs, WAIT_FOR);
    return expression === undefined ? JUDGES[groupKind(kind)] : judgeOf(expression);
}

export function skipsAwait(inputs: PropertyMap): boolean {
    return annotation(inputs, SKIP_AWAIT) === "true";
}
