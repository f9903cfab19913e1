import { type Framework, referencesTo } from "./framework";

/** As Kubernetes' own admission plugin (k8s.io/pod-security-admission) checks it. */
const POD_SECURITY = {
    name: "Pod Security Standards",
    version: "v1.37",
    url: "https://kubernetes.io/docs/concepts/security/pod-security-standards/",
    scope: "All controls of baseline and restricted.",
    controls: {
        "baseline/hostProcess": "HostProcess (Windows)",
        "baseline/hostNamespaces": "Host Namespaces",
        "baseline/privileged": "Privileged Containers",
        "baseline/capabilities": "Capabilities: nothing beyond the default is added",
        "baseline/hostPathVolumes": "HostPath Volumes",
        "baseline/hostPorts": "Host Ports",
        "baseline/hostProbes": "Host Probes and Lifecycle Hooks",
        "baseline/appArmor": "AppArmor",
        "baseline/seLinux": "SELinux",
        "baseline/procMount": "/proc Mount Type: default, or in a user namespace",
        "baseline/seccomp": "Seccomp: not Unconfined",
        "baseline/sysctls": "Sysctls",
        "restricted/procMount": "/proc Mount Type: default",
        "restricted/volumeTypes": "Volume Types",
        "restricted/privilegeEscalation": "Privilege Escalation",
        "restricted/runAsNonRoot": "Running as Non-root",
        "restricted/runAsUser": "Running as Non-root user",
        "restricted/seccomp": "Seccomp: set",
        "restricted/capabilities": "Capabilities: all dropped, NET_BIND_SERVICE at most added",
    },
    limits: {},
} as const satisfies Framework;

export const pss = referencesTo(POD_SECURITY);
