/** A bucket that is none of a stack's: a server in a namespace of its own, reached at its pod's address, which network policies go by. */
import { localImageRef } from "../../../../images/local";
import { BUCKET_KEYS, SERVE_BUCKET, type Bucket } from "../../support/disaster/place";
import { waitFor } from "../../support/wait";
import type { Cluster } from "../cluster/cluster";

const NAMESPACE = "e2e-bucket";
const POD = "bucket";

export class ClusterBucket implements Bucket {
    readonly keys = BUCKET_KEYS;
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
            command: ["sh", "-ec", SERVE_BUCKET],
            env: [
                { name: "ROOT_ACCESS_KEY", value: BUCKET_KEYS.access },
                { name: "ROOT_SECRET_KEY", value: BUCKET_KEYS.secret },
            ],
            securityContext: { runAsUser: 0 },
            readinessProbe: { httpGet: { path: "/health", port: 7070 }, periodSeconds: 1 },
            volumeMounts: [{ name: "data", mountPath: "/data" }],
        };
        const objects = [
            { apiVersion: "v1", kind: "Namespace", metadata: { name: NAMESPACE } },
            {
                ...{ apiVersion: "v1", kind: "Pod", metadata: { name: POD, namespace: NAMESPACE } },
                spec: { containers: [container], volumes: [{ name: "data", emptyDir: {} }] },
            },
        ];
        const wait = { what: "The service account of the bucket's namespace", seconds: 60 };
        await waitFor(() => cluster.apply(objects).then(() => true), wait);
        const inNamespace = ["--namespace", NAMESPACE];
        await cluster.kubectl("wait", ...inNamespace, `pod/${POD}`, "--for=condition=Ready", "--timeout=300s");
        const ip = await cluster.kubectl("get", ...inNamespace, "pod", POD, "-o", "jsonpath={.status.podIP}");
        return new ClusterBucket(cluster, `http://${ip.trim()}:7070`);
    }

    static async sweep(cluster: Cluster): Promise<void> {
        await cluster.kubectl("delete", "namespace", NAMESPACE, "--ignore-not-found", "--timeout", "600s");
    }

    async empty(stack: string): Promise<void> {
        const inside = ["exec", "--namespace", NAMESPACE, POD, "--"];
        await this.cluster.kubectl(...inside, "rm", "-rf", `/data/objects/backups/${stack}`);
    }
}
