import rule from "../../../../policies/kubernetes/jobs/job-ttl";
import { object } from "../../support/kubernetes";
import { specify, UNKNOWN } from "../../support/spec";

const of = (spec: Record<string, unknown>) => object("batch/v1", "Job", { spec });

specify(rule, {
    good: { "a day": of({ ttlSecondsAfterFinished: 86400 }), "at once": of({ ttlSecondsAfterFinished: 0 }) },
    bad: { none: [of({}), "spec.ttlSecondsAfterFinished"] },
    edge: { "a CronJob clears up itself": [object("batch/v1", "CronJob", { spec: {} })] },
    unknown: { value: [of({ ttlSecondsAfterFinished: UNKNOWN }), "spec.ttlSecondsAfterFinished"] },
});
