import rule from "../../../../policies/kubernetes/availability/replicas";
import { object } from "../../support/kubernetes";
import { specify, UNKNOWN } from "../../support/spec";

const workload = (spec: Record<string, unknown>) => object("apps/v1", "Deployment", { spec });
const scaler = (name: string, minReplicas: number, kind = "Deployment") =>
    object("autoscaling/v2", "HorizontalPodAutoscaler", {
        spec: { minReplicas, scaleTargetRef: { apiVersion: "apps/v1", kind, name } },
    });

specify(rule, {
    good: {
        several: workload({ replicas: 2 }),
        "another kind": object("apps/v1", "StatefulSet", { spec: { replicas: 1 } }),
    },
    bad: { one: [workload({ replicas: 1 }), "spec.replicas"], "says nothing": [workload({}), "spec.replicas"] },
    edge: {
        "switched off": [workload({ replicas: 0 })],
        "an autoscaler decides": [[workload({}), scaler("it", 2)]],
        "an autoscaler that leaves one": [
            [workload({ replicas: 5 }), scaler("it", 1)],
            "Deployment/shop/it spec.replicas",
        ],
        "another one's autoscaler": [[workload({}), scaler("other", 2)], "Deployment/shop/it spec.replicas"],
        "another kind's, of a name that is not known": [
            [workload({}), scaler(UNKNOWN, 2, "StatefulSet")],
            "Deployment/shop/it spec.replicas",
        ],
    },
    unknown: { replicas: [workload({ replicas: UNKNOWN }), "spec.replicas"] },
});
