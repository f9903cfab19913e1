import type { Rule } from "../core/rule";
import removedApi from "./apis/removed-api";
import budgetAllowsEviction from "./availability/budget-allows-eviction";
import disruptionBudget from "./availability/disruption-budget";
import headlessService from "./availability/headless-service";
import replicas from "./availability/replicas";
import spread from "./availability/spread";
import updateStrategy from "./availability/update-strategy";
import cpuLimit from "./containers/cpu-limit";
import cpuRequest from "./containers/cpu-request";
import duplicateEnv from "./containers/duplicate-env";
import ephemeralStorageLimit from "./containers/ephemeral-storage-limit";
import ephemeralStorageRequest from "./containers/ephemeral-storage-request";
import memoryLimit from "./containers/memory-limit";
import memoryRequest from "./containers/memory-request";
import readOnlyRoot from "./containers/read-only-root";
import requestsWithinLimits from "./containers/requests-within-limits";
import resourceCaps from "./containers/resource-caps";
import tokenAutomount from "./containers/token-automount";
import imageDigest from "./images/image-digest";
import imageRegistry from "./images/image-registry";
import imageTag from "./images/image-tag";
import cronConcurrency from "./jobs/cron-concurrency";
import cronDeadline from "./jobs/cron-deadline";
import cronHistory from "./jobs/cron-history";
import jobDeadline from "./jobs/job-deadline";
import jobRestartPolicy from "./jobs/job-restart-policy";
import jobTtl from "./jobs/job-ttl";
import defaultNamespace from "./metadata/default-namespace";
import recommendedLabels from "./metadata/recommended-labels";
import selectorMismatch from "./metadata/selector-mismatch";
import systemNamespace from "./metadata/system-namespace";
import danglingAutoscaler from "./network/dangling-autoscaler";
import danglingIngress from "./network/dangling-ingress";
import danglingNetworkPolicy from "./network/dangling-network-policy";
import danglingService from "./network/dangling-service";
import externalIps from "./network/external-ips";
import ingressHost from "./network/ingress-host";
import ingressTls from "./network/ingress-tls";
import loadBalancerSources from "./network/load-balancer-sources";
import networkPolicy from "./network/network-policy";
import nodePort from "./network/node-port";
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
import identicalProbes from "./probes/identical-probes";
import livenessProbe from "./probes/liveness-probe";
import readinessProbe from "./probes/readiness-probe";
import approveCertificates from "./rbac/approve-certificates";
import clusterAdmin from "./rbac/cluster-admin";
import createPods from "./rbac/create-pods";
import createTokens from "./rbac/create-tokens";
import createVolumes from "./rbac/create-volumes";
import defaultServiceAccount from "./rbac/default-service-account";
import escalate from "./rbac/escalate";
import everybody from "./rbac/everybody";
import exec from "./rbac/exec";
import nodeProxy from "./rbac/node-proxy";
import readSecrets from "./rbac/read-secrets";
import webhooks from "./rbac/webhooks";
import wildcards from "./rbac/wildcards";
import secretAsVariable from "./secrets/secret-as-variable";
import secretInArgs from "./secrets/secret-in-args";
import secretInConfigMap from "./secrets/secret-in-config-map";
import secretInEnv from "./secrets/secret-in-env";

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
    readOnlyRoot,
    tokenAutomount,
    defaultServiceAccount,
    cpuRequest,
    memoryRequest,
    ephemeralStorageRequest,
    cpuLimit,
    memoryLimit,
    ephemeralStorageLimit,
    resourceCaps,
    requestsWithinLimits,
    duplicateEnv,
    livenessProbe,
    readinessProbe,
    identicalProbes,
    imageTag,
    imageDigest,
    imageRegistry,
    secretInEnv,
    secretInArgs,
    secretInConfigMap,
    secretAsVariable,
    defaultNamespace,
    systemNamespace,
    recommendedLabels,
    selectorMismatch,
    replicas,
    updateStrategy,
    disruptionBudget,
    budgetAllowsEviction,
    spread,
    headlessService,
    cronDeadline,
    cronConcurrency,
    cronHistory,
    jobRestartPolicy,
    jobTtl,
    jobDeadline,
    removedApi,
    nodePort,
    loadBalancerSources,
    externalIps,
    ingressTls,
    ingressHost,
    danglingService,
    danglingIngress,
    danglingNetworkPolicy,
    danglingAutoscaler,
    networkPolicy,
    wildcards,
    readSecrets,
    exec,
    escalate,
    clusterAdmin,
    everybody,
    createPods,
    nodeProxy,
    webhooks,
    createTokens,
    approveCertificates,
    createVolumes,
];
