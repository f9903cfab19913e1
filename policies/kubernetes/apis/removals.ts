/** APIs that Kubernetes has removed: https://kubernetes.io/docs/reference/using-api/deprecation-guide/ */

interface Removal {
    /** The first release without it. */
    release: string;
    instead: string;
}

const WORKLOADS = ["Deployment", "DaemonSet", "ReplicaSet", "StatefulSet"];

/** By `group/version/kind`. */
const REMOVED = new Map<string, Removal>();

function removed(release: string, instead: string, group: string, version: string, kinds: string[]): void {
    for (const kind of kinds) REMOVED.set(`${group}/${version}/${kind}`, { release, instead });
}

removed("1.16", "apps/v1", "extensions", "v1beta1", ["Deployment", "DaemonSet", "ReplicaSet"]);
removed("1.16", "apps/v1", "apps", "v1beta1", WORKLOADS);
removed("1.16", "apps/v1", "apps", "v1beta2", WORKLOADS);
removed("1.16", "networking.k8s.io/v1", "extensions", "v1beta1", ["NetworkPolicy"]);
removed("1.16", "Pod Security admission", "extensions", "v1beta1", ["PodSecurityPolicy"]);
const REGISTRATION = ["MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"];
removed("1.22", "admissionregistration.k8s.io/v1", "admissionregistration.k8s.io", "v1beta1", REGISTRATION);
removed("1.22", "apiextensions.k8s.io/v1", "apiextensions.k8s.io", "v1beta1", ["CustomResourceDefinition"]);
removed("1.22", "apiregistration.k8s.io/v1", "apiregistration.k8s.io", "v1beta1", ["APIService"]);
removed("1.22", "authentication.k8s.io/v1", "authentication.k8s.io", "v1beta1", ["TokenReview"]);
const REVIEWS = [
    "LocalSubjectAccessReview",
    "SelfSubjectAccessReview",
    "SubjectAccessReview",
    "SelfSubjectRulesReview",
];
removed("1.22", "authorization.k8s.io/v1", "authorization.k8s.io", "v1beta1", REVIEWS);
removed("1.22", "certificates.k8s.io/v1", "certificates.k8s.io", "v1beta1", ["CertificateSigningRequest"]);
removed("1.22", "coordination.k8s.io/v1", "coordination.k8s.io", "v1beta1", ["Lease"]);
removed("1.22", "networking.k8s.io/v1", "extensions", "v1beta1", ["Ingress"]);
removed("1.22", "networking.k8s.io/v1", "networking.k8s.io", "v1beta1", ["Ingress", "IngressClass"]);
const ROLES = ["ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding"];
removed("1.22", "rbac.authorization.k8s.io/v1", "rbac.authorization.k8s.io", "v1beta1", ROLES);
removed("1.22", "rbac.authorization.k8s.io/v1", "rbac.authorization.k8s.io", "v1alpha1", ROLES);
removed("1.22", "scheduling.k8s.io/v1", "scheduling.k8s.io", "v1beta1", ["PriorityClass"]);
removed("1.22", "storage.k8s.io/v1", "storage.k8s.io", "v1beta1", [
    "CSIDriver",
    "CSINode",
    "StorageClass",
    "VolumeAttachment",
]);
removed("1.25", "batch/v1", "batch", "v1beta1", ["CronJob"]);
removed("1.25", "discovery.k8s.io/v1", "discovery.k8s.io", "v1beta1", ["EndpointSlice"]);
removed("1.25", "events.k8s.io/v1", "events.k8s.io", "v1beta1", ["Event"]);
removed("1.25", "autoscaling/v2", "autoscaling", "v2beta1", ["HorizontalPodAutoscaler"]);
removed("1.25", "policy/v1", "policy", "v1beta1", ["PodDisruptionBudget"]);
removed("1.25", "Pod Security admission", "policy", "v1beta1", ["PodSecurityPolicy"]);
removed("1.25", "node.k8s.io/v1", "node.k8s.io", "v1beta1", ["RuntimeClass"]);
removed("1.26", "autoscaling/v2", "autoscaling", "v2beta2", ["HorizontalPodAutoscaler"]);
const FLOWS = ["FlowSchema", "PriorityLevelConfiguration"];
removed("1.26", "flowcontrol.apiserver.k8s.io/v1", "flowcontrol.apiserver.k8s.io", "v1beta1", FLOWS);
removed("1.27", "storage.k8s.io/v1", "storage.k8s.io", "v1beta1", ["CSIStorageCapacity"]);
removed("1.29", "flowcontrol.apiserver.k8s.io/v1", "flowcontrol.apiserver.k8s.io", "v1beta2", FLOWS);
removed("1.32", "flowcontrol.apiserver.k8s.io/v1", "flowcontrol.apiserver.k8s.io", "v1beta3", FLOWS);

export function whenRemoved(group: string, version: string, kind: string): Removal | undefined {
    return REMOVED.get(`${group}/${version}/${kind}`);
}
