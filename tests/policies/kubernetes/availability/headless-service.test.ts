import rule from "../../../../policies/kubernetes/availability/headless-service";
import { object } from "../../support/kubernetes";
import { specify, UNKNOWN } from "../../support/spec";

const of = (serviceName: string) => object("apps/v1", "StatefulSet", { spec: { serviceName } });
const labelled = (app: string) =>
    object("apps/v1", "StatefulSet", {
        spec: { serviceName: "db", template: { metadata: { labels: { app } } } },
    });
const service = (name: string, spec: Record<string, unknown>) =>
    object("v1", "Service", { metadata: { name, namespace: "shop" }, spec });

specify(rule, {
    good: { "has it": [of("db"), service("db", { clusterIP: "None" })] },
    bad: {
        "says nothing": [object("apps/v1", "StatefulSet", { spec: {} }), "spec.serviceName"],
        "is not there": [[of("db"), service("other", { clusterIP: "None" })], "StatefulSet/shop/it spec.serviceName"],
        "is not headless": [[of("db"), service("db", {})], "StatefulSet/shop/it spec.serviceName"],
    },
    edge: {
        "selects its pods": [[labelled("db"), service("db", { clusterIP: "None", selector: { app: "db" } })]],
        "selects others": [
            [labelled("db"), service("db", { clusterIP: "None", selector: { app: "cache" } })],
            "StatefulSet/shop/it spec.serviceName",
        ],
        "another namespace's": [
            [
                of("db"),
                object("v1", "Service", { metadata: { name: "db", namespace: "other" }, spec: { clusterIP: "None" } }),
            ],
            "StatefulSet/shop/it spec.serviceName",
        ],
    },
    unknown: { name: [of(UNKNOWN), "spec.serviceName"] },
});
