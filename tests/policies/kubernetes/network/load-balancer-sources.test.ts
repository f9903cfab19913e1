import rule from "../../../../policies/kubernetes/network/load-balancer-sources";
import { object } from "../../support/kubernetes";
import { specify, UNKNOWN } from "../../support/spec";

const of = (spec: unknown) => object("v1", "Service", { spec });

specify(rule, {
    good: { named: of({ type: "LoadBalancer", loadBalancerSourceRanges: ["203.0.113.0/24"] }), inside: of({}) },
    bad: { "the whole world": [of({ type: "LoadBalancer" }), "spec.loadBalancerSourceRanges"] },
    edge: {
        "an empty list": [of({ type: "LoadBalancer", loadBalancerSourceRanges: [] }), "spec.loadBalancerSourceRanges"],
        "the whole world, said": [of({ type: "LoadBalancer", loadBalancerSourceRanges: ["0.0.0.0/0"] })],
    },
    unknown: {
        ranges: [of({ type: "LoadBalancer", loadBalancerSourceRanges: UNKNOWN }), "spec.loadBalancerSourceRanges"],
    },
});
