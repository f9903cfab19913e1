import rule from "../../../../policies/kubernetes/jobs/job-deadline";
import { object } from "../../support/kubernetes";
import { specify, UNKNOWN } from "../../support/spec";

const of = (spec: Record<string, unknown>) => object("batch/v1", "Job", { spec });

specify(rule, {
    good: { "an hour": of({ activeDeadlineSeconds: 3600 }) },
    bad: {
        none: [of({}), "spec.activeDeadlineSeconds"],
        "of a CronJob's Jobs": [
            object("batch/v1", "CronJob", { spec: {} }),
            "spec.jobTemplate.spec.activeDeadlineSeconds",
        ],
    },
    edge: {
        "at the pod it is another thing": [
            of({ template: { spec: { activeDeadlineSeconds: 5 } } }),
            "spec.activeDeadlineSeconds",
        ],
    },
    unknown: { value: [of({ activeDeadlineSeconds: UNKNOWN }), "spec.activeDeadlineSeconds"] },
});
