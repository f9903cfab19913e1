import rule from "../../../../policies/kubernetes/pod-security/probe-hosts";
import { container, pod } from "../../support/kubernetes";
import { specify, UNKNOWN } from "../../support/spec";

specify(rule, {
    good: {
        "no probes": pod(),
        "its own pod": container({
            livenessProbe: { httpGet: { port: 80 } },
            readinessProbe: { tcpSocket: { port: 80 } },
            lifecycle: { preStop: { exec: { command: ["true"] } } },
        }),
    },
    bad: {
        "each probe": [
            container({
                livenessProbe: { httpGet: { host: "169.254.169.254", port: 80 } },
                readinessProbe: { tcpSocket: { host: "10.0.0.1", port: 80 } },
                startupProbe: { httpGet: { host: "localhost", port: 80 } },
            }),
            "spec.containers[0].livenessProbe.httpGet.host",
            "spec.containers[0].readinessProbe.tcpSocket.host",
            "spec.containers[0].startupProbe.httpGet.host",
        ],
        "each hook": [
            container({
                lifecycle: {
                    postStart: { httpGet: { host: "a", port: 1 } },
                    preStop: { tcpSocket: { host: "b", port: 1 } },
                },
            }),
            "spec.containers[0].lifecycle.postStart.httpGet.host",
            "spec.containers[0].lifecycle.preStop.tcpSocket.host",
        ],
    },
    edge: {
        "an empty host is the pod's": [container({ livenessProbe: { httpGet: { host: "", port: 80 } } })],
        "a Host header is none": [
            container({ livenessProbe: { httpGet: { port: 80, httpHeaders: [{ name: "Host", value: "a" }] } } }),
        ],
        "a probe that is a list": [container({ livenessProbe: [] }), "spec.containers[0].livenessProbe"],
    },
    unknown: {
        "one, the other is certain": {
            judged: container({
                livenessProbe: { httpGet: { host: UNKNOWN } },
                startupProbe: { httpGet: { host: "a" } },
            }),
            unknown: ["spec.containers[0].livenessProbe.httpGet.host"],
            wrong: ["spec.containers[0].startupProbe.httpGet.host"],
        },
    },
});
