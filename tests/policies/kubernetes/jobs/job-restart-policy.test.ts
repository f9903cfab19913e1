import rule from "../../../../policies/kubernetes/jobs/job-restart-policy";
import { object, pod } from "../../support/kubernetes";
import { specify, UNKNOWN } from "../../support/spec";

const of = (restartPolicy: unknown) => object("batch/v1", "Job", { spec: { template: { spec: { restartPolicy } } } });

specify(rule, {
    good: { never: of("Never"), "on failure": of("OnFailure"), "no Job": pod() },
    bad: {
        always: [of("Always"), "spec.template.spec.restartPolicy"],
        "says nothing": [of(undefined), "spec.template.spec.restartPolicy"],
    },
    edge: {
        "in a CronJob": [
            object("batch/v1", "CronJob", {
                spec: { jobTemplate: { spec: { template: { spec: { restartPolicy: "Always" } } } } },
            }),
            "spec.jobTemplate.spec.template.spec.restartPolicy",
        ],
    },
    unknown: { value: [of(UNKNOWN), "spec.template.spec.restartPolicy"] },
});
