import rule from "../../../../policies/kubernetes/jobs/cron-history";
import { object } from "../../support/kubernetes";
import { specify, UNKNOWN } from "../../support/spec";

const of = (spec: Record<string, unknown>) => object("batch/v1", "CronJob", { spec });

specify(rule, {
    good: { "the defaults": of({}), some: of({ failedJobsHistoryLimit: 3, successfulJobsHistoryLimit: 0 }) },
    bad: {
        "no failed one": [of({ failedJobsHistoryLimit: 0 }), "spec.failedJobsHistoryLimit"],
        "too many": [of({ successfulJobsHistoryLimit: 100 }), "spec.successfulJobsHistoryLimit"],
    },
    edge: { "at the most": [of({ failedJobsHistoryLimit: 10 })] },
    unknown: {
        "one, the other is certain": {
            judged: of({ failedJobsHistoryLimit: UNKNOWN, successfulJobsHistoryLimit: 11 }),
            unknown: ["spec.failedJobsHistoryLimit"],
            wrong: ["spec.successfulJobsHistoryLimit"],
        },
    },
});
