import rule from "../../../../policies/kubernetes/network/ingress-tls";
import { object } from "../../support/kubernetes";
import { specify, UNKNOWN } from "../../support/spec";

const of = (spec: unknown) => object("networking.k8s.io/v1", "Ingress", { spec });

specify(rule, {
    good: {
        "for its host": of({
            tls: [{ hosts: ["a.example.com"], secretName: "x" }],
            rules: [{ host: "a.example.com" }],
        }),
        "a wildcard": of({ tls: [{ hosts: ["*.example.com"] }], rules: [{ host: "a.example.com" }] }),
        "for all": of({ tls: [{ secretName: "x" }], rules: [{ host: "a.example.com" }] }),
    },
    bad: {
        none: [of({ rules: [{ host: "a.example.com" }] }), "spec.tls"],
        "for another": [
            of({ tls: [{ hosts: ["b.example.com"] }], rules: [{ host: "b.example.com" }, { host: "a.example.com" }] }),
            "spec.rules[1].host",
        ],
    },
    edge: {
        "a wildcard covers one part": [
            of({ tls: [{ hosts: ["*.example.com"] }], rules: [{ host: "a.b.example.com" }] }),
            "spec.rules[0].host",
        ],
        "an empty list": [of({ tls: [] }), "spec.tls"],
    },
    unknown: { list: [of({ tls: UNKNOWN }), "spec.tls"] },
});
