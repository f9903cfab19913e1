import rule from "../../../../policies/kubernetes/pod-security/privileged";
import { container, deployment, object, pod, securityContext } from "../../support/kubernetes";
import { specify, UNKNOWN } from "../../support/spec";

const PRIVILEGED = { name: "x", securityContext: { privileged: true } };

specify(rule, {
    good: { "says nothing": pod(), "says no": securityContext({ privileged: false }) },
    bad: {
        container: [securityContext({ privileged: true }), "spec.containers[0].securityContext.privileged"],
        "init container": [
            pod({ initContainers: [{ name: "a" }, PRIVILEGED] }),
            "spec.initContainers[1].securityContext.privileged",
        ],
        "ephemeral container": [
            pod({ ephemeralContainers: [PRIVILEGED] }),
            "spec.ephemeralContainers[0].securityContext.privileged",
        ],
        "in a Deployment": [
            deployment({ containers: [PRIVILEGED] }),
            "spec.template.spec.containers[0].securityContext.privileged",
        ],
    },
    edge: {
        "null is absent": [securityContext({ privileged: null })],
        "the text yes is no pass": [
            securityContext({ privileged: "yes" }),
            "spec.containers[0].securityContext.privileged",
        ],
        "a security context that is a list": [container({ securityContext: [] }), "spec.containers[0].securityContext"],
        "containers that are a map": [pod({ containers: { app: {} } }), "spec.containers"],
        "a container that is a text": [
            pod({ containers: ["app", PRIVILEGED] }),
            "spec.containers[0]",
            "spec.containers[1].securityContext.privileged",
        ],
    },
    unknown: {
        value: [securityContext({ privileged: UNKNOWN }), "spec.containers[0].securityContext.privileged"],
        "the whole spec": [object("v1", "Pod", { spec: UNKNOWN }), "spec"],
        "one container, the other is certain": {
            judged: pod({ containers: [UNKNOWN, PRIVILEGED] }),
            unknown: ["spec.containers[0]"],
            wrong: ["spec.containers[1].securityContext.privileged"],
        },
    },
});
