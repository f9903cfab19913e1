import rule from "../../../../policies/kubernetes/network/dangling-ingress";
import { object } from "../../support/kubernetes";
import { specify, UNKNOWN } from "../../support/spec";

const of = (spec: unknown) => object("networking.k8s.io/v1", "Ingress", { spec });
const path = (name: string) => ({ rules: [{ http: { paths: [{ backend: { service: { name } } }] } }] });
const service = (name: string) => object("v1", "Service", { metadata: { name, namespace: "shop" } });

specify(rule, {
    good: { "to a Service": [of(path("api")), service("api")] },
    bad: {
        "to none": [of(path("api")), "spec.rules[0].http.paths[0].backend"],
        "by default": [of({ defaultBackend: { service: { name: "api" } } }), "spec.defaultBackend"],
    },
    edge: {
        "a path that leads nowhere": [
            of({ rules: [{ http: { paths: [{ path: "/" }] } }] }),
            "spec.rules[0].http.paths[0].backend",
        ],
        "a Service as it was named before": [
            [of({ rules: [{ http: { paths: [{ backend: { serviceName: "api" } }] } }] }), service("api")],
            "Ingress/shop/it spec.rules[0].http.paths[0].backend",
        ],
        "to something else": [of({ defaultBackend: { resource: { kind: "StorageBucket", name: "a" } } })],
        "as it was written before": [
            object("extensions/v1beta1", "Ingress", {
                spec: { rules: [{ http: { paths: [{ backend: { serviceName: "x" } }] } }] },
            }),
            "spec.rules[0].http.paths[0].backend",
        ],
    },
    unknown: { name: [of(path(UNKNOWN)), "spec.rules[0].http.paths[0].backend.service.name"] },
});
