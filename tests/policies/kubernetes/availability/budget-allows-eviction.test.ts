import rule from "../../../../policies/kubernetes/availability/budget-allows-eviction";
import { object } from "../../support/kubernetes";
import { specify, UNKNOWN } from "../../support/spec";

const of = (spec: Record<string, unknown>) => object("policy/v1", "PodDisruptionBudget", { spec });

specify(rule, {
    good: { "one at a time": of({ maxUnavailable: 1 }), half: of({ minAvailable: "50%" }) },
    bad: {
        none: [of({ maxUnavailable: 0 }), "spec.maxUnavailable"],
        all: [of({ minAvailable: "100%" }), "spec.minAvailable"],
    },
    edge: { "none in percent": [of({ maxUnavailable: "0%" }), "spec.maxUnavailable"], nothing: [of({})] },
    unknown: { value: [of({ maxUnavailable: UNKNOWN }), "spec.maxUnavailable"] },
});
