import rule from "../../../../policies/kubernetes/containers/duplicate-env";
import { container, pod } from "../../support/kubernetes";
import { specify, UNKNOWN } from "../../support/spec";

specify(rule, {
    good: { nothing: pod(), "two names": container({ env: [{ name: "A" }, { name: "a" }] }) },
    bad: {
        "twice and again": [
            container({ env: [{ name: "A", value: "1" }, { name: "B" }, { name: "A" }, { name: "A" }] }),
            "spec.containers[0].env[2].name",
            "spec.containers[0].env[3].name",
        ],
    },
    edge: {
        "each container has its own": [pod({ containers: [{ env: [{ name: "A" }] }, { env: [{ name: "A" }] }] })],
        "a variable that is a text": [container({ env: ["A=1"] }), "spec.containers[0].env[0]"],
    },
    unknown: { "a name": [container({ env: [{ name: UNKNOWN }, { name: "A" }] }), "spec.containers[0].env[0].name"] },
});
