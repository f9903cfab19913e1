import rule from "../../../../policies/kubernetes/network/node-port";
import { object } from "../../support/kubernetes";
import { specify, UNKNOWN } from "../../support/spec";

const of = (spec: unknown) => object("v1", "Service", { spec });

specify(rule, {
    good: { "says nothing": of({}), inside: of({ type: "ClusterIP" }) },
    bad: { "on every node": [of({ type: "NodePort" }), "spec.type"] },
    edge: { "a load balancer's own": [of({ type: "LoadBalancer", ports: [{ nodePort: 30000 }] })] },
    unknown: { type: [of({ type: UNKNOWN }), "spec.type"] },
});
