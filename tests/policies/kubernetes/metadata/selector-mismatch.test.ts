import rule from "../../../../policies/kubernetes/metadata/selector-mismatch";
import { deployment, object } from "../../support/kubernetes";
import { specify, UNKNOWN } from "../../support/spec";

const template = { metadata: { labels: { app: "it" } } };
const of = (selector: unknown) => object("apps/v1", "StatefulSet", { spec: { selector, template } });

specify(rule, {
    good: {
        "the same": deployment(),
        "a Job's own": object("batch/v1", "Job", { spec: { template } }),
        "a ReplicationController's": object("v1", "ReplicationController", {
            spec: { selector: { app: "it" }, template },
        }),
        "by expressions": of({ matchExpressions: [{ key: "app", operator: "In", values: ["it", "x"] }] }),
    },
    bad: {
        "another value": [of({ matchLabels: { app: "other" } }), "spec.selector"],
        "a label that is not there": [of({ matchExpressions: [{ key: "tier", operator: "Exists" }] }), "spec.selector"],
        none: [of({}), "spec.selector"],
        "of a ReplicationController, which has labels alone": [
            object("v1", "ReplicationController", { spec: { selector: { app: "other" }, template } }),
            "spec.selector",
        ],
        "of a CronJob": [
            object("batch/v1", "CronJob", {
                spec: { jobTemplate: { spec: { selector: { matchLabels: { app: "other" } }, template } } },
            }),
            "spec.jobTemplate.spec.selector",
        ],
    },
    edge: {
        "what it must not have": [
            of({ matchExpressions: [{ key: "app", operator: "NotIn", values: ["it"] }] }),
            "spec.selector",
        ],
        "what it does not have": [of({ matchExpressions: [{ key: "b", operator: "DoesNotExist" }] })],
        "an operator that nobody knows": [
            of({ matchExpressions: [{ key: "app", operator: "Like" }] }),
            "spec.selector",
        ],
    },
    unknown: { selector: [of(UNKNOWN), "spec.selector"] },
});
