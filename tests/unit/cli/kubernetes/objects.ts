/** Objects as the API server has them, as short as a test can say them. */
import type { PostgresCluster, StackObjects } from "../../../../packages/cli/src/kubernetes/objects";
import type {
    V1ContainerStatus,
    V1Deployment,
    V1Job,
    V1ObjectMeta,
    V1Pod,
    V1ReplicaSet,
    V1StatefulSet,
} from "../../../../packages/cli/src/kubernetes/types";

export const NOW = Date.parse("2026-01-31T12:00:00Z");
export const IMAGE = "debt-os/api:1.0.0";

/** This many seconds before `NOW`. */
export function ago(seconds: number): Date {
    return new Date(NOW - seconds * 1000);
}

function metadata(name: string, service: string, component: string): V1ObjectMeta {
    const labels = {
        "app.kubernetes.io/name": service,
        "app.kubernetes.io/component": component,
        "dev.groundwork/stack": "debt-os-dev",
        "dev.groundwork/system": "debt-os",
    };
    return { name, labels, creationTimestamp: ago(100) };
}

function owner(kind: string, name: string): V1ObjectMeta["ownerReferences"] {
    return [{ apiVersion: "apps/v1", kind, name, uid: name, controller: true }];
}

export function deployment(name: string, replicas = 1, more: Partial<V1Deployment["status"]> = {}): V1Deployment {
    const template = { spec: { containers: [{ name, image: IMAGE }] } };
    return {
        metadata: metadata(name, name, name === "caddy" ? "edge" : "backend"),
        spec: { replicas, selector: {}, template },
        status: more,
    };
}

export function replicaSet(of: string, revision: number): V1ReplicaSet {
    return {
        metadata: {
            ...metadata(`${of}-${revision}`, of, "backend"),
            annotations: { "deployment.kubernetes.io/revision": String(revision) },
            ownerReferences: owner("Deployment", of),
        },
    };
}

export function statefulSet(name: string): V1StatefulSet {
    const template = { spec: { containers: [{ name, image: "groundwork.local/postgres:0a1b2c" }] } };
    return {
        metadata: metadata(name, name, "postgres"),
        spec: { replicas: 1, selector: {}, template, serviceName: name },
    };
}

/** Of two servers, ready unless its status says otherwise. */
export function postgresCluster(status: PostgresCluster["status"] = READY_CLUSTER): PostgresCluster {
    return {
        metadata: metadata("postgres", "postgres", "postgres"),
        spec: { instances: 2, imageName: "ghcr.io/cloudnative-pg/postgresql:16-standard-bookworm" },
        status,
    };
}

const READY_CLUSTER = { phase: "Cluster in healthy state", conditions: [{ type: "Ready", status: "True" }] };

export const READY: Partial<V1ContainerStatus> = {
    ready: true,
    started: true,
    state: { running: { startedAt: ago(75) } },
};

/** A pod of a workload, ready unless its container says otherwise. */
export function pod(
    name: string,
    service: string,
    of: { kind: string; name: string },
    container: Partial<V1ContainerStatus> | undefined = READY,
    more: { metadata?: V1ObjectMeta; status?: V1Pod["status"] } = {},
): V1Pod {
    const resources = { limits: { cpu: "1500m", memory: "512Mi" } };
    const status: V1ContainerStatus = {
        name: service,
        image: IMAGE,
        imageID: "",
        ready: false,
        restartCount: 0,
        ...container,
    };
    return {
        metadata: {
            ...metadata(name, service, "backend"),
            ownerReferences: owner(of.kind, of.name),
            ...more.metadata,
        },
        spec: { containers: [{ name: service, resources }] },
        status: { phase: "Running", containerStatuses: [status], ...more.status },
    };
}

export function job(name: string, run: string, status: V1Job["status"], made = 100): V1Job {
    return { metadata: { ...metadata(run, name, "migrations"), creationTimestamp: ago(made) }, status };
}

export function objects(given: Partial<StackObjects>): StackObjects {
    return { deployments: [], statefulSets: [], postgresClusters: [], replicaSets: [], pods: [], jobs: [], ...given };
}
