/** A bucket that is none of a stack's: a server in a namespace of its own, reached at its pod's address, which network policies go by. */
import { localImageRef } from "../../../../images/local";
import type { Bucket } from "../../support/disaster/place";
import type { Cluster } from "../cluster/cluster";

const NAMESPACE = "e2e-bucket";
const POD = "bucket";
const KEYS = { access: "the-stack", secret: "secret-of-the-stack" };

const SERVE = `mkdir -p /data/meta /data/objects/backups
exec versitygw --port :7070 --health /health --quiet posix --sidecar /data/meta /data/objects`;

export class ClusterBucket implements Bucket {
    readonly keys = KEYS;
    readonly name = "backups";

    private constructor(
        private readonly cluster: Cluster,
        readonly endpoint: string,
    ) {}

    static async start(cluster: Cluster): Promise<ClusterBucket> {
        await ClusterBucket.sweep(cluster);
        const container = {
            name: POD,
            image: localImageRef("s3"),
            imagePullPolicy: "IfNotPresent",
            command: ["sh", "-ec", SERVE],
            env: [
                { name: "ROOT_ACCESS_KEY", value: KEYS.access },
                { name: "ROOT_SECRET_KEY", value: KEYS.secret },
            ],
            securityContext: { runAsUser: 0 },
            readinessProbe: { httpGet: { path: "/health", port: 7070 }, periodSeconds: 1 },
            volumeMounts: [{ name: "data", mountPath: "/data" }],
        };
        await cluster.apply([
            { apiVersion: "v1", kind: "Namespace", metadata: { name: NAMESPACE } },
            {
                ...{ apiVersion: "v1", kind: "Pod", metadata: { name: POD, namespace: NAMESPACE } },
                spec: { containers: [container], volumes: [{ name: "data", emptyDir: {} }] },
            },
        ]);
        const inNamespace = ["--namespace", NAMESPACE];
        await cluster.kubectl("wait", ...inNamespace, `pod/${POD}`, "--for=condition=Ready", "--timeout=60s");
        const ip = await cluster.kubectl("get", ...inNamespace, "pod", POD, "-o", "jsonpath={.status.podIP}");
        return new ClusterBucket(cluster, `http://${ip.trim()}:7070`);
    }

    static async sweep(cluster: Cluster): Promise<void> {
        await cluster.kubectl("delete", "namespace", NAMESPACE, "--ignore-not-found", "--timeout", "120s");
    }

    async empty(stack: string): Promise<void> {
        const inside = ["exec", "--namespace", NAMESPACE, POD, "--"];
        await this.cluster.kubectl(...inside, "rm", "-rf", `/data/objects/backups/${stack}`);
    }
}
