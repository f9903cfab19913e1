/** Specs and a target for the Kubernetes target's tests. */
import type { JobSpec, VolumeHandle, VolumeSpec, WorkloadSpec } from "../../../../components/spec";
import { PRIVATE_RANGES } from "../../../../config/defaults";
import type { Environment } from "../../../../systems/types";
import { KubernetesTarget, type KubernetesTargetOptions } from "../../../../targets/kubernetes";
import { LOGS, RESOURCES } from "../../components/fixtures";

export const TYPES = {
    namespace: "kubernetes:core/v1:Namespace",
    deployment: "kubernetes:apps/v1:Deployment",
    statefulSet: "kubernetes:apps/v1:StatefulSet",
    service: "kubernetes:core/v1:Service",
    serviceAccount: "kubernetes:core/v1:ServiceAccount",
    secret: "kubernetes:core/v1:Secret",
    configMap: "kubernetes:core/v1:ConfigMap",
    claim: "kubernetes:core/v1:PersistentVolumeClaim",
    quota: "kubernetes:core/v1:ResourceQuota",
    limits: "kubernetes:core/v1:LimitRange",
    job: "kubernetes:batch/v1:Job",
    policy: "kubernetes:networking.k8s.io/v1:NetworkPolicy",
    budget: "kubernetes:policy/v1:PodDisruptionBudget",
    autoscaler: "kubernetes:autoscaling/v2:HorizontalPodAutoscaler",
    priority: "kubernetes:scheduling.k8s.io/v1:PriorityClass",
};

export const EDGE: KubernetesTargetOptions["edge"] = {
    via: "service",
    annotations: {},
    service: "ClusterIP",
    sourceRanges: [],
    drainSeconds: 10,
};

/** Call it inside of `record`: it registers the provider and the namespace. */
export function kubernetesTarget(
    changes: Partial<KubernetesTargetOptions> & { environment?: Environment; prefix?: string } = {},
): KubernetesTarget {
    const { environment = "dev", prefix = "gw-test", ...options } = changes;
    return new KubernetesTarget(
        { stack: prefix.replace(/^gw-/, ""), system: "debt-os", environment, version: "1.2.3", prefix },
        {
            sharedAccessMode: "ReadWriteOnce",
            privateRanges: PRIVATE_RANGES,
            edge: EDGE,
            protect: environment !== "dev",
            ...options,
        },
    );
}

const HTTP_PROBE = {
    kind: "http" as const,
    path: "/health",
    port: 3000,
    client: "curl" as const,
    intervalSeconds: 30,
    timeoutSeconds: 10,
    retries: 3,
    startPeriodSeconds: 30,
};

function common(): Omit<JobSpec, "name" | "triggers" | "timeoutSeconds"> {
    return {
        component: "backend",
        image: "registry.example.com/app:1",
        env: {},
        files: [],
        mounts: [],
        tmpfs: [],
        resources: RESOURCES,
        pidsLimit: 100,
        security: { user: "10001:10002", addCapabilities: [], readOnlyRoot: true },
        segments: ["edge"],
        stopGraceSeconds: 20,
        logs: { maxFileMiB: LOGS.maxFileMiB, maxFiles: LOGS.maxFiles },
    };
}

export function workload(changes: Partial<WorkloadSpec> = {}): WorkloadSpec {
    return {
        ...common(),
        name: "app",
        replicas: 1,
        ports: [{ name: "http", port: 3000, protocol: "tcp" }],
        health: HTTP_PROBE,
        exclusive: false,
        waitSeconds: 60,
        ...changes,
    };
}

export function job(changes: Partial<JobSpec> = {}): JobSpec {
    return { ...common(), name: "app-migrate", triggers: { command: "migrate" }, timeoutSeconds: 120, ...changes };
}

/** A volume, mounted at a path. */
export function mount(target: KubernetesTarget, spec: Partial<VolumeSpec> & { name: string }, readOnly = false) {
    const volume: VolumeHandle = target.volume({ sizeMiB: 1024, stateful: true, shared: false, ...spec }, {});
    return { volume, path: `/mnt/${spec.name}`, readOnly };
}
