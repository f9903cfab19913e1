import rule from "../../../../policies/kubernetes/availability/update-strategy";
import { object } from "../../support/kubernetes";
import { specify, UNKNOWN } from "../../support/spec";

const of = (kind: string, spec: Record<string, unknown>) => object("apps/v1", kind, { spec });

specify(rule, {
    good: {
        "says nothing": of("Deployment", { replicas: 3 }),
        rolling: of("StatefulSet", { updateStrategy: { type: "RollingUpdate" } }),
    },
    bad: {
        "all at once": [of("Deployment", { replicas: 2, strategy: { type: "Recreate" } }), "spec.strategy.type"],
        "not at all": [of("DaemonSet", { updateStrategy: { type: "OnDelete" } }), "spec.updateStrategy.type"],
    },
    edge: { "the only writer of its volume": [of("Deployment", { replicas: 1, strategy: { type: "Recreate" } })] },
    unknown: { strategy: [of("Deployment", { strategy: UNKNOWN }), "spec.strategy"] },
});
