import rule from "../../../../policies/kubernetes/probes/readiness-probe";
import { container, deployment, object, pod } from "../../support/kubernetes";
import { specify, UNKNOWN } from "../../support/spec";

specify(rule, {
    good: {
        "has one": container({ readinessProbe: { httpGet: { port: 80 } } }),
        "a Job has none": object("batch/v1", "Job", { spec: { template: { spec: { containers: [{ name: "a" }] } } } }),
    },
    bad: {
        "has none": [pod(), "spec.containers[0].readinessProbe"],
        "in a Deployment": [deployment(), "spec.template.spec.containers[0].readinessProbe"],
        "a sidecar": [
            container(
                { readinessProbe: { exec: {} } },
                { initContainers: [{ name: "proxy", restartPolicy: "Always" }] },
            ),
            "spec.initContainers[0].readinessProbe",
        ],
    },
    edge: {
        "init and ephemeral containers have none": [
            container(
                { readinessProbe: { exec: {} } },
                { initContainers: [{ name: "a" }], ephemeralContainers: [{ name: "b" }] },
            ),
        ],
        "a pod that ends": [pod({ restartPolicy: "Never" })],
        "null is absent": [container({ readinessProbe: null }), "spec.containers[0].readinessProbe"],
    },
    unknown: { "whether it ends": [pod({ restartPolicy: UNKNOWN }), "spec.restartPolicy"] },
});
