/** A stack on Kubernetes in which no rule finds anything, as the objects of a manifest. */
import type { Raw } from "../../../policies/core/raw";
import { resource, type Resource } from "../../../policies/core/resource";
import { tokenOf } from "../../../policies/kubernetes/objects";
import { kubernetesName } from "../../../policies/sources/pulumi";

/** An object that a test may change. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- what a test breaks has no type
export type Manifest = any;

const LABELS = {
    "app.kubernetes.io/name": "api",
    "app.kubernetes.io/instance": "shop",
    "app.kubernetes.io/managed-by": "groundwork",
};

const metadata = (name: string): Raw => ({ name, namespace: "shop", labels: LABELS });

function podSpec(probes: Raw): Raw {
    const amounts = { cpu: "100m", memory: "64Mi", "ephemeral-storage": "64Mi" };
    return {
        automountServiceAccountToken: false,
        serviceAccountName: "api",
        securityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
        topologySpreadConstraints: [
            { maxSkew: 1, topologyKey: "kubernetes.io/hostname", labelSelector: { matchLabels: LABELS } },
        ],
        containers: [
            {
                name: "api",
                image: `registry.example.com/shop/api:1.0.0@sha256:${"a".repeat(64)}`,
                env: [{ name: "LOG_LEVEL", value: "info" }],
                resources: { requests: { ...amounts }, limits: { ...amounts } },
                securityContext: {
                    allowPrivilegeEscalation: false,
                    readOnlyRootFilesystem: true,
                    capabilities: { drop: ["ALL"] },
                },
                ...probes,
            },
        ],
        volumes: [{ name: "tmp", emptyDir: {} }],
    };
}

const PROBES = {
    livenessProbe: { httpGet: { path: "/health", port: 8080 } },
    readinessProbe: { httpGet: { path: "/ready", port: 8080 } },
};

/** By a short name; made anew for each test. */
export function goodStack(): Record<string, Manifest> {
    const jobSpec = {
        activeDeadlineSeconds: 600,
        template: { metadata: { labels: LABELS }, spec: { ...podSpec({}), restartPolicy: "Never" } },
    };
    const rbac = "rbac.authorization.k8s.io/v1";
    return structuredClone({
        api: {
            apiVersion: "apps/v1",
            kind: "Deployment",
            metadata: metadata("api"),
            spec: {
                replicas: 2,
                selector: { matchLabels: LABELS },
                template: { metadata: { labels: LABELS }, spec: podSpec(PROBES) },
            },
        },
        db: {
            apiVersion: "apps/v1",
            kind: "StatefulSet",
            metadata: metadata("db"),
            spec: {
                replicas: 1,
                serviceName: "db",
                selector: { matchLabels: LABELS },
                template: { metadata: { labels: LABELS }, spec: podSpec(PROBES) },
            },
        },
        job: {
            apiVersion: "batch/v1",
            kind: "Job",
            metadata: metadata("migrate"),
            spec: { ...jobSpec, ttlSecondsAfterFinished: 3600 },
        },
        cron: {
            apiVersion: "batch/v1",
            kind: "CronJob",
            metadata: metadata("backup"),
            spec: {
                schedule: "0 3 * * *",
                startingDeadlineSeconds: 600,
                concurrencyPolicy: "Forbid",
                jobTemplate: { spec: jobSpec },
            },
        },
        service: {
            apiVersion: "v1",
            kind: "Service",
            metadata: metadata("api"),
            spec: { selector: LABELS, ports: [{ port: 80 }] },
        },
        headless: {
            apiVersion: "v1",
            kind: "Service",
            metadata: metadata("db"),
            spec: { clusterIP: "None", selector: LABELS, ports: [{ port: 5432 }] },
        },
        edge: {
            apiVersion: "v1",
            kind: "Service",
            metadata: metadata("edge"),
            spec: { type: "LoadBalancer", loadBalancerSourceRanges: ["203.0.113.0/24"], selector: LABELS },
        },
        settings: { apiVersion: "v1", kind: "ConfigMap", metadata: metadata("api"), data: { LOG_LEVEL: "info" } },
        ingress: {
            apiVersion: "networking.k8s.io/v1",
            kind: "Ingress",
            metadata: metadata("api"),
            spec: {
                tls: [{ hosts: ["shop.example.com"], secretName: "tls" }],
                rules: [{ host: "shop.example.com", http: { paths: [{ backend: { service: { name: "api" } } }] } }],
            },
        },
        network: {
            apiVersion: "networking.k8s.io/v1",
            kind: "NetworkPolicy",
            metadata: metadata("api"),
            spec: { podSelector: { matchLabels: LABELS } },
        },
        budget: {
            apiVersion: "policy/v1",
            kind: "PodDisruptionBudget",
            metadata: metadata("api"),
            spec: { maxUnavailable: 1, selector: { matchLabels: LABELS } },
        },
        scaler: {
            apiVersion: "autoscaling/v2",
            kind: "HorizontalPodAutoscaler",
            metadata: metadata("api"),
            spec: { minReplicas: 2, scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "api" } },
        },
        account: { apiVersion: "v1", kind: "ServiceAccount", metadata: metadata("api") },
        role: {
            apiVersion: rbac,
            kind: "Role",
            metadata: metadata("api"),
            rules: [{ apiGroups: [""], resources: ["configmaps"], verbs: ["get"] }],
        },
        binding: {
            apiVersion: rbac,
            kind: "RoleBinding",
            metadata: metadata("api"),
            roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: "api" },
            subjects: [{ kind: "ServiceAccount", name: "api", namespace: "shop" }],
        },
    });
}

export function asResource(manifest: Manifest): Resource {
    const { apiVersion, kind } = manifest as { apiVersion: string; kind: string };
    return resource({
        type: tokenOf(apiVersion, kind),
        name: kubernetesName(kind, manifest as Raw, "it"),
        props: manifest as Raw,
    });
}
