import type { UntypedDeployment } from "@groundwork/engine/api";

import type { StackConfig } from "../../../../config/types";
import type { Standalone, StandaloneSpec } from "../backups/standalone";
import type { Toolbox } from "../backups/toolbox";
import { noCertificate, ROOT_CERTIFICATE } from "../runtime/certificate";
import type { EdgeAccess, ExecResult, LogOptions, Runtime } from "../runtime/runtime";
import type { Replica, StackStatus } from "../runtime/status";
import type { Cluster } from "./client";
import { reachEdge } from "./edge";
import { execIn } from "./exec";
import { reachFront } from "./front";
import { statusFrom } from "./inventory";
import { streamLogs } from "./logs";
import { addMissing } from "./missing";
import { LABELS, readObjects } from "./objects";

/** How long reading a file in a pod may take. */
const READ_MS = 10_000;

/** A stack in a namespace of a Kubernetes cluster. A pod has one container, with the name of its service. */
export class KubernetesRuntime implements Runtime {
    readonly kind = "kubernetes";

    constructor(
        private readonly cluster: Cluster,
        private readonly stack: string,
        readonly namespace: string,
    ) {}

    async inspect({ usage = false }: { usage?: boolean } = {}): Promise<StackStatus> {
        return statusFrom(this.stack, await readObjects(this.cluster, this.namespace, this.stack, usage));
    }

    addMissing(status: StackStatus, state: UntypedDeployment): number {
        return addMissing(status, state);
    }

    /** A pod that is only missed has no log. */
    async streamLogs(
        service: string,
        replica: Replica,
        options: LogOptions,
        onLine: (line: string, time: string) => void,
    ): Promise<void> {
        if (replica.id !== "") await streamLogs(this.cluster, this.at(service, replica), options, onLine);
    }

    exec(service: string, replica: Replica, command: string[], timeoutMs: number): Promise<ExecResult> {
        return execIn(this.cluster, this.at(service, replica), command, timeoutMs);
    }

    reachEdge(config: StackConfig): Promise<EdgeAccess> {
        const where = { namespace: this.namespace, stack: this.stack };
        return config.kubernetes.edge.via === "service"
            ? reachEdge(this.cluster, where, config.edge)
            : reachFront(this.cluster, where, config);
    }

    async edgeCertificate(status: StackStatus): Promise<string> {
        const edge = status.services.find((s) => s.component === "edge");
        const replica = edge?.replicas.find((r) => r.state === "running");
        if (!edge || !replica) throw noCertificate();
        const { exitCode, stdout } = await this.exec(edge.service, replica, ["cat", ROOT_CERTIFICATE], READ_MS);
        if (exitCode !== 0) throw noCertificate();
        return stdout;
    }

    async toolbox(): Promise<Toolbox> {
        const { KubernetesToolbox } = await import("./toolbox.js");
        return new KubernetesToolbox(this.cluster, this.stack, this.namespace);
    }

    async standalone(spec: StandaloneSpec): Promise<Standalone> {
        const { openStandalone } = await import("./standalone.js");
        return openStandalone(this.cluster, `${this.namespace}-rebuild`, spec);
    }

    async leftovers(): Promise<string[]> {
        const where = { namespace: this.namespace, labelSelector: `${LABELS.stack}=${this.stack}` };
        const [{ deployments, statefulSets, postgresClusters }, claims] = await Promise.all([
            readObjects(this.cluster, this.namespace, this.stack, false),
            this.cluster.core.listNamespacedPersistentVolumeClaim(where),
        ]);
        return [...deployments, ...statefulSets, ...postgresClusters, ...claims.items].map(
            ({ metadata }) => metadata?.name ?? "",
        );
    }

    wayIn({ edge, kubernetes }: StackConfig): string | undefined {
        if (kubernetes.edge.via !== "service" || kubernetes.edge.service !== "ClusterIP") return undefined;
        const context = kubernetes.context === undefined ? "" : ` --context ${kubernetes.context}`;
        return `kubectl${context} -n ${this.namespace} port-forward service/caddy ${edge.httpsPort} ${edge.httpPort}`;
    }

    private at(service: string, replica: Replica) {
        return { namespace: this.namespace, pod: replica.id, container: service };
    }
}
