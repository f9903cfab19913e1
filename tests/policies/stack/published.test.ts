import rule from "../../../policies/stack/published";
import { specify, UNKNOWN } from "../support/spec";
import { inFile, object, running } from "../support/whole-stack";

const PORTS = [{ internal: 5432, external: 5432, ip: "127.0.0.1" }];
const edge = (component: unknown) => [{ label: "dev.groundwork.component", value: component }];
const LABELS = { labels: { "app.kubernetes.io/component": "edge" } };

specify(rule, {
    good: {
        "nothing is published": running({ labels: edge("postgres") }),
        "the edge is": running({ ports: PORTS, labels: edge("edge") }),
        "a service within the cluster": object("core/v1:Service", { type: "ClusterIP" }),
        "a load balancer of the edge's": object("core/v1:Service", { type: "LoadBalancer" }, LABELS),
    },
    bad: {
        "a store": [running({ ports: PORTS, labels: edge("postgres") }), "ports"],
        "what says not what it is": [running({ ports: PORTS }), "ports"],
        "a load balancer": [object("core/v1:Service", { type: "LoadBalancer" }), "spec.type"],
        "a node's port": [object("core/v1:Service", { type: "NodePort" }), "spec.type"],
    },
    edge: {
        "another, by its setting": {
            judged: running({ ports: PORTS, labels: edge("gateway") }),
            with: { settings: { edges: ["gateway"] } },
        },
        "an address from outside": [object("core/v1:Service", { externalIPs: ["192.0.2.1"] }), "spec.type"],
        "files are no stack": [inFile(running({ ports: PORTS }))],
        "labels that are a map": [running({ ports: PORTS, labels: {} }), "labels"],
    },
    unknown: {
        "the kind": [object("core/v1:Service", { type: UNKNOWN }), "spec.type"],
        "what it is": [running({ ports: PORTS, labels: edge(UNKNOWN) }), "labels[0].value"],
    },
});
