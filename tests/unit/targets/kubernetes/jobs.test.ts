/** Jobs. Cannot prove: see components/harness.ts; and that another pod template replaces a Job, which the provider decides. */
import { describe, expect, test } from "vitest";

import { cronJobSpec } from "../../../../targets/kubernetes/job";
import { record } from "../../components/harness";
import { job, kubernetesTarget, mount, TYPES } from "./fixtures";

interface JobInputs {
    metadata: object;
    spec: { template: { metadata: { annotations: Record<string, string> }; spec: object } };
}

async function run(changes: Parameters<typeof job>[0] = {}) {
    const [handle, recording] = await record(() => kubernetesTarget().job(job(changes), {}));
    const registration = recording.one("app-migrate", TYPES.job);
    return { handle, recording, registration, inputs: registration.inputs as unknown as JobInputs };
}

test("a job runs to its end once, never twice at a time, and stays to be looked at", async () => {
    const { inputs, recording, handle } = await run();
    expect(inputs.metadata).not.toHaveProperty("name");
    expect(inputs.spec).toEqual({
        completions: 1,
        parallelism: 1,
        backoffLimit: 2,
        activeDeadlineSeconds: 420,
        podReplacementPolicy: "Failed",
        podFailurePolicy: {
            rules: [{ action: "Ignore", onPodConditions: [{ type: "DisruptionTarget", status: "True" }] }],
        },
        template: expect.anything() as unknown,
    });
    expect(inputs.spec.template.spec).toMatchObject({
        restartPolicy: "Never",
        serviceAccountName: "app-migrate",
        automountServiceAccountToken: false,
        terminationGracePeriodSeconds: 20,
        priorityClassName: "gw-test-services",
    });
    for (const absent of ["livenessProbe", "readinessProbe", "startupProbe", "lifecycle"]) {
        expect(inputs.spec.template.spec).not.toHaveProperty(`containers[0].${absent}`);
    }
    expect(recording.ofType(TYPES.service)).toEqual([]);
    expect(handle.resources).toHaveLength(1);
});

test("a job has time for a node and an image beside its own, and a run waits until the cluster has given it up", async () => {
    const { inputs, registration } = await run({ timeoutSeconds: 60, stopGraceSeconds: 5 });
    expect(inputs.spec).toMatchObject({ activeDeadlineSeconds: 360 });
    expect(registration.createTimeout).toBe("425s");
});

test("a job that failed is made anew by the next run", async () => {
    const { inputs } = await run();
    expect(inputs.metadata).toMatchObject({ annotations: { "pulumi.com/replaceUnready": "true" } });
});

test("another trigger is another template, whatever the order in which they are given", async () => {
    const hash = async (triggers: Record<string, string>) =>
        (await run({ triggers })).inputs.spec.template.metadata.annotations["dev.groundwork/triggers"];
    const first = await hash({ command: "migrate", image: "app:1" });
    expect(first).toMatch(/^[0-9a-f]{64}$/);
    expect(await hash({ image: "app:1", command: "migrate" })).toBe(first);
    expect(await hash({ command: "migrate", image: "app:2" })).not.toBe(first);
});

test("a job goes where the volume is that it shares with a workload", async () => {
    const [, recording] = await record(() => {
        const target = kubernetesTarget();
        target.job(job({ mounts: [mount(target, { name: "repos", shared: true })] }), {});
    });
    expect(recording.one("app-migrate", TYPES.job).inputs).toMatchObject({
        spec: {
            template: {
                metadata: { labels: { "volume.dev.groundwork/repos": "true" } },
                spec: { affinity: { podAffinity: {} } },
            },
        },
    });
});

describe("by the clock", () => {
    test("a run is left out while the last one still runs, and its time zone is said", () => {
        const template = { spec: { containers: [] } };
        expect(cronJobSpec({ timeoutSeconds: 60 }, { schedule: "0 2 * * *", timeZone: "UTC" }, template)).toMatchObject(
            {
                schedule: "0 2 * * *",
                timeZone: "UTC",
                concurrencyPolicy: "Forbid",
                startingDeadlineSeconds: 300,
                successfulJobsHistoryLimit: 3,
                failedJobsHistoryLimit: 3,
                jobTemplate: { spec: { activeDeadlineSeconds: 60, template } },
            },
        );
    });
});
