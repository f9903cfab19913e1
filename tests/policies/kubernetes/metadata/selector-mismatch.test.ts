import rule from "../../../../policies/kubernetes/metadata/selector-mismatch";
import { deployment, object } from "../../support/kubernetes";
import { specify, UNKNOWN } from "../../support/spec";

const of = (selector: unknown) =>
    object("apps/v1", "StatefulSet", { spec: { selector, template: { metadata: { labels: { app: "it" } } } } });

specify(rule, {
    good: {
        "the same": deployment(),
        "by expressions": of({ matchExpressions: [{ key: "app", operator: "In", values: ["it", "x"] }] }),
    },
    bad: {
        "another value": [of({ matchLabels: { app: "other" } }), "spec.selector"],
        "a label that is not there": [of({ matchExpressions: [{ key: "tier", operator: "Exists" }] }), "spec.selector"],
        none: [of({}), "spec.selector"],
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
