import rule from "../../../../policies/kubernetes/rbac/approve-certificates";
import { object } from "../../support/kubernetes";
import { specify, UNKNOWN } from "../../support/spec";

const of = (...rules: unknown[]) => object("rbac.authorization.k8s.io/v1", "ClusterRole", { rules });

specify(rule, {
    good: {
        "another verb": of({
            apiGroups: ["certificates.k8s.io"],
            resources: ["certificatesigningrequests/approval"],
            verbs: ["get"],
        }),
        "another resource": of({ apiGroups: ["certificates.k8s.io"], resources: ["things"], verbs: ["update"] }),
    },
    bad: {
        "says so": [
            of({
                apiGroups: ["certificates.k8s.io"],
                resources: ["certificatesigningrequests/approval"],
                verbs: ["update"],
            }),
            "rules[0].resources",
        ],
        "among others": [
            of(
                {},
                {
                    apiGroups: ["a", "*"],
                    resources: ["a", "certificatesigningrequests/approval"],
                    verbs: ["a", "update"],
                },
            ),
            "rules[1].resources",
        ],
    },
    edge: {
        "of every resource": [
            of({ apiGroups: ["certificates.k8s.io"], resources: ["*/approval"], verbs: ["update"] }),
            "rules[0].resources",
        ],
        "of another group": [
            of({ apiGroups: ["example.com"], resources: ["certificatesigningrequests/approval"], verbs: ["update"] }),
        ],
        "a text instead of a list": [
            of({
                apiGroups: ["certificates.k8s.io"],
                resources: "certificatesigningrequests/approval",
                verbs: ["update"],
            }),
            "rules[0].resources",
        ],
        "asking for one": [
            of({ apiGroups: ["certificates.k8s.io"], resources: ["certificatesigningrequests"], verbs: ["create"] }),
        ],
    },
    unknown: {
        verbs: [
            of({
                apiGroups: ["certificates.k8s.io"],
                resources: ["certificatesigningrequests/approval"],
                verbs: UNKNOWN,
            }),
            "rules[0].verbs",
        ],
    },
});
