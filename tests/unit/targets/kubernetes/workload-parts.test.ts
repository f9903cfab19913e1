/** What the Kubernetes target makes of parts of a workload: the exact inputs. Cannot prove: see workloads.test.ts. */
import { describe, expect, test } from "vitest";

import { record } from "../../components/harness";
import { controller, LABELS, SELECTOR } from "./controller";
import { EDGE, job, kubernetesTarget, mount, TYPES, workload } from "./fixtures";

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

/** The node of those that have the volume. */
function besideThe(volume: string) {
    const labelSelector = { matchLabels: { [`volume.dev.groundwork/${volume}`]: "true" } };
    return {
        requiredDuringSchedulingIgnoredDuringExecution: [{ labelSelector, topologyKey: "kubernetes.io/hostname" }],
    };
}

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
        // And nothing that would spread them.
        expect(spec.affinity).toEqual({ podAffinity: besideThe("repos") });
        expect(spec).not.toHaveProperty("topologySpreadConstraints");
        expect(spec).toMatchObject({ volumes: [{ name: "repos", persistentVolumeClaim: { claimName: "repos" } }] });
        expect(controller(recording).spec.strategy).toMatchObject({ type: "RollingUpdate" });
    });

    test("that need one machine are on one node and its own kind of disk, whatever else several share", async () => {
        const [, recording] = await record(() => {
            const target = kubernetesTarget({
                environment: "prod",
                sharedAccessMode: "ReadWriteMany",
                storageClass: "fast",
                sharedStorageClass: "shared",
            });
            const database = mount(target, { name: "database", shared: true, oneHost: true });
            const files = mount(target, { name: "files", shared: true });
            target.workload(workload({ replicas: 3, mounts: [database, files] }), {});
            target.job(job({ mounts: [database] }), {});
        });
        const claim = (name: string) => recording.one(name, TYPES.claim).inputs["spec"];
        expect(claim("database")).toMatchObject({ accessModes: ["ReadWriteOnce"], storageClassName: "fast" });
        expect(claim("files")).toMatchObject({ accessModes: ["ReadWriteMany"], storageClassName: "shared" });
        for (const { spec, metadata } of [
            controller(recording).spec.template,
            controller(recording, TYPES.job, "app-migrate").spec.template,
        ]) {
            expect(metadata.labels).toMatchObject({ "volume.dev.groundwork/database": "true" });
            expect(metadata.labels).not.toHaveProperty(["volume.dev.groundwork/files"]);
            expect(spec.affinity).toEqual({ podAffinity: besideThe("database") });
            expect(spec).not.toHaveProperty("topologySpreadConstraints");
        }
        // It could only keep their node from being drained.
        expect(recording.ofType(TYPES.budget)).toEqual([]);
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

    test("that follow the load begin as many as they are said to be, and are counted by the autoscaler from then on", async () => {
        const autoscale = { min: 2, max: 10, cpuPercent: 70 };
        const [, recording] = await record(() => kubernetesTarget().workload(workload({ replicas: 3, autoscale }), {}));
        const { spec } = controller(recording);
        expect(spec.replicas).toBe(3);
        expect(recording.one("app", TYPES.deployment).ignoreChanges).toEqual(["spec.replicas"]);
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
