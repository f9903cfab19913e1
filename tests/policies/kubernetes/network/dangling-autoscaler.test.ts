import rule from "../../../../policies/kubernetes/network/dangling-autoscaler";
import { deployment, object } from "../../support/kubernetes";
import { specify, UNKNOWN } from "../../support/spec";

const of = (kind: string, name: string) =>
    object("autoscaling/v2", "HorizontalPodAutoscaler", { spec: { scaleTargetRef: { kind, name } } });

specify(rule, {
    good: { "a Deployment": [of("Deployment", "it"), deployment()] },
    bad: { none: [[of("Deployment", "other"), deployment()], "HorizontalPodAutoscaler/shop/it spec.scaleTargetRef"] },
    edge: {
        "somebody's own kind": [of("Rollout", "a")],
        "another kind": [
            [of("StatefulSet", "it"), deployment()],
            "HorizontalPodAutoscaler/shop/it spec.scaleTargetRef",
        ],
    },
    unknown: { name: [of("Deployment", UNKNOWN), "spec.scaleTargetRef.name"] },
});
