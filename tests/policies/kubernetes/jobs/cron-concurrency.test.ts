import rule from "../../../../policies/kubernetes/jobs/cron-concurrency";
import { object } from "../../support/kubernetes";
import { specify, UNKNOWN } from "../../support/spec";

const of = (spec: Record<string, unknown>) => object("batch/v1", "CronJob", { spec });

specify(rule, {
    good: { forbidden: of({ concurrencyPolicy: "Forbid" }), replaced: of({ concurrencyPolicy: "Replace" }) },
    bad: {
        "says nothing": [of({}), "spec.concurrencyPolicy"],
        allowed: [of({ concurrencyPolicy: "Allow" }), "spec.concurrencyPolicy"],
    },
    edge: { "small letters": [of({ concurrencyPolicy: "forbid" }), "spec.concurrencyPolicy"] },
    unknown: { value: [of({ concurrencyPolicy: UNKNOWN }), "spec.concurrencyPolicy"] },
});
