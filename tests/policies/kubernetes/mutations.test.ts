/** A stack in which nothing is wrong, broken in one property: exactly the rule that is about that property says so. */
import { describe, expect, test } from "vitest";

import { evaluate } from "../../../policies/core/evaluate";
import { kubernetesRules } from "../../../policies/kubernetes";
import { asResource, goodStack, type Manifest } from "../support/good";

type Stack = Record<string, Manifest>;

/** What is violated, each rule once. */
function violated(stack: Stack, configuration = {}): string[] {
    const resources = Object.values(stack).map(asResource);
    const { violations } = evaluate(kubernetesRules, { resources }, { environment: "prod", configuration });
    return [...new Set(violations.map(({ rule }) => rule.slug))];
}

const pod = ({ api }: Stack): Manifest => api.spec.template.spec;
const app = (stack: Stack): Manifest => pod(stack).containers[0];
const context = (stack: Stack): Manifest => app(stack).securityContext;
const grant =
    (resource: string, verb: string, group = "") =>
    (stack: Stack) =>
        stack.role.rules.push({ apiGroups: [group], resources: [resource], verbs: [verb] });

const REGISTRIES = { "gw-k8s-037-image-registry": { registries: ["registry.example.org"] } };

/** By the rule's slug. */
const BREAKS: Record<string, (stack: Stack) => unknown> = {
    privileged: (s) => (context(s).privileged = true),
    "host-namespaces": (s) => (pod(s).hostPID = true),
    "run-as-non-root": (s) => (pod(s).securityContext.runAsNonRoot = false),
    "windows-host-process": (s) => (context(s).windowsOptions = { hostProcess: true }),
    "added-capabilities": (s) => (context(s).capabilities.add = ["SYS_ADMIN"]),
    "host-path": (s) => pod(s).volumes.push({ name: "a", hostPath: { path: "/" } }),
    "host-ports": (s) => (app(s).ports = [{ containerPort: 80, hostPort: 80 }]),
    "probe-hosts": (s) => (app(s).livenessProbe.httpGet.host = "example.com"),
    apparmor: (s) => (context(s).appArmorProfile = { type: "Unconfined" }),
    selinux: (s) => (context(s).seLinuxOptions = { type: "spc_t" }),
    "proc-mount": (s) => (context(s).procMount = "Unmasked"),
    "seccomp-unconfined": (s) => (context(s).seccompProfile = { type: "Unconfined" }),
    sysctls: (s) => (pod(s).securityContext.sysctls = [{ name: "kernel.msgmax", value: "1" }]),
    "volume-types": (s) => pod(s).volumes.push({ name: "a", nfs: { server: "b", path: "/" } }),
    "privilege-escalation": (s) => delete context(s).allowPrivilegeEscalation,
    "run-as-user": (s) => (context(s).runAsUser = 0),
    "seccomp-set": (s) => delete pod(s).securityContext.seccompProfile,
    "dropped-capabilities": (s) => delete context(s).capabilities,
    "proc-mount-restricted": (s) => ((context(s).procMount = "Unmasked"), (pod(s).hostUsers = false)),
    "read-only-root": (s) => (context(s).readOnlyRootFilesystem = false),
    "token-automount": (s) => delete pod(s).automountServiceAccountToken,
    "default-service-account": (s) => (s.binding.subjects[0].name = "default"),
    "cpu-request": (s) => (app(s).resources.requests.cpu = "0"),
    "memory-request": (s) => (app(s).resources.requests.memory = "0"),
    "ephemeral-storage-request": (s) => (app(s).resources.requests["ephemeral-storage"] = "0"),
    "cpu-limit": (s) => delete app(s).resources.limits.cpu,
    "memory-limit": (s) => delete app(s).resources.limits.memory,
    "ephemeral-storage-limit": (s) => delete app(s).resources.limits["ephemeral-storage"],
    "resource-caps": (s) => (app(s).resources.limits.cpu = "500"),
    "requests-within-limits": (s) => (app(s).resources.requests.cpu = "200m"),
    "duplicate-env": (s) => app(s).env.push({ name: "LOG_LEVEL", value: "debug" }),
    "liveness-probe": (s) => delete app(s).livenessProbe,
    "readiness-probe": (s) => delete app(s).readinessProbe,
    "identical-probes": (s) => (app(s).readinessProbe = app(s).livenessProbe),
    "image-tag": (s) => (app(s).image = `not an image`),
    "image-digest": (s) => (app(s).image = "registry.example.com/shop/api:1.0.0"),
    "image-registry": () => undefined,
    "secret-in-env": (s) => app(s).env.push({ name: "DB_PASSWORD", value: "hunter2" }),
    "secret-in-args": (s) => (app(s).args = ["--password=hunter2"]),
    "secret-in-config-map": (s) => (s.settings.data.DB_PASSWORD = "hunter2"),
    "secret-as-variable": (s) => app(s).env.push({ name: "A", valueFrom: { secretKeyRef: { name: "a", key: "b" } } }),
    "default-namespace": (s) => (s.account.metadata.namespace = "default"),
    "system-namespace": (s) => {
        // All of them, so that each finds the others.
        for (const object of Object.values(s)) object.metadata.namespace = "kube-system";
    },
    "recommended-labels": (s) => delete s.api.metadata.labels,
    "selector-mismatch": (s) => (s.api.spec.selector = { matchLabels: { app: "other" } }),
    replicas: (s) => (s.scaler.spec.minReplicas = 1),
    "update-strategy": (s) => (s.api.spec.strategy = { type: "Recreate" }),
    "disruption-budget": (s) => (s.budget.spec.selector = { matchLabels: { app: "other" } }),
    "budget-allows-eviction": (s) => (s.budget.spec.maxUnavailable = 0),
    spread: (s) => delete pod(s).topologySpreadConstraints,
    "headless-service": (s) => delete s.headless.spec.clusterIP,
    "cron-deadline": (s) => delete s.cron.spec.startingDeadlineSeconds,
    "cron-concurrency": (s) => delete s.cron.spec.concurrencyPolicy,
    "cron-history": (s) => (s.cron.spec.failedJobsHistoryLimit = 0),
    "job-restart-policy": (s) => (s.job.spec.template.spec.restartPolicy = "Always"),
    "job-ttl": (s) => delete s.job.spec.ttlSecondsAfterFinished,
    "job-deadline": (s) => delete s.job.spec.activeDeadlineSeconds,
    "removed-api": (s) => (s.budget.apiVersion = "policy/v1beta1"),
    "node-port": (s) => (s.service.spec.type = "NodePort"),
    "load-balancer-sources": (s) => delete s.edge.spec.loadBalancerSourceRanges,
    "external-ips": (s) => (s.service.spec.externalIPs = ["192.0.2.1"]),
    "ingress-tls": (s) => delete s.ingress.spec.tls,
    "ingress-host": (s) => s.ingress.spec.rules.push({ http: { paths: [] } }),
    "dangling-service": (s) => (s.service.spec.selector = { app: "other" }),
    "dangling-ingress": (s) => (s.ingress.spec.rules[0].http.paths[0].backend.service.name = "other"),
    "dangling-network-policy": (s) =>
        (s.other = { ...s.network, spec: { podSelector: { matchLabels: { app: "other" } } } }),
    "dangling-autoscaler": (s) => (s.scaler.spec.scaleTargetRef.name = "other"),
    "network-policy": (s) => delete s.network,
    wildcards: (s) => s.role.rules.push({ apiGroups: [""], resources: ["configmaps"], verbs: ["*"] }),
    "read-secrets": grant("secrets", "list"),
    exec: grant("pods/exec", "create"),
    escalate: grant("roles", "escalate", "rbac.authorization.k8s.io"),
    "cluster-admin": (s) => (s.binding.roleRef = { kind: "ClusterRole", name: "cluster-admin" }),
    everybody: (s) => s.binding.subjects.push({ kind: "Group", name: "system:authenticated" }),
    "create-pods": grant("pods", "create"),
    "node-proxy": grant("nodes/proxy", "get"),
    webhooks: grant("mutatingwebhookconfigurations", "update", "admissionregistration.k8s.io"),
    "create-tokens": grant("serviceaccounts/token", "create"),
    "approve-certificates": grant("certificatesigningrequests/approval", "update", "certificates.k8s.io"),
    "create-volumes": grant("persistentvolumes", "create"),
};

describe("a stack in which nothing is wrong", () => {
    test("violates nothing, and nothing in it is unknown", () => {
        const resources = Object.values(goodStack()).map(asResource);
        const { violations, notEvaluated } = evaluate(kubernetesRules, { resources }, { environment: "prod" });
        expect(violations.map(({ rule, resource, path }) => `${rule.slug} ${resource} ${path}`)).toEqual([]);
        expect(notEvaluated).toEqual([]);
    });

    test.each(kubernetesRules.map(({ slug }) => slug))("broken in one property violates %s alone", (slug) => {
        const stack = goodStack();
        BREAKS[slug]!(stack);
        expect(violated(stack, slug === "image-registry" ? REGISTRIES : {})).toEqual([slug]);
    });
});
