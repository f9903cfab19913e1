/**
 * The Kubernetes target on its own: the exact inputs of what it makes. Cannot prove: see components/harness.ts; and that the API's
 * admission takes it, that a scheduler finds a node for it, that a rollout loses no request. tests/e2e/kubernetes does that.
 */
import * as pulumi from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";

import { thrown } from "../../components/fixtures";
import { record } from "../../components/harness";
import { controller, LABELS, SELECTOR } from "./controller";
import { EDGE, kubernetesTarget, mount, TYPES, workload } from "./fixtures";

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

describe("what ends a pod", () => {
    const lifecycle = async (changes: Parameters<typeof workload>[0], edge = EDGE) => {
        const [, recording] = await record(() => kubernetesTarget({ edge }).workload(workload(changes), {}));
        const { terminationGracePeriodSeconds: grace, containers } = controller(recording).spec.template.spec;
        const [{ lifecycle }] = containers as [{ lifecycle: { preStop: unknown } }];
        return { grace, preStop: lifecycle.preStop };
    };

    test("is the signal that its process wants, and nothing else as long as that may take", async () => {
        expect(await lifecycle({ stopSignal: "SIGINT" })).toEqual({
            grace: 30,
            preStop: { exec: { command: ["sh", "-c", "sleep 10; kill -INT 1; exec sleep 20"] } },
        });
    });

    test("comes to the edge when those outside have heard of it, too", async () => {
        const ports = [
            { name: "http", port: 8080, protocol: "tcp" as const, publish: { address: "0.0.0.0", port: 80 } },
        ];
        expect(await lifecycle({ ports }, { ...EDGE, drainSeconds: 150 })).toEqual({
            grace: 170,
            preStop: { sleep: { seconds: 150 } },
        });
        expect(await lifecycle({}, { ...EDGE, drainSeconds: 150 })).toMatchObject({ grace: 30 });
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
                        containers: [{ volumeMounts: [{ name: "db-data", mountPath: "/mnt/db-data" }] }],
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

test("a user that is not two numbers is an error", async () => {
    const security = { user: "postgres", addCapabilities: [], readOnlyRoot: true };
    const [error] = await record(() => thrown(() => kubernetesTarget().workload(workload({ security }), {})));
    expect(error.message).toBe('A user is "uid:gid" in numbers, not "postgres".');
});
