import rule from "../../../../policies/kubernetes/network/external-ips";
import { object } from "../../support/kubernetes";
import { specify, UNKNOWN } from "../../support/spec";

const of = (spec: unknown) => object("v1", "Service", { spec });

specify(rule, {
    good: { none: of({}), "an empty list": of({ externalIPs: [] }) },
    bad: { some: [of({ externalIPs: ["192.0.2.1"] }), "spec.externalIPs"] },
    edge: { "a text": [of({ externalIPs: "192.0.2.1" }), "spec.externalIPs"] },
    unknown: { list: [of({ externalIPs: UNKNOWN }), "spec.externalIPs"] },
});
