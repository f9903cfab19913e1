import rule from "../../../policies/stack/budget";
import { specify, UNKNOWN } from "../support/spec";
import { deployment, inFile, object, running } from "../support/whole-stack";

const LITTLE = { settings: { cpus: 2, memoryGiB: 4 } };
const SCALER = object("autoscaling/v2:HorizontalPodAutoscaler", {
    scaleTargetRef: { kind: "Deployment", name: "deployment" },
    maxReplicas: 5,
});

specify(rule, {
    good: {
        "on Docker": [running({ cpus: "1", memory: 1024 }), running({ cpus: "0.5", memory: 512 }, "web")],
        "on Kubernetes": deployment(3, { cpu: "500m", memory: "1Gi" }),
    },
    bad: {
        "processors, on Docker": {
            judged: [running({ cpus: "1.5", memory: 1024 }), running({ cpus: 1, memory: 1024 }, "web")],
            wrong: ["stack"],
            with: LITTLE,
        },
        "memory, on Kubernetes, with every replica": {
            judged: deployment(3, { cpu: "500m", memory: "1.5Gi" }),
            wrong: [""],
            with: LITTLE,
        },
        "with the replicas that an autoscaler makes": {
            judged: [deployment(1, { cpu: "500m", memory: "0.5Gi" }), SCALER],
            wrong: ["stack"],
            with: LITTLE,
        },
    },
    edge: {
        "just what there is": { judged: deployment(4, { cpu: "500m", memory: "1Gi" }), with: LITTLE },
        "jobs are not counted": {
            judged: [running({ cpus: "9", memory: 9999, mustRun: false }), object("batch/v1:Job", { template: {} })],
            with: LITTLE,
        },
        "files are no stack": { judged: inFile(deployment(99, { cpu: "9", memory: "9Gi" })), with: LITTLE },
        "a limit that is no quantity": [deployment(1, { cpu: "some" }), ""],
    },
    unknown: {
        "one limit, the rest is too much already": {
            judged: [running({ cpus: UNKNOWN }), running({ cpus: "3" }, "web")],
            unknown: ["stack cpus"],
            wrong: ["stack"],
            with: LITTLE,
        },
    },
});
