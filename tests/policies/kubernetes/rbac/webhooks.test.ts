import rule from "../../../../policies/kubernetes/rbac/webhooks";
import { object } from "../../support/kubernetes";
import { specify, UNKNOWN } from "../../support/spec";

const of = (...rules: unknown[]) => object("rbac.authorization.k8s.io/v1", "ClusterRole", { rules });

specify(rule, {
    good: {
        "another verb": of({
            apiGroups: ["admissionregistration.k8s.io"],
            resources: ["mutatingwebhookconfigurations"],
            verbs: ["get"],
        }),
        "another resource": of({
            apiGroups: ["admissionregistration.k8s.io"],
            resources: ["things"],
            verbs: ["update"],
        }),
    },
    bad: {
        "says so": [
            of({
                apiGroups: ["admissionregistration.k8s.io"],
                resources: ["mutatingwebhookconfigurations"],
                verbs: ["update"],
            }),
            "rules[0].resources",
        ],
        "among others": [
            of(
                {},
                { apiGroups: ["a", "*"], resources: ["a", "mutatingwebhookconfigurations"], verbs: ["a", "update"] },
            ),
            "rules[1].resources",
        ],
    },
    edge: {
        "deleting them": [
            of({
                apiGroups: ["admissionregistration.k8s.io"],
                resources: ["validatingwebhookconfigurations"],
                verbs: ["deletecollection"],
            }),
            "rules[0].resources",
        ],
        "of another group": [
            of({ apiGroups: ["example.com"], resources: ["mutatingwebhookconfigurations"], verbs: ["update"] }),
        ],
        "a text instead of a list": [
            of({
                apiGroups: ["admissionregistration.k8s.io"],
                resources: "mutatingwebhookconfigurations",
                verbs: ["update"],
            }),
            "rules[0].resources",
        ],
        "the validating ones": [
            of({
                apiGroups: ["admissionregistration.k8s.io"],
                resources: ["validatingwebhookconfigurations"],
                verbs: ["patch"],
            }),
            "rules[0].resources",
        ],
    },
    unknown: {
        verbs: [
            of({
                apiGroups: ["admissionregistration.k8s.io"],
                resources: ["mutatingwebhookconfigurations"],
                verbs: UNKNOWN,
            }),
            "rules[0].verbs",
        ],
    },
});
