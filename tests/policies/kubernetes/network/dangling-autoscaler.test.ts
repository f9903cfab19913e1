import rule from "../../../../policies/kubernetes/network/dangling-autoscaler";
import { deployment, object } from "../../support/kubernetes";
import { specify, UNKNOWN } from "../../support/spec";

const of = (kind: string, name: string, apiVersion?: string) =>
    object("autoscaling/v2", "HorizontalPodAutoscaler", {
        spec: { scaleTargetRef: { kind, name, ...(apiVersion !== undefined && { apiVersion }) } },
    });
const KRUISE = "apps.kruise.io/v1beta1";

specify(rule, {
    good: {
        "a Deployment": [of("Deployment", "it", "apps/v1"), deployment()],
        "one of OpenKruise's": [of("StatefulSet", "it", KRUISE), object(KRUISE, "StatefulSet")],
    },
    bad: {
        none: [[of("Deployment", "other"), deployment()], "HorizontalPodAutoscaler/shop/it spec.scaleTargetRef"],
        "one of another group": [
            [of("StatefulSet", "it", KRUISE), object("apps/v1", "StatefulSet")],
            "HorizontalPodAutoscaler/shop/it spec.scaleTargetRef",
        ],
    },
    edge: {
        "somebody's own kind": [of("Cache", "a", "example.com/v1")],
        "the group that Deployments had first": [[of("Deployment", "it", "extensions/v1beta1"), deployment()]],
        "another kind": [
            [of("StatefulSet", "it"), deployment()],
            "HorizontalPodAutoscaler/shop/it spec.scaleTargetRef",
        ],
    },
    unknown: { name: [of("Deployment", UNKNOWN), "spec.scaleTargetRef.name"] },
});
