import rule from "../../../../policies/kubernetes/apis/removed-api";
import { object } from "../../support/kubernetes";
import { specify, UNKNOWN } from "../../support/spec";

const unsure = object("extensions/v1beta1", "Ingress", { metadata: UNKNOWN });

specify(rule, {
    good: { "of now": object("apps/v1", "Deployment"), "somebody's own": object("example.com/v1beta1", "Ingress") },
    bad: {
        "an old Ingress": [object("extensions/v1beta1", "Ingress"), "apiVersion"],
        "an old CronJob": [object("batch/v1beta1", "CronJob"), "apiVersion"],
        "flow control": [object("flowcontrol.apiserver.k8s.io/v1beta3", "FlowSchema"), "apiVersion"],
    },
    edge: { "another kind of an old group": [object("policy/v1", "PodDisruptionBudget")] },
    unknown: {
        "its version is its type's, whatever its properties say": { judged: unsure, wrong: ["apiVersion"] },
    },
});
