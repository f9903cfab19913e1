import { createHash } from "node:crypto";

import type { batch, core } from "@pulumi/kubernetes/types/input";
import * as pulumi from "@pulumi/pulumi";

import type { JobSpec } from "../../components/spec";
import { sorted } from "../order";

/** For a store that is not quite there yet, not for a command that is wrong. */
const RETRIES = 2;

/** Finished runs that are kept to be looked at. */
const HISTORY = { successfulJobsHistoryLimit: 3, failedJobsHistoryLimit: 3 };

/** A run that could not start within this time is left out: the next one is as good. */
const STARTING_DEADLINE_SECONDS = 300;

/** For what comes before a job's command: a node for its pod, its image, its volume; and before it is tried again. */
const START_SECONDS = 300;

/** For the cluster to say that a job has run out of time, once its pod is gone. */
const END_SECONDS = 60;

/** After which the cluster ends a job, counted from when it is made: its own time and that of its start. In seconds. */
export function jobDeadline(spec: Pick<JobSpec, "timeoutSeconds">): number {
    return spec.timeoutSeconds + START_SECONDS;
}

/** How long a run waits for it, in seconds: the cluster is the one that gives it up, and says why. */
export function jobWait(spec: Pick<JobSpec, "timeoutSeconds" | "stopGraceSeconds">): number {
    return jobDeadline(spec) + spec.stopGraceSeconds + END_SECONDS;
}

/**
 * Never removed by the cluster when it is done: what the state holds would be gone.
 * @param deadlineSeconds after which it is ended
 */
export function jobSpec(deadlineSeconds: number, template: core.v1.PodTemplateSpec): batch.v1.JobSpec {
    return {
        completions: 1,
        parallelism: 1,
        backoffLimit: RETRIES,
        activeDeadlineSeconds: deadlineSeconds,
        // Two never run at once, and one that its node gave up does not count as failed.
        podReplacementPolicy: "Failed",
        podFailurePolicy: {
            rules: [{ action: "Ignore", onPodConditions: [{ type: "DisruptionTarget", status: "True" }] }],
        },
        template,
    };
}

/** The same job by the clock. Its time is hours, and its start is in it. */
export function cronJobSpec(
    spec: Pick<JobSpec, "timeoutSeconds">,
    when: { schedule: string; timeZone: string },
    template: core.v1.PodTemplateSpec,
): batch.v1.CronJobSpec {
    return {
        schedule: when.schedule,
        timeZone: when.timeZone,
        concurrencyPolicy: "Forbid",
        startingDeadlineSeconds: STARTING_DEADLINE_SECONDS,
        ...HISTORY,
        jobTemplate: { spec: jobSpec(spec.timeoutSeconds, template) },
    };
}

/** Another one means another run. */
export function triggersHash(triggers: JobSpec["triggers"]): pulumi.Output<string> {
    return pulumi.all(Object.fromEntries(sorted(triggers))).apply((values) =>
        createHash("sha256")
            .update(JSON.stringify(sorted(values)))
            .digest("hex"),
    );
}
