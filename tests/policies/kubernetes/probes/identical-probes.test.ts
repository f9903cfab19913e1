import rule from "../../../../policies/kubernetes/probes/identical-probes";
import { container, pod } from "../../support/kubernetes";
import { specify, UNKNOWN } from "../../support/spec";

const PROBE = { httpGet: { path: "/health", port: 80 } };

specify(rule, {
    good: {
        none: pod(),
        "different ones": container({
            livenessProbe: PROBE,
            readinessProbe: { httpGet: { path: "/ready", port: 80 } },
        }),
        "one with more patience": container({
            livenessProbe: { ...PROBE, failureThreshold: 30 },
            readinessProbe: PROBE,
        }),
    },
    bad: {
        "the same": [
            container({ livenessProbe: PROBE, readinessProbe: { ...PROBE } }),
            "spec.containers[0].livenessProbe",
        ],
    },
    edge: { "only one": [container({ livenessProbe: PROBE })] },
    unknown: {
        "a port": [
            container({ livenessProbe: PROBE, readinessProbe: { httpGet: { port: UNKNOWN } } }),
            "spec.containers[0].readinessProbe.httpGet.port",
        ],
    },
});
