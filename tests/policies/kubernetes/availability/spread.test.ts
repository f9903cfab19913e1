import rule from "../../../../policies/kubernetes/availability/spread";
import { object } from "../../support/kubernetes";
import { specify, UNKNOWN } from "../../support/spec";

const of = (replicas: number, spec: Record<string, unknown>) =>
    object("apps/v1", "Deployment", { spec: { replicas, template: { spec } } });

specify(rule, {
    good: {
        constraints: of(2, { topologySpreadConstraints: [{ maxSkew: 1 }] }),
        affinity: of(2, { affinity: { podAntiAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [{}] } } }),
        alone: of(1, {}),
    },
    bad: { nothing: [of(2, {}), "spec.template.spec.topologySpreadConstraints"] },
    edge: {
        "affinity to others": [
            of(2, { affinity: { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [{}] } } }),
            "spec.template.spec.topologySpreadConstraints",
        ],
        "an empty list": [of(2, { topologySpreadConstraints: [] }), "spec.template.spec.topologySpreadConstraints"],
        "a template that is a list": [
            object("apps/v1", "Deployment", { spec: { replicas: 2, template: [] } }),
            "spec.template",
        ],
    },
    unknown: { affinity: [of(2, { affinity: UNKNOWN }), "spec.template.spec.affinity"] },
});
