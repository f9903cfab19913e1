import type { Rule } from "../core/rule";
import addedCapabilities from "./pod-security/added-capabilities";
import apparmor from "./pod-security/apparmor";
import droppedCapabilities from "./pod-security/dropped-capabilities";
import hostNamespaces from "./pod-security/host-namespaces";
import hostPath from "./pod-security/host-path";
import hostPorts from "./pod-security/host-ports";
import privilegeEscalation from "./pod-security/privilege-escalation";
import privileged from "./pod-security/privileged";
import probeHosts from "./pod-security/probe-hosts";
import procMount from "./pod-security/proc-mount";
import procMountRestricted from "./pod-security/proc-mount-restricted";
import runAsNonRoot from "./pod-security/run-as-non-root";
import runAsUser from "./pod-security/run-as-user";
import seccompSet from "./pod-security/seccomp-set";
import seccompUnconfined from "./pod-security/seccomp-unconfined";
import selinux from "./pod-security/selinux";
import sysctls from "./pod-security/sysctls";
import volumeTypes from "./pod-security/volume-types";
import windowsHostProcess from "./pod-security/windows-host-process";

/** In the order of their ids. */
export const kubernetesRules: readonly Rule[] = [
    privileged,
    hostNamespaces,
    runAsNonRoot,
    windowsHostProcess,
    addedCapabilities,
    hostPath,
    hostPorts,
    probeHosts,
    apparmor,
    selinux,
    procMount,
    seccompUnconfined,
    sysctls,
    volumeTypes,
    privilegeEscalation,
    runAsUser,
    seccompSet,
    droppedCapabilities,
    procMountRestricted,
];
