import rule from "../../../../policies/kubernetes/network/dangling-network-policy";
import { deployment, object } from "../../support/kubernetes";
import { specify, UNKNOWN } from "../../support/spec";

const of = (podSelector: unknown) => object("networking.k8s.io/v1", "NetworkPolicy", { spec: { podSelector } });

specify(rule, {
    good: { "for its pods": [of({ matchLabels: { app: "it" } }), deployment()] },
    bad: {
        "for nobody's": [[of({ matchLabels: { app: "x" } }), deployment()], "NetworkPolicy/shop/it spec.podSelector"],
    },
    edge: { "for all, before there is one": [of({})] },
    unknown: { selector: [of(UNKNOWN), "spec.podSelector"] },
});
