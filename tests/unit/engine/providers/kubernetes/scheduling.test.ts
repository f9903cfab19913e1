/** What is said of pods that have no node, by what the API server's events say of one. */
import { describe, expect, it } from "vitest";

import { troublesOf } from "../../../../../packages/engine/src/providers/kubernetes/await/pods";
import { judge, look, owned } from "./look";

describe("a pod that no node can run, in a cluster that grows,", () => {
    const pending = (name: string) => ({
        metadata: { name, uid: name, ...owned("u") },
        status: {
            phase: "Pending",
            conditions: [
                { type: "PodScheduled", status: "False", reason: "Unschedulable", message: "1 Insufficient cpu." },
            ],
        },
    });
    const event = (reason: string, message: string, second: number, uid = "p") => ({
        involvedObject: { uid },
        reason,
        message,
        lastTimestamp: `2026-01-01T00:00:0${second}Z`,
    });
    const ordered = event("TriggeredScaleUp", "pod triggered scale-up: [{workers 1->2 (max: 5)}]", 1);
    const refused = event("NotTriggerScaleUp", "pod didn't trigger scale-up: 1 max node group size reached", 2);
    const nominated = event("Nominated", "Pod should schedule on: nodeclaim/general-x2k", 3);
    const troubles = (...events: object[]) => troublesOf(pending("p") as never, events as never);

    it("waits for the node that the cluster autoscaler has ordered, and says so", () => {
        expect(troubles(ordered)).toEqual([
            {
                key: "Unschedulable, node coming",
                text: "no node can run pod p yet, but one is coming (TriggeredScaleUp: pod triggered scale-up: [{workers 1->2 (max: 5)}]): 1 Insufficient cpu.",
                patience: 300_000,
            },
        ]);
    });

    it("waits for the node that Karpenter has nominated", () => {
        expect(troubles(nominated)).toMatchObject([
            {
                text: expect.stringContaining("(Nominated: Pod should schedule on: nodeclaim/general-x2k)") as string,
                patience: 300_000,
            },
        ]);
    });

    it.each<[string, object[]]>([
        ["nothing is said", []],
        ["it was said of another pod", [{ ...ordered, involvedObject: { uid: "other" } }]],
        ["something else is said", [event("FailedScheduling", "1 Insufficient cpu.", 1)]],
        ["it was taken back, whatever the order of a list", [refused, ordered]],
    ])("is given up as before where %s", (_title, events) => {
        expect(troubles(...events)).toEqual([
            { key: "Unschedulable", text: "no node can run pod p: 1 Insufficient cpu.", patience: 45_000 },
        ]);
    });

    it("waits again once a node comes after all", () => {
        expect(troubles(nominated, refused, ordered)).toMatchObject([{ patience: 300_000 }]);
    });

    it("is not to be removed while its node is coming, though it is of an earlier revision", async () => {
        const old = pending("p");
        const labelled = { ...old, metadata: { ...old.metadata, labels: { "controller-revision-hash": "a" } } };
        const live = {
            metadata: { generation: 1 },
            spec: { replicas: 1 },
            status: { observedGeneration: 1, updateRevision: "b", currentRevision: "a" },
        };
        const verdict = await look(judge("apps/v1:StatefulSet"), live, { Pod: [labelled], Event: [ordered] });
        expect(verdict).toMatchObject({ troubles: [{ key: "old pod", patience: 300_000 }, { patience: 300_000 }] });
    });

    it.each([
        [
            "apps/v1:StatefulSet",
            { metadata: { generation: 1 }, spec: { replicas: 1 }, status: { observedGeneration: 1 } },
        ],
        ["batch/v1:Job", { status: { active: 1 } }],
    ])("is waited for as the pod of a %s", async (type, live) => {
        const verdict = await look(judge(type), live, { Pod: [pending("p"), pending("q")], Event: [ordered] });
        expect(verdict).toMatchObject({ troubles: [{ patience: 300_000 }, { patience: 45_000 }] });
    });
});
