import rule from "../../../../policies/kubernetes/metadata/recommended-labels";
import { object, pod } from "../../support/kubernetes";
import { specify, UNKNOWN } from "../../support/spec";

const ALL = {
    "app.kubernetes.io/name": "a",
    "app.kubernetes.io/instance": "b",
    "app.kubernetes.io/managed-by": "c",
};

specify(rule, {
    good: {
        all: pod({}, { labels: ALL }),
        "a Service is no workload": object("v1", "Service"),
    },
    bad: {
        none: [
            pod(),
            'metadata.labels["app.kubernetes.io/name"]',
            'metadata.labels["app.kubernetes.io/instance"]',
            'metadata.labels["app.kubernetes.io/managed-by"]',
        ],
        "an empty one": [
            pod({}, { labels: { ...ALL, "app.kubernetes.io/name": "" } }),
            'metadata.labels["app.kubernetes.io/name"]',
        ],
    },
    edge: {
        "as configured": { judged: pod({}, { labels: { team: "a" } }), with: { settings: { labels: ["team"] } } },
        "labels that are a list": [pod({}, { labels: [] }), "metadata.labels"],
    },
    unknown: {
        one: [
            pod({}, { labels: { ...ALL, "app.kubernetes.io/name": UNKNOWN } }),
            'metadata.labels["app.kubernetes.io/name"]',
        ],
    },
});
