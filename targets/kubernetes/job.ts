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

/** Never removed by the cluster when it is done: what the state holds would be gone. */
export function jobSpec(spec: Pick<JobSpec, "timeoutSeconds">, template: core.v1.PodTemplateSpec): batch.v1.JobSpec {
    return {
        completions: 1,
        parallelism: 1,
        backoffLimit: RETRIES,
        activeDeadlineSeconds: spec.timeoutSeconds,
        // Two never run at once, and one that its node gave up does not count as failed.
        podReplacementPolicy: "Failed",
        podFailurePolicy: {
            rules: [{ action: "Ignore", onPodConditions: [{ type: "DisruptionTarget", status: "True" }] }],
        },
        template,
    };
}

/** The same job by the clock. */
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
        jobTemplate: { spec: jobSpec(spec, template) },
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
