import rule from "../../../../policies/kubernetes/pod-security/host-path";
import { deployment, pod } from "../../support/kubernetes";
import { specify, UNKNOWN } from "../../support/spec";

specify(rule, {
    good: { "no volumes": pod(), "another type": pod({ volumes: [{ name: "a", emptyDir: {} }] }) },
    bad: {
        "the engine's socket": [
            pod({
                volumes: [
                    { name: "a", emptyDir: {} },
                    { name: "b", hostPath: { path: "/var/run/docker.sock" } },
                ],
            }),
            "spec.volumes[1].hostPath",
        ],
        "in a template": [
            deployment({ volumes: [{ name: "a", hostPath: { path: "/tmp/x" } }] }),
            "spec.template.spec.volumes[0].hostPath",
        ],
    },
    edge: {
        "null is absent": [pod({ volumes: [{ name: "a", hostPath: null }] })],
        "an empty one is still one": [pod({ volumes: [{ name: "a", hostPath: {} }] }), "spec.volumes[0].hostPath"],
        "volumes that are a map": [pod({ volumes: { a: { hostPath: {} } } }), "spec.volumes"],
    },
    unknown: {
        "a path that is not known is a path of the node all the same": {
            judged: pod({ volumes: [UNKNOWN, { name: "b", hostPath: UNKNOWN }] }),
            unknown: ["spec.volumes[0]"],
            wrong: ["spec.volumes[1].hostPath"],
        },
    },
});
