import rule from "../../../../policies/kubernetes/availability/disruption-budget";
import { object } from "../../support/kubernetes";
import { specify, UNKNOWN } from "../../support/spec";

const workload = (replicas: number) =>
    object("apps/v1", "Deployment", { spec: { replicas, template: { metadata: { labels: { app: "a" } } } } });
const budget = (selector: unknown, namespace = "shop") =>
    object("policy/v1", "PodDisruptionBudget", { metadata: { name: "it", namespace }, spec: { selector } });

specify(rule, {
    good: { "has one": [workload(2), budget({ matchLabels: { app: "a" } })], "one alone": workload(1) },
    bad: {
        "has none": [workload(2), ""],
        "of OpenKruise's": [object("apps.kruise.io/v1alpha1", "CloneSet", { spec: { replicas: 2 } }), ""],
        "another one's": [[workload(2), budget({ matchLabels: { app: "b" } })], "Deployment/shop/it"],
    },
    edge: {
        "in another namespace": [[workload(2), budget({ matchLabels: { app: "a" } }, "other")], "Deployment/shop/it"],
        "a Rollout with a Deployment's pods": [
            [object("argoproj.io/v1alpha1", "Rollout", { spec: { replicas: 2, workloadRef: { name: "it" } } })],
        ],
        "one for all pods": [[workload(2), budget({})]],
        "one without a selector": [[workload(2), budget(undefined)], "Deployment/shop/it"],
    },
    unknown: { "its selector": [[workload(2), budget(UNKNOWN)], "Deployment/shop/it spec.selector"] },
});
