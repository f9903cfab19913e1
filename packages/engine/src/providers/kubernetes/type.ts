/** Types of the kubernetes package, `kubernetes:<group>/<version>:<Kind>`, and the kinds of the cluster that they stand for. */

export interface Kind {
    /** "" is the core group. */
    group: string;
    version: string;
    kind: string;
}

const TOKEN = /^kubernetes:([a-z0-9.-]+)\/(v[a-z0-9]+):([A-Za-z0-9]+)$/;

/** Kinds of the cluster itself whose names end like those of the package's lists and patches: none so far. */
const LIST = /List$/;
const PATCH = /Patch$/;

/** Why a type is not served, and what to do instead. @returns undefined when it is served */
export function refusal(type: string): string | undefined {
    if (/^kubernetes:(helm|yaml|kustomize)[.:/]/.test(type))
        return "it renders manifests outside of the engine. Give each object of the manifests as a resource of its own";
    const match = TOKEN.exec(type);
    if (!match) return "kubernetes types are written kubernetes:<group>/<version>:<Kind>";
    const kind = match[3]!;
    if (LIST.test(kind)) return "a list is not one object. Give each of its items as a resource of its own";
    if (PATCH.test(kind))
        return `it changes an object that something else owns. Give the whole object as ${kind.replace(PATCH, "")}`;
    return undefined;
}

/** @throws Error when the type is not served */
export function kindOf(type: string): Kind {
    const why = refusal(type);
    const match = TOKEN.exec(type);
    if (why !== undefined || !match) throw new Error(`The embedded engine does not support the type ${type}: ${why}.`);
    const [, group, version, kind] = match;
    return { group: group === "core" ? "" : group!, version: version!, kind: kind! };
}

export function apiVersionOf({ group, version }: Kind): string {
    return group === "" ? version : `${group}/${version}`;
}

/**
 * Group and kind, e.g. `apps/Deployment`; of the core group the kind alone. What behaves alike in all of its versions is looked up by it.
 */
export function groupKind({ group, kind }: Kind): string {
    return group === "" ? kind : `${group}/${kind}`;
}

/** Kinds outside of namespaces that every cluster has, so that no request is needed to know it. */
const CLUSTER_WIDE = new Set([
    "ComponentStatus",
    "Namespace",
    "Node",
    "PersistentVolume",
    "admissionregistration.k8s.io/MutatingAdmissionPolicy",
    "admissionregistration.k8s.io/MutatingAdmissionPolicyBinding",
    "admissionregistration.k8s.io/MutatingWebhookConfiguration",
    "admissionregistration.k8s.io/ValidatingAdmissionPolicy",
    "admissionregistration.k8s.io/ValidatingAdmissionPolicyBinding",
    "admissionregistration.k8s.io/ValidatingWebhookConfiguration",
    "apiextensions.k8s.io/CustomResourceDefinition",
    "apiregistration.k8s.io/APIService",
    "certificates.k8s.io/CertificateSigningRequest",
    "certificates.k8s.io/ClusterTrustBundle",
    "flowcontrol.apiserver.k8s.io/FlowSchema",
    "flowcontrol.apiserver.k8s.io/PriorityLevelConfiguration",
    "networking.k8s.io/IPAddress",
    "networking.k8s.io/IngressClass",
    "networking.k8s.io/ServiceCIDR",
    "node.k8s.io/RuntimeClass",
    "rbac.authorization.k8s.io/ClusterRole",
    "rbac.authorization.k8s.io/ClusterRoleBinding",
    "resource.k8s.io/DeviceClass",
    "resource.k8s.io/ResourceSlice",
    "scheduling.k8s.io/PriorityClass",
    "storage.k8s.io/CSIDriver",
    "storage.k8s.io/CSINode",
    "storage.k8s.io/StorageClass",
    "storage.k8s.io/VolumeAttachment",
    "storage.k8s.io/VolumeAttributesClass",
]);

/** Groups of Kubernetes itself: whatever of them is not in {@link CLUSTER_WIDE} is in a namespace. */
const BUILT_IN = new Set([
    "",
    "apps",
    "autoscaling",
    "batch",
    "coordination.k8s.io",
    "discovery.k8s.io",
    "events.k8s.io",
    "policy",
    ...[...CLUSTER_WIDE].flatMap((name) => (name.includes("/") ? [name.split("/")[0]!] : [])),
]);

/** Undefined: only the cluster can tell. */
export function isNamespacedByNature(kind: Kind): boolean | undefined {
    return BUILT_IN.has(kind.group) ? !CLUSTER_WIDE.has(groupKind(kind)) : undefined;
}
