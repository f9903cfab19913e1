import type { Raw } from "../../../../policies/core/raw";
import rule from "../../../../policies/kubernetes/network/network-policy";
import { deployment, object, pod } from "../../support/kubernetes";
import { specify, UNKNOWN } from "../../support/spec";

const of = (podSelector: unknown) => object("networking.k8s.io/v1", "NetworkPolicy", { spec: { podSelector } });

const cilium = (kind: string, props: Raw) => object("cilium.io/v2", kind, props);

specify(rule, {
    good: {
        "one of Cilium's": [
            deployment(),
            cilium("CiliumNetworkPolicy", { spec: { endpointSelector: { matchLabels: { "k8s:app": "it" } } } }),
        ],
        "one of Cilium's for the cluster": [
            deployment(),
            cilium("CiliumClusterwideNetworkPolicy", {
                metadata: { name: "all" },
                specs: [{ nodeSelector: {} }, { endpointSelector: {} }],
            }),
        ],
        "one for it": [deployment(), of({ matchLabels: { app: "it" } })],
        "one for all": [pod(), of({})],
    },
    bad: {
        none: [pod(), ""],
        "one of Cilium's for others": [
            [
                deployment(),
                cilium("CiliumNetworkPolicy", { spec: { endpointSelector: { matchLabels: { app: "x" } } } }),
            ],
            "Deployment/shop/it",
        ],
        "another one's": [[deployment(), of({ matchLabels: { app: "x" } })], "Deployment/shop/it"],
    },
    edge: {
        "to a pod in its node's network it does not apply": [pod({ hostNetwork: true })],
        "a policy without a selector is for all": [
            [pod(), object("networking.k8s.io/v1", "NetworkPolicy", { spec: {} })],
        ],
        "in another namespace": [
            [
                pod(),
                object("networking.k8s.io/v1", "NetworkPolicy", { metadata: { name: "it", namespace: "x" }, spec: {} }),
            ],
            "Pod/shop/it",
        ],
    },
    unknown: { selector: [[pod(), of(UNKNOWN)], "Pod/shop/it spec.podSelector"] },
});
