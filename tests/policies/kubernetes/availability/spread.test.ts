import rule from "../../../../policies/kubernetes/availability/spread";
import { object } from "../../support/kubernetes";
import { specify, UNKNOWN } from "../../support/spec";

const of = (replicas: number, spec: Record<string, unknown>) =>
    object("apps/v1", "Deployment", {
        spec: { replicas, template: { metadata: { labels: { app: "it" } }, spec } },
    });
const itself = { labelSelector: { matchLabels: { app: "it" } } };
const preferred = (podAffinityTerm: unknown) => ({
    affinity: { podAntiAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [{ podAffinityTerm }] } },
});
const required = (term: unknown) => ({
    affinity: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term] } },
});

specify(rule, {
    good: {
        constraints: of(2, { topologySpreadConstraints: [{ maxSkew: 1, ...itself }] }),
        "affinity by preference": of(2, preferred(itself)),
        "affinity that is required": of(2, required(itself)),
        alone: of(1, {}),
    },
    bad: {
        nothing: [of(2, {}), "spec.template.spec.topologySpreadConstraints"],
        "from others": [
            of(2, required({ labelSelector: { matchLabels: { app: "other" } } })),
            "spec.template.spec.topologySpreadConstraints",
        ],
        "from those of another namespace": [
            of(2, preferred({ ...itself, namespaces: ["other"] })),
            "spec.template.spec.topologySpreadConstraints",
        ],
    },
    edge: {
        "without a selector, from none": [
            of(2, { topologySpreadConstraints: [{ maxSkew: 1 }] }),
            "spec.template.spec.topologySpreadConstraints",
        ],
        "from others too": [
            of(2, {
                topologySpreadConstraints: [itself],
                ...required({ labelSelector: { matchLabels: { app: "b" } } }),
            }),
        ],
        "in namespaces of which it is one": [of(2, required({ ...itself, namespaces: ["other", "shop"] }))],
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
