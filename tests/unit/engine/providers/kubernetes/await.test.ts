/** What is said of workloads as the API server shows them. */
import { describe, expect, it } from "vitest";

import { troublesOf } from "../../../../../packages/engine/src/providers/kubernetes/await/pods";
import { judge, look, owned } from "./look";

describe("a Deployment", () => {
    const deployment = judge("apps/v1:Deployment");
    const revision = { "deployment.kubernetes.io/revision": "2" };
    const of = (status: object, more: object = {}) => ({
        metadata: { generation: 2, annotations: revision },
        spec: { replicas: 2, ...more },
        status,
    });
    const done = { observedGeneration: 2, replicas: 2, updatedReplicas: 2, availableReplicas: 2 };

    it("is ready when all of its pods are new and available", async () => {
        expect(await look(deployment, of(done))).toEqual({ ready: true });
        expect(await look(deployment, of({ observedGeneration: 2 }, { replicas: 0 }))).toEqual({ ready: true });
        expect(await look(deployment, of({ observedGeneration: 2 }, { paused: true }))).toMatchObject({
            ready: true,
            note: expect.stringMatching(/paused/) as string,
        });
    });

    it.each([
        ["was not seen in this form", { ...done, observedGeneration: 1 }, "has not seen it"],
        ["makes pods", { ...done, updatedReplicas: 1 }, "1 of 2 new pods are made"],
        ["has old pods", { ...done, replicas: 3 }, "1 old pods are to go"],
        ["has pods that are not available", { ...done, availableReplicas: 1 }, "1 of 2 pods are available"],
    ])("is waited for while it %s", async (_title, status, text) => {
        expect(await look(deployment, of(status))).toMatchObject({
            ready: false,
            waiting: expect.stringContaining(text) as string,
        });
    });

    it("that makes no progress fails, unless it is the run before that it made none in", async () => {
        const lastUpdateTime = "2026-05-01T10:00:00Z";
        const progressing = {
            type: "Progressing",
            status: "False",
            reason: "ProgressDeadlineExceeded",
            lastUpdateTime,
        };
        const stuck = of({ ...done, availableReplicas: 1, conditions: [progressing] });
        const since = (minute: string) => look(deployment, stuck, {}, stuck, Date.parse(`2026-05-01T${minute}:00Z`));
        expect(await since("09:55")).toMatchObject({
            troubles: [{ key: "deadline", patience: 0, text: "it made no progress: 1 of 2 pods are available" }],
        });
        expect(await since("10:01")).toMatchObject({ waiting: "1 of 2 pods are available", troubles: [] });
    });

    it("that was applied again is not judged by what a list shows of before", async () => {
        const before = { ...of({ ...done, observedGeneration: 1 }), metadata: { generation: 1 } };
        expect(await look(deployment, before, {}, of(done))).toMatchObject({ ready: false });
    });

    it("fails at once where its pods can never be, and after a while where a quota may grow", async () => {
        const refused = (message: string) =>
            of({ ...done, availableReplicas: 0, conditions: [{ type: "ReplicaFailure", status: "True", message }] });
        const security = `pods "x-1" is forbidden: violates PodSecurity "restricted:latest": runAsNonRoot != true`;
        expect(await look(deployment, refused(security))).toMatchObject({
            troubles: [
                {
                    patience: 0,
                    text: `its pods are refused: violates PodSecurity "restricted:latest": runAsNonRoot != true`,
                },
            ],
        });
        const quota = await look(deployment, refused(`pods "x-1" is forbidden: exceeded quota: q, requested: pods=1`));
        expect(quota).toMatchObject({
            troubles: [{ text: expect.stringContaining("by a quota: exceeded quota: q") as string }],
        });
        expect((quota as { troubles: { patience: number }[] }).troubles[0]!.patience).toBeGreaterThan(0);
    });

    it("is told about by the pods of its newest revision alone", async () => {
        const sets = [
            { metadata: { uid: "old", ...owned("u"), annotations: { "deployment.kubernetes.io/revision": "1" } } },
            { metadata: { uid: "new", ...owned("u"), annotations: revision } },
        ];
        const pod = (name: string, owner: string) => ({
            metadata: { name, ...owned(owner) },
            status: {
                containerStatuses: [
                    {
                        name: "c",
                        image: "i",
                        restartCount: 0,
                        state: { waiting: { reason: "InvalidImageName", message: name } },
                    },
                ],
            },
        });
        const verdict = await look(deployment, of({ ...done, availableReplicas: 0 }), {
            ReplicaSet: sets,
            Pod: [pod("a", "old"), pod("b", "new")],
        });
        expect(verdict).toMatchObject({
            troubles: [{ text: `container "c" of pod b has an invalid image name (i): b` }],
        });
    });
});

describe("a StatefulSet", () => {
    const set = judge("apps/v1:StatefulSet");
    const of = (status: object, more: object = {}) => ({
        metadata: { generation: 1 },
        spec: { replicas: 2, ...more },
        status: { observedGeneration: 1, ...status },
    });

    it("is ready when its pods are, and of its revision as far as it updates them", async () => {
        const ready = { replicas: 2, readyReplicas: 2, currentRevision: "a", updateRevision: "b" };
        expect(await look(set, of({ ...ready, updatedReplicas: 2 }))).toMatchObject({ ready: true });
        expect(await look(set, of({ ...ready, updatedReplicas: 1 }))).toMatchObject({ ready: false });
        expect(
            await look(
                set,
                of({ ...ready, updatedReplicas: 1 }, { updateStrategy: { rollingUpdate: { partition: 1 } } }),
            ),
        ).toMatchObject({ ready: true });
        expect(
            await look(set, of({ ...ready, updatedReplicas: 0 }, { updateStrategy: { type: "OnDelete" } })),
        ).toMatchObject({ ready: true });
    });

    it("is told about by its last event, which it has in the place of a condition", async () => {
        const event = (reason: string, lastTimestamp: string) => ({
            involvedObject: { uid: "u" },
            reason,
            lastTimestamp,
            message: 'create Pod x-0 in StatefulSet x failed error: pods "x-0" is forbidden: exceeded quota: q',
        });
        const failed = event("FailedCreate", "2026-01-01T00:00:01Z");
        expect(await look(set, of({}), { Event: [failed] })).toMatchObject({
            troubles: [{ text: "its pods are refused by a quota: exceeded quota: q" }],
        });
        expect(
            await look(set, of({}), { Event: [event("SuccessfulCreate", "2026-01-01T00:00:02Z"), failed] }),
        ).toMatchObject({ troubles: [] });
    });

    it("that waits for a broken pod of before says which one to remove", async () => {
        const pod = {
            metadata: { name: "x-0", namespace: "n", labels: { "controller-revision-hash": "a" }, ...owned("u") },
            status: {
                containerStatuses: [
                    {
                        name: "c",
                        restartCount: 9,
                        state: { waiting: { reason: "CrashLoopBackOff" } },
                        lastState: { terminated: { exitCode: 1 } },
                    },
                ],
            },
        };
        const verdict = await look(set, of({ replicas: 2, updateRevision: "b", currentRevision: "a" }), { Pod: [pod] });
        expect(verdict).toMatchObject({
            troubles: [
                { text: expect.stringContaining("kubectl delete pod x-0 -n n") as string, patience: 30_000 },
                { key: "c crash loop" },
            ],
        });
    });
});

describe("a pod", () => {
    const status = (containers: object[]) =>
        ({ metadata: { name: "p" }, status: { containerStatuses: containers } }) as never;
    const loop = (restartCount: number) => ({
        name: "c",
        restartCount,
        state: { waiting: { reason: "CrashLoopBackOff" } },
        lastState: { terminated: { exitCode: 137, reason: "OOMKilled" } },
    });

    it("that crashes is given a few tries, and then told about with its last lines", () => {
        expect(troublesOf(status([loop(2)]), [])).toEqual([]);
        expect(troublesOf(status([loop(3)]), [])).toEqual([
            {
                key: "c crash loop",
                text: `container "c" of pod p fails again and again: exit code 137 (killed for using more memory than its limit), restarted 3 times`,
                patience: 0,
                logs: { pod: "p", container: "c", previous: true },
            },
        ]);
        expect(troublesOf(status([loop(9)]), [], false)).toEqual([]);
    });

    it("that no node can run says why, and waits longer for a claim that is being bound", () => {
        const pending = (message: string) =>
            ({
                metadata: { name: "p" },
                status: { conditions: [{ type: "PodScheduled", status: "False", reason: "Unschedulable", message }] },
            }) as never;
        const [cpu] = troublesOf(pending("0/1 nodes are available: 1 Insufficient cpu."), []);
        const [claim] = troublesOf(pending("pod has unbound immediate PersistentVolumeClaims"), []);
        expect(cpu!.text).toBe("no node can run pod p: 0/1 nodes are available: 1 Insufficient cpu.");
        expect([cpu!.patience, claim!.patience]).toEqual([45_000, 120_000]);
    });

    it("that is being deleted is nobody's trouble", () => {
        const pod = {
            metadata: { name: "p", deletionTimestamp: "2026-01-01T00:00:00Z" },
            status: { containerStatuses: [loop(9)] },
        };
        expect(troublesOf(pod as never, [])).toEqual([]);
    });
});

describe("a Job", () => {
    const job = judge("batch/v1:Job");

    it("is ready when it is complete", async () => {
        expect(await look(job, { status: { conditions: [{ type: "Complete", status: "True" }] } })).toMatchObject({
            ready: true,
        });
        expect(await look(job, { spec: { suspend: true } })).toMatchObject({
            ready: true,
            note: expect.stringMatching(/suspended/) as string,
        });
        expect(await look(job, { spec: { completions: 2 }, status: { active: 1, failed: 1 } })).toMatchObject({
            waiting: "0 of 2 pods have completed, 1 runs, 1 failed",
        });
    });

    it("is ready once as many of its pods have succeeded as it wants, before its own status says so", async () => {
        const pod = (name: string, phase: string) => ({ metadata: { name, ...owned("u") }, status: { phase } });
        const running = { spec: { completions: 2 }, status: { active: 2 } };
        const one = { Pod: [pod("a", "Succeeded"), pod("b", "Running")] };
        expect(await look(job, running, one)).toMatchObject({ ready: false });
        const both = { Pod: [pod("a", "Succeeded"), pod("b", "Succeeded")] };
        expect(await look(job, running, both)).toMatchObject({ ready: true });
        // Of an Indexed Job two pods may be of one index.
        const indexed = { ...running, spec: { completions: 2, completionMode: "Indexed" } };
        expect(await look(job, indexed, both)).toMatchObject({ ready: false });
        const late = { conditions: [{ type: "Failed", status: "True", reason: "DeadlineExceeded", message: "late" }] };
        expect(await look(job, { ...running, status: late }, both)).toMatchObject({ ready: false });
    });

    it("that failed tells of the newest of its failed pods", async () => {
        const pod = (name: string, creationTimestamp: string, exitCode: number) => ({
            metadata: { name, creationTimestamp, ...owned("u") },
            status: { phase: "Failed", containerStatuses: [{ name: "c", state: { terminated: { exitCode } } }] },
        });
        const failed = {
            status: {
                conditions: [{ type: "Failed", status: "True", reason: "BackoffLimitExceeded", message: "too many" }],
            },
        };
        const verdict = await look(job, failed, {
            Pod: [pod("new", "2026-01-02T00:00:00Z", 127), pod("old", "2026-01-01T00:00:00Z", 1)],
        });
        expect(verdict).toMatchObject({
            troubles: [
                {
                    patience: 0,
                    text: `it failed (BackoffLimitExceeded): too many; container "c" of pod new: exit code 127 (its command was not found)`,
                    logs: { pod: "new", container: "c", previous: false },
                },
            ],
        });
    });
});
