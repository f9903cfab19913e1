/**
 * The Kubernetes target on its own: the exact inputs of what it makes. Cannot prove: see components/harness.ts; and that the API's
 * admission takes it, that a scheduler finds a node for it, that a rollout loses no request. tests/e2e/kubernetes does that.
 */
import * as pulumi from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";

import { thrown } from "../../components/fixtures";
import { type Recording, record } from "../../components/harness";
import { EDGE, kubernetesTarget, mount, TYPES, workload } from "./fixtures";

const LABELS = {
    "app.kubernetes.io/name": "app",
    "app.kubernetes.io/instance": "gw-test",
    "app.kubernetes.io/component": "backend",
    "app.kubernetes.io/part-of": "debt-os",
    "app.kubernetes.io/managed-by": "groundwork",
    "dev.groundwork/environment": "dev",
    "dev.groundwork/stack": "test",
    "dev.groundwork/system": "debt-os",
};
const SELECTOR = { "app.kubernetes.io/name": "app", "app.kubernetes.io/instance": "gw-test" };

interface Controller {
    spec: {
        replicas?: number;
        strategy?: unknown;
        template: { metadata: { labels: Record<string, string> }; spec: Record<string, unknown> };
    };
}

/** The inputs of a controller, by its type. */
function controller(recording: Recording, type = TYPES.deployment, name = "app"): Controller {
    return recording.one(name, type).inputs as unknown as Controller;
}

test("a stateless workload: the inputs of its Deployment, all of them", async () => {
    const [handle, recording] = await record(() =>
        kubernetesTarget().workload(
            workload({
                args: ["serve"],
                env: { B: "2", A: pulumi.output("1") },
                tmpfs: [{ path: "/tmp", sizeMiB: 64 }],
                shmMiB: 128,
            }),
            {},
        ),
    );
    expect(recording.counts()).toEqual({
        "pulumi:providers:kubernetes": 1,
        [TYPES.namespace]: 1,
        [TYPES.priority]: 2,
        [TYPES.serviceAccount]: 1,
        [TYPES.service]: 2,
        [TYPES.deployment]: 1,
    });
    expect(handle).toMatchObject({ name: "app", hosts: ["app-headless"], discovery: "dns" });
    expect(recording.one("app", TYPES.deployment).inputs).toEqual({
        apiVersion: "apps/v1",
        kind: "Deployment",
        metadata: {
            name: "app",
            namespace: "gw-test",
            labels: { ...LABELS, "app.kubernetes.io/version": "1.2.3" },
        },
        spec: {
            replicas: 1,
            selector: { matchLabels: SELECTOR },
            revisionHistoryLimit: 3,
            progressDeadlineSeconds: 360,
            strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
            template: {
                // Nothing that a release of Groundwork changes.
                metadata: { labels: LABELS },
                spec: {
                    serviceAccountName: "app",
                    automountServiceAccountToken: false,
                    enableServiceLinks: false,
                    restartPolicy: "Always",
                    priorityClassName: "gw-test-services",
                    terminationGracePeriodSeconds: 30,
                    securityContext: {
                        runAsNonRoot: true,
                        runAsUser: 10001,
                        runAsGroup: 10002,
                        fsGroup: 10002,
                        fsGroupChangePolicy: "OnRootMismatch",
                        seccompProfile: { type: "RuntimeDefault" },
                    },
                    affinity: {
                        podAntiAffinity: {
                            preferredDuringSchedulingIgnoredDuringExecution: [
                                {
                                    weight: 100,
                                    podAffinityTerm: {
                                        labelSelector: { matchLabels: SELECTOR },
                                        topologyKey: "kubernetes.io/hostname",
                                    },
                                },
                            ],
                        },
                    },
                    topologySpreadConstraints: ["kubernetes.io/hostname", "topology.kubernetes.io/zone"].map((key) => ({
                        labelSelector: { matchLabels: SELECTOR },
                        matchLabelKeys: ["pod-template-hash"],
                        maxSkew: 1,
                        topologyKey: key,
                        whenUnsatisfiable: "ScheduleAnyway",
                    })),
                    containers: [
                        {
                            name: "app",
                            image: "registry.example.com/app:1",
                            imagePullPolicy: "IfNotPresent",
                            args: ["serve"],
                            env: [
                                { name: "A", value: "1" },
                                { name: "B", value: "2" },
                            ],
                            ports: [{ name: "http", containerPort: 3000, protocol: "TCP" }],
                            resources: {
                                requests: { cpu: "250m", memory: "256Mi", "ephemeral-storage": "74Mi" },
                                limits: { cpu: "1", memory: "1Gi", "ephemeral-storage": "94Mi" },
                            },
                            securityContext: {
                                allowPrivilegeEscalation: false,
                                privileged: false,
                                readOnlyRootFilesystem: true,
                                runAsNonRoot: true,
                                capabilities: { drop: ["ALL"] },
                            },
                            volumeMounts: [
                                { name: "memory-tmp", mountPath: "/tmp" },
                                { name: "memory-dev-shm", mountPath: "/dev/shm" },
                            ],
                            startupProbe: {
                                httpGet: { path: "/health", port: 3000, scheme: "HTTP" },
                                timeoutSeconds: 10,
                                periodSeconds: 1,
                                failureThreshold: 120,
                            },
                            readinessProbe: {
                                httpGet: { path: "/health", port: 3000, scheme: "HTTP" },
                                timeoutSeconds: 10,
                                periodSeconds: 5,
                                failureThreshold: 2,
                            },
                            livenessProbe: {
                                httpGet: { path: "/health", port: 3000, scheme: "HTTP" },
                                timeoutSeconds: 10,
                                periodSeconds: 30,
                                failureThreshold: 3,
                            },
                            lifecycle: { preStop: { sleep: { seconds: 10 } } },
                        },
                    ],
                    volumes: [
                        { name: "memory-tmp", emptyDir: { medium: "Memory", sizeLimit: "64Mi" } },
                        { name: "memory-dev-shm", emptyDir: { medium: "Memory", sizeLimit: "128Mi" } },
                    ],
                },
            },
        },
    });
});

test("its Services are there before it, and nobody waits for them to answer", async () => {
    const [, recording] = await record(() => kubernetesTarget().workload(workload(), {}));
    const ports = [{ name: "http", port: 3000, targetPort: 3000, protocol: "TCP" }];
    const services = recording.ofType(TYPES.service).map(({ inputs }) => inputs);
    expect(services).toMatchObject([
        {
            metadata: { name: "app", annotations: { "pulumi.com/skipAwait": "true" } },
            spec: { type: "ClusterIP", selector: SELECTOR, ports },
        },
        { metadata: { name: "app-headless" }, spec: { clusterIP: "None", selector: SELECTOR, ports } },
    ]);
    expect(recording.one("app", TYPES.deployment).dependencies).toEqual(
        expect.arrayContaining(["app", "app-headless"]),
    );
});

test("a worker has no name of its own for each replica, and none at all without a port", async () => {
    const [handles, recording] = await record(() => {
        const target = kubernetesTarget();
        return [
            target.workload(workload({ segments: ["data"] }), {}),
            target.workload(workload({ name: "mute", segments: ["data"], ports: [] }), {}),
        ];
    });
    expect(handles.map(({ hosts, discovery }) => ({ hosts, discovery }))).toEqual([
        { hosts: ["app"], discovery: undefined },
        { hosts: [], discovery: undefined },
    ]);
    expect(recording.ofType(TYPES.service).map(({ name }) => name)).toEqual(["app"]);
    // Nobody sends it anything, so there is nothing to wait for before it stops.
    const mute = controller(recording, TYPES.deployment, "mute").spec.template.spec;
    expect(mute).toMatchObject({ terminationGracePeriodSeconds: 20 });
    expect(mute).not.toHaveProperty("containers[0].lifecycle");
});

describe("a workload that owns its data", () => {
    async function store(environment: "dev" | "prod" = "dev") {
        return record(() => {
            const target = kubernetesTarget({ environment, storageClass: "fast" });
            const mounts = [mount(target, { name: "db-data", owner: "app" })];
            return target.workload(workload({ exclusive: "data", mounts, segments: ["data"] }), {});
        });
    }

    test("is a StatefulSet of one, which takes over the claim that was made for it", async () => {
        const [handle, recording] = await store();
        expect(handle).toMatchObject({ hosts: ["app"] });
        expect(handle).not.toHaveProperty("discovery", "dns");
        expect(recording.one("db-data", TYPES.claim).inputs).toMatchObject({
            metadata: { name: "db-data-app-0", namespace: "gw-test" },
            spec: {
                accessModes: ["ReadWriteOnce"],
                resources: { requests: { storage: "1Gi" } },
                storageClassName: "fast",
                volumeMode: "Filesystem",
            },
        });
        const { inputs, dependencies, ignoreChanges } = recording.one("app", TYPES.statefulSet);
        expect(inputs).toMatchObject({
            spec: {
                replicas: 1,
                serviceName: "app-headless",
                podManagementPolicy: "Parallel",
                updateStrategy: { type: "RollingUpdate" },
                persistentVolumeClaimRetentionPolicy: { whenDeleted: "Retain", whenScaled: "Retain" },
                volumeClaimTemplates: [
                    {
                        metadata: { name: "db-data" },
                        spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
                    },
                ],
                template: {
                    spec: {
                        priorityClassName: "gw-test-stores",
                        terminationGracePeriodSeconds: 20,
                        containers: [
                            { volumeMounts: [{ name: "db-data", mountPath: "/mnt/db-data", readOnly: false }] },
                        ],
                    },
                },
            },
        });
        // The template's name stands for the claim: no volume of the pod's own, and nothing that would move it with others.
        expect(inputs).toHaveProperty("spec.template.spec.volumes", []);
        expect(inputs).not.toHaveProperty("spec.template.spec.affinity.podAffinity");
        expect(dependencies).toContain("db-data");
        expect(ignoreChanges).toEqual(["spec.volumeClaimTemplates"]);
        expect(recording.ofType(TYPES.service).map(({ name }) => name)).toEqual(["app", "app-headless"]);
    });

    test("keeps and protects its data where the stack says so, and the namespace that would take it along", async () => {
        const [, dev] = await store();
        expect(dev.one("db-data", TYPES.claim)).toMatchObject({ protect: false, retainOnDelete: false });
        expect(dev.one("gw-test", TYPES.namespace)).toMatchObject({ protect: false, retainOnDelete: false });
        const [, prod] = await store("prod");
        expect(prod.one("db-data", TYPES.claim)).toMatchObject({ protect: true, retainOnDelete: true });
        expect(prod.one("gw-test", TYPES.namespace)).toMatchObject({ protect: true, retainOnDelete: true });
    });
});

describe("probes", () => {
    test("differ: alive never asks about what it depends on, ready does", async () => {
        const readiness = {
            kind: "tcp" as const,
            port: 9,
            intervalSeconds: 2,
            timeoutSeconds: 1,
            retries: 1,
            startPeriodSeconds: 0,
        };
        const health = {
            kind: "exec" as const,
            command: ["true"],
            intervalSeconds: 2,
            timeoutSeconds: 2,
            retries: 15,
            startPeriodSeconds: 20,
        };
        const [, recording] = await record(() => kubernetesTarget().workload(workload({ health, readiness }), {}));
        expect(controller(recording).spec.template.spec).toMatchObject({
            containers: [
                {
                    startupProbe: {
                        exec: { command: ["true"] },
                        timeoutSeconds: 2,
                        periodSeconds: 1,
                        failureThreshold: 50,
                    },
                    readinessProbe: {
                        tcpSocket: { port: 9 },
                        timeoutSeconds: 1,
                        periodSeconds: 2,
                        failureThreshold: 2,
                    },
                    livenessProbe: {
                        exec: { command: ["true"] },
                        timeoutSeconds: 2,
                        periodSeconds: 10,
                        failureThreshold: 3,
                    },
                },
            ],
        });
    });

    test("of what owns data kill it only when it no longer listens: what is replayed or loaded would begin again", async () => {
        const health = {
            kind: "exec" as const,
            command: ["pg_isready"],
            intervalSeconds: 10,
            timeoutSeconds: 5,
            retries: 5,
            startPeriodSeconds: 120,
        };
        const [, recording] = await record(() =>
            kubernetesTarget().workload(workload({ exclusive: "data", health, segments: ["data"] }), {}),
        );
        const listens = { tcpSocket: { port: 3000 }, timeoutSeconds: 5 };
        const pod = controller(recording, TYPES.statefulSet).spec.template.spec;
        expect(pod).toMatchObject({
            containers: [
                {
                    startupProbe: { ...listens, periodSeconds: 1, failureThreshold: 170 },
                    readinessProbe: {
                        exec: { command: ["pg_isready"] },
                        timeoutSeconds: 5,
                        periodSeconds: 5,
                        failureThreshold: 2,
                    },
                    livenessProbe: { ...listens, periodSeconds: 10, failureThreshold: 5 },
                },
            ],
        });
        expect(pod).not.toHaveProperty("containers[0].livenessProbe.exec");
    });
});

describe("volumes of several", () => {
    async function sharing(mode: "ReadWriteOnce" | "ReadWriteMany", shared = true) {
        return record(() => {
            const target = kubernetesTarget({ sharedAccessMode: mode });
            target.workload(workload({ mounts: [mount(target, { name: "repos", shared })] }), {});
        });
    }

    test("may be of a storage class of their own", async () => {
        const [, recording] = await record(() => {
            const target = kubernetesTarget({ storageClass: "fast", sharedStorageClass: "shared" });
            target.volume({ name: "repos", sizeMiB: 1024, stateful: true, shared: true }, {});
            target.volume({ name: "data", sizeMiB: 1024, stateful: true, shared: false }, {});
            const plain = kubernetesTarget({ storageClass: "fast", prefix: "gw-plain" });
            plain.volume({ name: "plain", sizeMiB: 1024, stateful: true, shared: true }, {});
        });
        const classOf = (name: string) => recording.one(name, TYPES.claim).inputs["spec"];
        expect(classOf("repos")).toMatchObject({ storageClassName: "shared" });
        expect(classOf("data")).toMatchObject({ storageClassName: "fast" });
        expect(classOf("plain")).toMatchObject({ storageClassName: "fast" });
    });

    test("that one node at a time can have keep their pods together", async () => {
        const [, recording] = await sharing("ReadWriteOnce");
        const { spec, metadata } = controller(recording).spec.template;
        expect(metadata.labels).toMatchObject({ "volume.dev.groundwork/repos": "true" });
        expect(spec).toMatchObject({
            affinity: {
                podAffinity: {
                    requiredDuringSchedulingIgnoredDuringExecution: [
                        {
                            labelSelector: { matchLabels: { "volume.dev.groundwork/repos": "true" } },
                            topologyKey: "kubernetes.io/hostname",
                        },
                    ],
                },
            },
            volumes: [{ name: "repos", persistentVolumeClaim: { claimName: "repos" } }],
        });
        expect(controller(recording).spec.strategy).toMatchObject({ type: "RollingUpdate" });
    });

    test("that any node can have do not", async () => {
        const [, recording] = await sharing("ReadWriteMany");
        const { spec, metadata } = controller(recording).spec.template;
        expect(recording.one("repos").inputs).toMatchObject({ spec: { accessModes: ["ReadWriteMany"] } });
        expect(metadata.labels).toEqual(LABELS);
        expect(spec).not.toHaveProperty("affinity.podAffinity");
    });

    test("made for one writer are let go before they are taken", async () => {
        const [, recording] = await sharing("ReadWriteMany", false);
        expect(recording.one("repos").inputs).toMatchObject({ spec: { accessModes: ["ReadWriteOnce"] } });
        expect(controller(recording).spec.strategy).toEqual({ type: "Recreate" });
    });
});

describe("the edge", () => {
    const ports = [
        { name: "http", port: 8080, protocol: "tcp" as const, publish: { address: "0.0.0.0", port: 80 } },
        { name: "https", port: 8443, protocol: "tcp" as const, publish: { address: "0.0.0.0", port: 443 } },
        { name: "http3", port: 8443, protocol: "udp" as const, publish: { address: "0.0.0.0", port: 443 } },
        { name: "status", port: 9180, protocol: "tcp" as const },
    ];

    async function edge(options: Parameters<typeof kubernetesTarget>[0]) {
        const [handle, recording] = await record(() => {
            const target = kubernetesTarget(options);
            const mounts = [mount(target, { name: "caddy-data" })];
            const security = { user: "1000:1000", addCapabilities: ["NET_BIND_SERVICE"], readOnlyRoot: true };
            return target.workload(workload({ exclusive: "ports", ports, mounts, security }), {});
        });
        return { handle, recording, service: recording.one("app", TYPES.service) };
    }

    test("publishes its ports, and no other, on a load balancer whose address is waited for", async () => {
        const { handle, service, recording } = await edge({
            edge: { ...EDGE, service: "LoadBalancer", sourceRanges: ["203.0.113.0/24"] },
        });
        expect(handle).toMatchObject({ hosts: ["app"] });
        expect(service.inputs).toHaveProperty("metadata.annotations", {});
        expect(service.inputs.spec).toEqual({
            type: "LoadBalancer",
            selector: SELECTOR,
            externalTrafficPolicy: "Local",
            loadBalancerSourceRanges: ["203.0.113.0/24"],
            ports: [
                { name: "http", port: 80, targetPort: 8080, protocol: "TCP" },
                { name: "https", port: 443, targetPort: 8443, protocol: "TCP" },
                { name: "http3", port: 443, targetPort: 8443, protocol: "UDP" },
            ],
        });
        // What is waited for answers only when the pods run, so they do not wait for it.
        expect(recording.one("app", TYPES.deployment).dependencies).not.toContain("app-headless");
        expect(recording.ofType(TYPES.service)).toHaveLength(1);
    });

    test("publishes them on ports of every node", async () => {
        const { service } = await edge({
            edge: { ...EDGE, service: "NodePort", httpNodePort: 30080, httpsNodePort: 30443 },
        });
        expect(service.inputs).toMatchObject({
            metadata: { annotations: { "pulumi.com/skipAwait": "true" } },
            spec: { type: "NodePort", ports: [{ nodePort: 30080 }, { nodePort: 30443 }, { nodePort: 30443 }] },
        });
    });

    test("has its successor ready before it goes, on the node that has its certificates", async () => {
        const { recording } = await edge({});
        const { strategy, template } = controller(recording).spec;
        expect(strategy).toMatchObject({ type: "RollingUpdate", rollingUpdate: { maxUnavailable: 0 } });
        expect(template.spec).toHaveProperty("affinity.podAffinity");
        expect(template.spec).toMatchObject({
            containers: [{ securityContext: { capabilities: { add: ["NET_BIND_SERVICE"], drop: ["ALL"] } } }],
        });
    });
});

describe("replicas", () => {
    test("of several may be away one at a time", async () => {
        const [, recording] = await record(() => {
            const target = kubernetesTarget();
            target.workload(workload({ replicas: 2 }), {});
            target.workload(workload({ name: "single" }), {});
        });
        expect(recording.ofType(TYPES.budget).map(({ inputs }) => inputs)).toEqual([
            expect.objectContaining({
                spec: {
                    maxUnavailable: 1,
                    selector: { matchLabels: SELECTOR },
                    unhealthyPodEvictionPolicy: "AlwaysAllow",
                },
            }),
        ]);
    });

    test("that follow the load are counted by the autoscaler alone", async () => {
        const autoscale = { min: 2, max: 10, cpuPercent: 70 };
        const [, recording] = await record(() => kubernetesTarget().workload(workload({ replicas: 3, autoscale }), {}));
        const { spec } = controller(recording);
        expect(spec).not.toHaveProperty("replicas");
        expect(spec.strategy).toMatchObject({ rollingUpdate: { maxSurge: "25%", maxUnavailable: 0 } });
        expect(recording.one("app", TYPES.autoscaler).inputs.spec).toEqual({
            scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "app" },
            minReplicas: 2,
            maxReplicas: 10,
            metrics: [
                {
                    type: "Resource",
                    resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 70 } },
                },
            ],
            behavior: { scaleDown: { stabilizationWindowSeconds: 300 } },
        });
        expect(recording.ofType(TYPES.budget)).toHaveLength(1);
    });
});

test("a user that is not two numbers is an error", async () => {
    const security = { user: "postgres", addCapabilities: [], readOnlyRoot: true };
    const [error] = await record(() => thrown(() => kubernetesTarget().workload(workload({ security }), {})));
    expect(error.message).toBe('A user is "uid:gid" in numbers, not "postgres".');
});
