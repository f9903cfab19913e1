import rule from "../../../../policies/kubernetes/availability/budget-allows-eviction";
import { object } from "../../support/kubernetes";
import { specify, UNKNOWN } from "../../support/spec";

const of = (spec: Record<string, unknown>) => object("policy/v1", "PodDisruptionBudget", { spec });

const selector = { matchLabels: { app: "it" } };
const workload = (replicas: unknown) =>
    object("apps/v1", "Deployment", { spec: { replicas, template: { metadata: { labels: { app: "it" } } } } });

const KRUISE = "apps.kruise.io/v1beta1";
const statefulSet = (apiVersion: string, replicas: number) =>
    object(apiVersion, "StatefulSet", { spec: { replicas, template: { metadata: { labels: { app: "it" } } } } });

specify(rule, {
    good: {
        "one at a time": of({ maxUnavailable: 1 }),
        half: of({ minAvailable: "50%" }),
        "one less than there are": [of({ minAvailable: 2, selector }), workload(3)],
    },
    bad: {
        none: [of({ maxUnavailable: 0 }), "spec.maxUnavailable"],
        all: [of({ minAvailable: "100%" }), "spec.minAvailable"],
        "fewer than none": [of({ maxUnavailable: -1 }), "spec.maxUnavailable"],
        "as many as there are": [
            [of({ minAvailable: 2, selector }), workload(2)],
            "PodDisruptionBudget/shop/it spec.minAvailable",
        ],
        "a percentage that is all of a few": [
            [of({ minAvailable: "60%", selector }), workload(2)],
            "PodDisruptionBudget/shop/it spec.minAvailable",
        ],
    },
    edge: {
        "none in percent": [of({ maxUnavailable: "0%" }), "spec.maxUnavailable"],
        nothing: [of({})],
        "others of the same labels": [[of({ minAvailable: 2, selector }), workload(2), workload(1)]],
        "other labels": [[of({ minAvailable: 2, selector: { matchLabels: { app: "other" } } }), workload(2)]],
        "none that run": [[of({ minAvailable: 1, selector }), workload(0)]],
        "as many as an autoscaler leaves": [
            [
                of({ minAvailable: 2, selector }),
                workload(5),
                object("autoscaling/v2", "HorizontalPodAutoscaler", {
                    spec: { minReplicas: 2, scaleTargetRef: { kind: "Deployment", name: "it" } },
                }),
            ],
            "PodDisruptionBudget/shop/it spec.minAvailable",
        ],
        "an autoscaler of one of two that differ in their group": [
            [
                of({ minAvailable: 3, selector }),
                statefulSet("apps/v1", 1),
                statefulSet(KRUISE, 5),
                object("autoscaling/v2", "HorizontalPodAutoscaler", {
                    spec: { minReplicas: 2, scaleTargetRef: { apiVersion: KRUISE, kind: "StatefulSet", name: "it" } },
                }),
            ],
            "PodDisruptionBudget/shop/it spec.minAvailable",
        ],
    },
    unknown: {
        value: [of({ maxUnavailable: UNKNOWN }), "spec.maxUnavailable"],
        replicas: [[of({ minAvailable: 2, selector }), workload(UNKNOWN)], "PodDisruptionBudget/shop/it spec.replicas"],
    },
});
