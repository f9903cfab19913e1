import rule from "../../../../policies/kubernetes/network/dangling-service";
import { deployment, object, pod } from "../../support/kubernetes";
import { specify, UNKNOWN } from "../../support/spec";

const of = (spec: unknown) => object("v1", "Service", { spec });

specify(rule, {
    good: { "a Deployment's pods": [of({ selector: { app: "it" } }), deployment()] },
    bad: {
        "nobody's": [of({ selector: { app: "it" } }), "spec.selector"],
        "another label": [[of({ selector: { app: "other" } }), deployment()], "Service/shop/it spec.selector"],
    },
    edge: {
        "without a selector": [of({})],
        "another name of the world's": [of({ type: "ExternalName", selector: { a: "b" } })],
        "in another namespace": [
            [of({ selector: { app: "a" } }), pod({}, { namespace: "other", labels: { app: "a" } })],
            "Service/shop/it spec.selector",
        ],
        "a pod that cannot be read": [
            [of({ selector: { app: "a" } }), pod({}, { labels: ["a"] })],
            "Service/shop/it spec.selector",
        ],
    },
    unknown: {
        selector: [of({ selector: UNKNOWN }), "spec.selector"],
        "a pod's labels": [
            [of({ selector: { app: "a" } }), pod({}, { labels: UNKNOWN })],
            "Service/shop/it metadata.labels",
        ],
    },
});
