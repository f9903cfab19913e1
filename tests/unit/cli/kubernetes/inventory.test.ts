import { describe, expect, it } from "vitest";

import { statusFrom } from "../../../../packages/cli/src/kubernetes/inventory";
import { addMissing } from "../../../../packages/cli/src/kubernetes/missing";
import type { StackObjects } from "../../../../packages/cli/src/kubernetes/objects";
import type { V1ContainerStatus, V1Pod } from "../../../../packages/cli/src/kubernetes/types";
import { conditionOf, isWell, type Replica, type StackStatus } from "../../../../packages/cli/src/runtime/status";
import type { UntypedDeployment } from "../../../../packages/engine/src/api";
import {
    ago,
    deployment,
    IMAGE,
    job,
    NOW,
    objects,
    pod,
    postgresCluster,
    READY,
    replicaSet,
    statefulSet,
} from "./objects";

const MIB = 1024 ** 2;
const SET = { kind: "ReplicaSet", name: "api-2" };

function status(given: Partial<StackObjects>): StackStatus {
    return statusFrom("debt-os-dev", objects(given), NOW);
}

/** The only replica of a Deployment with one pod. */
function only(container: Partial<V1ContainerStatus> | undefined, more: Parameters<typeof pod>[4] = {}): Replica {
    const found = status({
        deployments: [deployment("api")],
        replicaSets: [replicaSet("api", 2)],
        pods: [pod("api-2-x", "api", SET, container, more)],
    });
    expect(found.services[0]!.replicas).toHaveLength(1);
    return found.services[0]!.replicas[0]!;
}

describe("a stack's services on a cluster", () => {
    it("are its Deployments and StatefulSets by the labels of Groundwork, the edge first and stores last", () => {
        const found = status({
            deployments: [deployment("api"), deployment("caddy")],
            statefulSets: [statefulSet("postgres")],
            replicaSets: [replicaSet("api", 2), replicaSet("caddy", 1)],
            pods: [
                pod("api-2-x", "api", SET),
                pod("caddy-1-x", "caddy", { kind: "ReplicaSet", name: "caddy-1" }),
                pod("postgres-0", "postgres", { kind: "StatefulSet", name: "postgres" }),
            ],
        });
        expect(found.system).toBe("debt-os");
        expect(found.services.map((s) => [s.service, s.component, s.image, s.standIn])).toEqual([
            ["caddy", "edge", IMAGE, false],
            ["api", "backend", IMAGE, false],
            ["postgres", "postgres", "groundwork.local/postgres:0a1b2c", true],
        ]);
        expect(found.services.flatMap((s) => s.replicas).every(isWell)).toBe(true);
    });

    it("have their limits, and their use where it is measured", () => {
        const usage = [
            { name: "api", usage: { cpu: "12m", memory: "28Mi" } },
            { name: "x", usage: { cpu: "500000n", memory: "0" } },
        ];
        const metadata = { name: "api-2-x", namespace: "n", selfLink: "", creationTimestamp: "" };
        const found = status({
            deployments: [deployment("api")],
            replicaSets: [replicaSet("api", 2)],
            pods: [pod("api-2-x", "api", SET)],
            metrics: [{ metadata, timestamp: "", window: "", containers: usage }],
        });
        expect(found.services[0]!.replicas[0]).toMatchObject({
            name: "api-2-x",
            state: "running",
            health: "healthy",
            uptimeSeconds: 75,
            cpuLimit: 1.5,
            memoryLimitBytes: 512 * MIB,
            memoryBytes: 28 * MIB,
            cpu: 0.0125,
        });
        expect(only(READY)).not.toHaveProperty("memoryBytes");
    });

    it("tell pods of an older release and terminating ones from those that count", () => {
        const found = status({
            deployments: [deployment("api", 2)],
            replicaSets: [replicaSet("api", 1), replicaSet("api", 2), replicaSet("other", 3)],
            pods: [
                pod("api-1-old", "api", { kind: "ReplicaSet", name: "api-1" }),
                pod("api-2-stop", "api", SET, READY, { metadata: { deletionTimestamp: ago(3) } }),
                pod("api-2-b", "api", SET, READY, { metadata: { creationTimestamp: ago(20) } }),
                pod("api-2-a", "api", SET, { ready: false, started: false, state: { running: {} } }),
            ],
        });
        expect(found.services[0]!.replicas.map((r) => [r.name, conditionOf(r), r.leaving, r.index])).toEqual([
            ["api-2-a", "starting", undefined, 0],
            ["api-2-b", "healthy", undefined, 1],
            ["api-1-old", "leaving", "replaced", 2],
            ["api-2-stop", "leaving", "terminating", 3],
        ]);
    });

    it("miss the pods that their controller cannot make, with its reason", () => {
        const message = 'pods "api-2-x" is forbidden: exceeded quota: stack';
        const condition = { type: "ReplicaFailure", status: "True", message };
        const found = status({
            deployments: [deployment("api", 2, { conditions: [condition] })],
            replicaSets: [replicaSet("api", 2)],
            pods: [pod("api-2-x", "api", SET)],
        });
        const missing = found.services[0]!.replicas[1]!;
        expect([missing.name, missing.state, isWell(missing)]).toEqual(["api 2 of 2", "missing", false]);
        expect(missing.reason).toBe(`is not made: ${message}`);
    });

    it("are its Postgres of CloudNativePG too, whose pods have the operator's labels and the stack's", () => {
        const servers = ["postgres-1", "postgres-2"].map((name) =>
            pod(name, "postgres", { kind: "Cluster", name: "postgres" }),
        );
        const initdb = pod("postgres-1-initdb-x", "postgres", { kind: "Job", name: "postgres-1-initdb" });
        const found = status({ postgresClusters: [postgresCluster()], pods: [...servers, initdb] });
        expect(found.services).toMatchObject([
            {
                service: "postgres",
                component: "postgres",
                image: "ghcr.io/cloudnative-pg/postgresql:16-standard-bookworm",
                replicas: [{ name: "postgres-1" }, { name: "postgres-2" }],
            },
        ]);
        expect(found.services[0]!.replicas.every(isWell)).toBe(true);
    });

    it("say why CloudNativePG makes no more servers", () => {
        const trouble = { phase: "Unable to create required cluster objects", phaseReason: "no such Secret" };
        const [service] = status({ postgresClusters: [postgresCluster(trouble)] }).services;
        expect(service!.replicas.map(({ name, reason }) => [name, reason])).toEqual([
            ["postgres 1 of 2", "is not made: Unable to create required cluster objects: no such Secret"],
            ["postgres 2 of 2", "is not made: Unable to create required cluster objects: no such Secret"],
        ]);
    });

    it("are missing when only the state has them", () => {
        const found = status({ deployments: [deployment("api")], pods: [] });
        const labels = (name: string) => ({ "app.kubernetes.io/name": name, "app.kubernetes.io/component": "worker" });
        const resource = (type: string, name: string) => ({
            urn: name,
            type,
            custom: true,
            inputs: { metadata: { name, labels: labels(name) } },
        });
        const resources = [
            resource("kubernetes:apps/v1:Deployment", "api"),
            resource("kubernetes:apps/v1:Deployment", "worker"),
            resource("kubernetes:postgresql.cnpg.io/v1:Cluster", "postgres"),
            resource("kubernetes:core/v1:Service", "web"),
        ];
        const state = { version: 3, deployment: { resources } } as unknown as UntypedDeployment;
        expect(addMissing(found, state)).toBe(2);
        expect(found.services.map((s) => s.service)).toEqual(["api", "postgres", "worker"]);
        expect(found.services[2]!.replicas[0]!.reason).toContain("in the state and not on the cluster");
    });
});

describe("a pod that is not well", () => {
    const crashed = { terminated: { exitCode: 3, reason: "Error" } };
    const waiting = (reason: string, message?: string): Partial<V1ContainerStatus> => ({
        restartCount: 4,
        state: { waiting: { reason, message } },
        lastState: crashed,
    });

    it("that crashes again and again tells with which exit code", () => {
        const replica = only(waiting("CrashLoopBackOff", "back-off 40s restarting failed container"));
        expect(replica).toMatchObject({ state: "waiting", exitCode: 3, restarts: 4, outOfMemory: false });
        expect(replica.reason).toBe("is started again and again (CrashLoopBackOff, 4 times): ended with exit code 3");
    });

    it("whose memory ran out tells so", () => {
        const killed = { terminated: { exitCode: 137, reason: "OOMKilled" } };
        const replica = only({ ...waiting("CrashLoopBackOff"), lastState: killed });
        expect(replica).toMatchObject({ outOfMemory: true, exitCode: 137 });
        expect(replica.reason).toContain("was killed for using more than its memory limit (OOMKilled)");
    });

    it.each(["ImagePullBackOff", "ErrImagePull", "InvalidImageName"])(
        "whose image cannot be had names it: %s",
        (reason) => {
            const replica = only(waiting(reason, "failed to pull:\n not found"));
            expect(replica.reason).toBe(`its image ${IMAGE} cannot be had (${reason}): failed to pull: not found`);
            expect(isWell(replica)).toBe(false);
        },
    );

    it("that lacks a secret says which", () => {
        const replica = only(waiting("CreateContainerConfigError", 'secret "api-secrets" not found'));
        expect(replica.reason).toBe('waits (CreateContainerConfigError): secret "api-secrets" not found');
    });

    it("that no node can take says why", () => {
        const message = "0/1 nodes are available: 1 Insufficient cpu.";
        const conditions = [{ type: "PodScheduled", status: "False", reason: "Unschedulable", message }];
        const unscheduled: V1Pod["status"] = { phase: "Pending", conditions, containerStatuses: undefined };
        const replica = only(undefined, { status: unscheduled });
        expect([replica.state, replica.reason]).toEqual(["unschedulable", `has no node to run on: ${message}`]);
    });

    it("that is being made is starting, and so is one whose startup probe has not said yes", () => {
        expect(conditionOf(only({ state: { waiting: { reason: "ContainerCreating" } } }))).toBe("starting");
        expect(conditionOf(only({ started: false, state: { running: { startedAt: ago(1) } } }))).toBe("starting");
    });

    it("whose readiness probe says no is unhealthy, and tells how it ended before", () => {
        const running = { started: true, state: { running: { startedAt: ago(9) } } };
        expect(only(running)).toMatchObject({ health: "unhealthy", reason: "its readiness probe says no" });
        const again = only({ ...running, restartCount: 1, lastState: crashed });
        expect(again.reason).toBe("was started again: it ended with exit code 3");
    });

    it("that was evicted is on its way out, and the one that takes its place is waited for", () => {
        const evicted = { phase: "Failed", reason: "Evicted", message: "The node was low on resource: memory." };
        const found = status({
            deployments: [deployment("api")],
            replicaSets: [replicaSet("api", 2)],
            pods: [pod("api-2-x", "api", SET, {}, { status: evicted })],
        });
        expect(found.services[0]!.replicas.map(conditionOf)).toEqual(["missing", "leaving"]);
    });
});

describe("jobs", () => {
    const RUN = { kind: "Job", name: "migrations-b" };
    const newest = (state: Parameters<typeof job>[2], pods: V1Pod[] = []) =>
        status({
            jobs: [
                job("migrations", "migrations-b", state, 10),
                job("migrations", "migrations-a", { conditions: [{ type: "Failed", status: "True" }] }, 900),
            ],
            pods,
        }).jobs;

    it("are told by their newest run", () => {
        expect(newest({ conditions: [{ type: "Complete", status: "True" }] })).toEqual([
            { job: "migrations", state: "done", exitCode: 0 },
        ]);
        expect(newest({ active: 1 })[0]).toMatchObject({ state: "running" });
    });

    it("that failed tell their exit code, or why they were ended", () => {
        const failed = (reason: string) => ({ conditions: [{ type: "Failed", status: "True", reason, message: "m" }] });
        const ended = pod("p", "migrations", RUN, { state: { terminated: { exitCode: 7 } } });
        expect(newest(failed("BackoffLimitExceeded"), [ended])[0]).toEqual({
            job: "migrations",
            state: "failed",
            exitCode: 7,
            reason: undefined,
        });
        expect(newest(failed("DeadlineExceeded"))[0]!.reason).toBe("DeadlineExceeded: m");
    });

    it("that cannot start tell why they wait, and are no service", () => {
        const stuck = pod("p", "migrations", RUN, {
            state: { waiting: { reason: "ErrImagePull", message: "denied" } },
        });
        const [found] = newest({ active: 1 }, [stuck]);
        expect(found).toMatchObject({ state: "waiting" });
        expect(found!.reason).toContain("cannot be had (ErrImagePull): denied");
        expect(status({ pods: [stuck] }).services).toEqual([]);
    });
});
