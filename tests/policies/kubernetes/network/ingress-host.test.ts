import rule from "../../../../policies/kubernetes/network/ingress-host";
import { object } from "../../support/kubernetes";
import { specify, UNKNOWN } from "../../support/spec";

const of = (spec: unknown) => object("networking.k8s.io/v1", "Ingress", { spec });

specify(rule, {
    good: { "a name": of({ rules: [{ host: "a.example.com" }] }) },
    bad: {
        none: [of({ rules: [{ http: {} }] }), "spec.rules[0].host"],
        wildcard: [of({ rules: [{ host: "a.b" }, { host: "*.example.com" }] }), "spec.rules[1].host"],
    },
    edge: { "no rules": [of({ defaultBackend: {} })] },
    unknown: { host: [of({ rules: [{ host: UNKNOWN }] }), "spec.rules[0].host"] },
});
