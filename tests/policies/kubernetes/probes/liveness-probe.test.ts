import rule from "../../../../policies/kubernetes/probes/liveness-probe";
import { container, deployment, object, pod } from "../../support/kubernetes";
import { specify, UNKNOWN } from "../../support/spec";

specify(rule, {
    good: {
        "has one": container({ livenessProbe: { httpGet: { port: 80 } } }),
        "a Job has none": object("batch/v1", "Job", { spec: { template: { spec: { containers: [{ name: "a" }] } } } }),
    },
    bad: {
        "has none": [pod(), "spec.containers[0].livenessProbe"],
        "in a Deployment": [deployment(), "spec.template.spec.containers[0].livenessProbe"],
        "a sidecar": [
            container(
                { livenessProbe: { exec: {} } },
                { initContainers: [{ name: "proxy", restartPolicy: "Always" }] },
            ),
            "spec.initContainers[0].livenessProbe",
        ],
    },
    edge: {
        "init and ephemeral containers have none": [
            container(
                { livenessProbe: { exec: {} } },
                { initContainers: [{ name: "a" }], ephemeralContainers: [{ name: "b" }] },
            ),
        ],
        "a pod that ends": [pod({ restartPolicy: "Never" })],
        "null is absent": [container({ livenessProbe: null }), "spec.containers[0].livenessProbe"],
    },
    unknown: { "whether it ends": [pod({ restartPolicy: UNKNOWN }), "spec.restartPolicy"] },
});
