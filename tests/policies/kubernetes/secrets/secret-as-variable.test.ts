import rule from "../../../../policies/kubernetes/secrets/secret-as-variable";
import { container, pod } from "../../support/kubernetes";
import { specify, UNKNOWN } from "../../support/spec";

specify(rule, {
    good: {
        nothing: pod(),
        "a setting": container({ env: [{ name: "A", valueFrom: { configMapKeyRef: { name: "a", key: "b" } } }] }),
    },
    bad: {
        "one key": [
            container({ env: [{ name: "A", valueFrom: { secretKeyRef: {} } }] }),
            "spec.containers[0].env[0].valueFrom.secretKeyRef",
        ],
        "all of it": [
            container({ envFrom: [{ configMapRef: {} }, { secretRef: { name: "a" } }] }),
            "spec.containers[0].envFrom[1].secretRef",
        ],
    },
    edge: { "envFrom that is a map": [container({ envFrom: { secretRef: {} } }), "spec.containers[0].envFrom"] },
    unknown: {
        "where it is from": [
            container({ env: [{ name: "A", valueFrom: UNKNOWN }] }),
            "spec.containers[0].env[0].valueFrom",
        ],
    },
});
