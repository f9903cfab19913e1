import rule from "../../../../policies/kubernetes/pod-security/apparmor";
import { deployment, pod, securityContext } from "../../support/kubernetes";
import { specify, UNKNOWN } from "../../support/spec";

const ANNOTATION = "container.apparmor.security.beta.kubernetes.io/";

specify(rule, {
    good: {
        "says nothing": pod(),
        fields: securityContext(
            { appArmorProfile: { type: "RuntimeDefault" } },
            { securityContext: { appArmorProfile: { type: "Localhost", localhostProfile: "a" } } },
        ),
        annotations: pod(
            {},
            { annotations: { [`${ANNOTATION}a`]: "runtime/default", [`${ANNOTATION}b`]: "localhost/x" } },
        ),
    },
    bad: {
        "a container's field": [
            securityContext({ appArmorProfile: { type: "Unconfined" } }),
            "spec.containers[0].securityContext.appArmorProfile.type",
        ],
        "the pod's field": [
            pod({ securityContext: { appArmorProfile: { type: "Unconfined" } } }),
            "spec.securityContext.appArmorProfile.type",
        ],
        "an annotation of a template": [
            deployment({}, { annotations: { [`${ANNOTATION}app`]: "unconfined" } }),
            `spec.template.metadata.annotations["${ANNOTATION}app"]`,
        ],
    },
    edge: {
        "an empty annotation": [pod({}, { annotations: { [`${ANNOTATION}app`]: "" } })],
        "a profile without a type": [
            securityContext({ appArmorProfile: {} }),
            "spec.containers[0].securityContext.appArmorProfile.type",
        ],
        "annotations that are a list": [pod({}, { annotations: [] }), "metadata.annotations"],
    },
    unknown: {
        "a field, an annotation is certain": {
            judged: pod(
                { securityContext: { appArmorProfile: { type: UNKNOWN } } },
                { annotations: { [`${ANNOTATION}app`]: "unconfined" } },
            ),
            unknown: ["spec.securityContext.appArmorProfile.type"],
            wrong: [`metadata.annotations["${ANNOTATION}app"]`],
        },
    },
});
