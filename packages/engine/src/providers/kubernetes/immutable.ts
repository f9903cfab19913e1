/** What cannot be changed on an object, so that a change of it is planned as a replacement. */
import { equal, hasUnknown } from "../../properties";
import { UNKNOWN, type PropertyMap, type PropertyValue } from "../../provider";
import { isMap } from "../schema/types";
import { at } from "./object";
import type { Settings } from "./settings";
import { groupKind, type Kind } from "./type";

const IDENTITY = ["metadata.name", "metadata.namespace"];

/** Paths by group and kind: what the API server refuses to change, and what the real provider replaces for. */
const IMMUTABLE: Record<string, readonly string[] | undefined> = {
    "apps/Deployment": ["spec.selector"],
    "apps/DaemonSet": ["spec.selector"],
    "apps/ReplicaSet": ["spec.selector"],
    "apps/StatefulSet": [
        "spec.podManagementPolicy",
        "spec.revisionHistoryLimit",
        "spec.selector",
        "spec.serviceName",
        "spec.volumeClaimTemplates",
    ],
    "batch/Job": [
        "spec.completions",
        "spec.completionMode",
        "spec.parallelism",
        "spec.podFailurePolicy",
        "spec.backoffLimitPerIndex",
        "spec.selector",
        "spec.template",
    ],
    PersistentVolumeClaim: [
        "spec.accessModes",
        "spec.dataSource",
        "spec.dataSourceRef",
        "spec.selector",
        "spec.storageClassName",
        "spec.volumeMode",
        "spec.volumeName",
    ],
    PersistentVolume: [
        "spec.csi",
        "spec.hostPath",
        "spec.local",
        "spec.nfs",
        "spec.iscsi",
        "spec.fc",
        "spec.volumeMode",
    ],
    Pod: [
        "spec.affinity",
        "spec.automountServiceAccountToken",
        "spec.containers",
        "spec.dnsConfig",
        "spec.dnsPolicy",
        "spec.enableServiceLinks",
        "spec.hostAliases",
        "spec.hostIPC",
        "spec.hostNetwork",
        "spec.hostPID",
        "spec.hostname",
        "spec.imagePullSecrets",
        "spec.initContainers",
        "spec.nodeName",
        "spec.nodeSelector",
        "spec.overhead",
        "spec.priority",
        "spec.priorityClassName",
        "spec.readinessGates",
        "spec.restartPolicy",
        "spec.runtimeClassName",
        "spec.schedulerName",
        "spec.securityContext",
        "spec.serviceAccountName",
        "spec.shareProcessNamespace",
        "spec.subdomain",
        "spec.terminationGracePeriodSeconds",
        "spec.volumes",
    ],
    ResourceQuota: ["spec.scopes", "spec.scopeSelector"],
    Secret: ["type"],
    Service: ["spec.clusterIP"],
    "rbac.authorization.k8s.io/RoleBinding": ["roleRef"],
    "rbac.authorization.k8s.io/ClusterRoleBinding": ["roleRef"],
    "storage.k8s.io/StorageClass": ["parameters", "provisioner", "reclaimPolicy", "volumeBindingMode"],
    "storage.k8s.io/CSIDriver": ["spec.attachRequired", "spec.volumeLifecycleModes"],
    "scheduling.k8s.io/PriorityClass": ["value", "preemptionPolicy"],
    "node.k8s.io/RuntimeClass": ["handler"],
    "networking.k8s.io/IngressClass": ["spec.controller"],
    "discovery.k8s.io/EndpointSlice": ["addressType"],
    "apiextensions.k8s.io/CustomResourceDefinition": [
        "spec.group",
        "spec.scope",
        "spec.names.plural",
        "spec.names.kind",
    ],
};

function immutablePaths(kind: Kind, olds: PropertyMap, settings: Settings): readonly string[] {
    const name = groupKind(kind);
    const own = IMMUTABLE[name] ?? [];
    const sealed = olds.immutable === true;
    if (name === "ConfigMap" && (sealed || !settings.configMapsAreMutable))
        return [...own, "data", "binaryData", ...(sealed ? ["immutable"] : [])];
    if (name === "Secret" && (sealed || !settings.secretsAreMutable))
        return [...own, "data", "stringData", ...(sealed ? ["immutable"] : [])];
    return own;
}

/** Paths whose change replaces the object. @param live the object as it is recorded */
export function replacedFor(
    kind: Kind,
    olds: { inputs: PropertyMap; outputs: PropertyMap },
    news: PropertyMap,
    settings: Settings,
): string[] {
    // A name or namespace that is not known yet may be another one.
    if (news.metadata === UNKNOWN) return ["metadata"];
    return [...IDENTITY, ...immutablePaths(kind, olds.inputs, settings)].filter((path) => {
        const parts = path.split(".");
        // Of a whole that is not known nobody can say that this part changes; most often it does not.
        if (parts.some((_, i) => i > 0 && at(news, ...parts.slice(0, i)) === UNKNOWN)) return false;
        return changes(at(olds.inputs, ...parts), at(news, ...parts), at(olds.outputs, ...parts));
    });
}

/** Whether asking for `after` rather than `before` changes what is there; to say aloud what the server chose by itself does not. */
function changes(
    before: PropertyValue | undefined,
    after: PropertyValue | undefined,
    live: PropertyValue | undefined,
): boolean {
    if (equal(before, after) && !hasUnknown(after)) return false;
    if (isMap(after) && isMap(live)) {
        const old = isMap(before) ? before : {};
        return (
            Object.keys(old).some((key) => !(key in after)) ||
            Object.keys(after).some((key) => changes(old[key], after[key], live[key]))
        );
    }
    if (Array.isArray(after) && Array.isArray(live)) {
        const old = Array.isArray(before) ? before : live;
        return (
            after.length !== live.length ||
            after.length !== old.length ||
            after.some((item, i) => changes(old[i], item, live[i]))
        );
    }
    if (isBlank(before) && isBlank(after)) return false;
    return after === UNKNOWN || !equal(after, live);
}

/** Both say nothing. */
function isBlank(value: PropertyValue | undefined): boolean {
    return value === undefined || value === null || value === "" || (isMap(value) && Object.keys(value).length === 0);
}
