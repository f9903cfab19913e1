/**
 * The client's types: it is an ES module, and the commands are not. Its code is loaded by `client.ts` alone, for Kubernetes stacks only.
 */
export type {
    AppsV1Api,
    BatchV1Api,
    CoreV1Api,
    CustomObjectsApi,
    HttpLibrary,
    KubeConfig,
    NetworkingV1Api,
    PodMetric,
    RequestContext,
    ResponseContext,
    StorageV1Api,
    V1ContainerState,
    V1ContainerStateTerminated,
    V1ContainerStatus,
    V1DaemonSet,
    V1Deployment,
    V1Ingress,
    V1Job,
    V1Node,
    V1ObjectMeta,
    V1Pod,
    V1PodSpec,
    V1PodTemplateSpec,
    V1ReplicaSet,
    V1Service,
    V1StatefulSet,
    V1Status,
    V1StorageClass,
    VersionInfo,
} from "@kubernetes/client-node" with { "resolution-mode": "import" };

import type * as Client from "@kubernetes/client-node" with { "resolution-mode": "import" };

export type ClientModule = typeof Client;
