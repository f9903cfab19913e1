import { referencesTo } from "./framework";
import type { Framework } from "./framework";

/** The guidance numbers nothing: the ids are those of the chapters' recommendations as scanners count them. */
const NSA = {
    name: "NSA/CISA Kubernetes Hardening Guidance",
    version: "1.2",
    url: "https://media.defense.gov/2022/Aug/29/2003066362/-1/-1/0/CTR_KUBERNETES_HARDENING_GUIDANCE_1.2_20220829.PDF",
    controls: {
        "1.0": "Non-root containers",
        "1.1": "Immutable container file systems",
        "1.2": "Preventing privileged containers",
        "1.3": "Share containers process namespaces",
        "1.4": "Share host process namespaces",
        "1.5": "Use the host network",
        "1.6": "Run with root privileges or with root group membership",
        "1.7": "Restricts escalation to root privileges",
        "1.8": "Sets the SELinux context of the container",
        "1.9": "Restrict a container's access to resources with AppArmor",
        "1.10": "Sets the seccomp profile used to sandbox containers",
        "1.11": "Protecting Pod service account tokens",
        "1.12": "Namespace kube-system should not be used by users",
        "2.0": "Pod and/or namespace Selectors usage",
        "3.0": "Use CNI plugin that supports NetworkPolicy API",
        "4.0": "Use ResourceQuota policies to limit resources",
        "4.1": "Use LimitRange policies to limit resources",
        "5.0": "Control plane disable insecure port",
        "5.1": "Encrypt etcd communication",
        "6.0": "Ensure kube config file permission",
        "6.1": "Check that encryption resource has been set",
        "6.2": "Check encryption provider",
        "7.0": "Make sure anonymous-auth is unset",
        "7.1": "Make sure authorization-mode=RBAC",
        "8.0": "Audit policy is configured",
        "8.1": "Audit log path is configured",
        "8.2": "Audit log aging",
    },
} as const satisfies Framework;

export const nsa = referencesTo(NSA);
