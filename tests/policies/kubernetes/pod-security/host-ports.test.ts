import rule from "../../../../policies/kubernetes/pod-security/host-ports";
import { container, pod } from "../../support/kubernetes";
import { specify, UNKNOWN } from "../../support/spec";

specify(rule, {
    good: {
        "no ports": pod(),
        "a port of its own": container({ ports: [{ containerPort: 8080 }] }),
    },
    bad: {
        "one of two": [
            container({ ports: [{ containerPort: 1 }, { containerPort: 2, hostPort: 80 }] }),
            "spec.containers[0].ports[1].hostPort",
        ],
        "in an init container": [
            pod({ initContainers: [{ name: "a", ports: [{ hostPort: 9 }] }] }),
            "spec.initContainers[0].ports[0].hostPort",
        ],
    },
    edge: {
        "0 is none": [container({ ports: [{ containerPort: 1, hostPort: 0 }] })],
        "a port as text": [container({ ports: [{ hostPort: "80" }] }), "spec.containers[0].ports[0].hostPort"],
    },
    unknown: { "a port": [container({ ports: [{ hostPort: UNKNOWN }] }), "spec.containers[0].ports[0].hostPort"] },
});
