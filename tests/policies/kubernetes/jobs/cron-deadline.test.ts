import rule from "../../../../policies/kubernetes/jobs/cron-deadline";
import { object } from "../../support/kubernetes";
import { specify, UNKNOWN } from "../../support/spec";

const of = (spec: Record<string, unknown>) => object("batch/v1", "CronJob", { spec });

specify(rule, {
    good: { "a minute": of({ startingDeadlineSeconds: 60 }) },
    bad: { none: [of({}), "spec.startingDeadlineSeconds"] },
    edge: {
        "too short to be seen": [of({ startingDeadlineSeconds: 9 }), "spec.startingDeadlineSeconds"],
        "a text": [of({ startingDeadlineSeconds: "60" }), "spec.startingDeadlineSeconds"],
    },
    unknown: { value: [of({ startingDeadlineSeconds: UNKNOWN }), "spec.startingDeadlineSeconds"] },
});
