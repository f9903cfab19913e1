/** Where this machine reaches a stack's edge: its load balancer, a port of a node, or a port-forward made for the time of a run. */
import type { StackConfig } from "../../../../config/types";
import { FailedError } from "../errors";
import { stackFlag } from "../words";
import type { EdgeAccess } from "../runtime/runtime";
import { type Candidate, firstThatAnswers } from "./candidates";
import type { Cluster } from "./client";
import { nodesOf } from "./nodes";
import { LABELS } from "./objects";
import { forward } from "./port-forward";
import type { V1Node, V1Pod, V1Service } from "./types";

type EdgePorts = Pick<StackConfig["edge"], "httpPort" | "httpsPort">;

/** By its own Service. @throws FailedError when the stack has no edge, or no pod of it is ready */
export async function reachEdge(
    cluster: Cluster,
    where: { namespace: string; stack: string },
    edge: EdgePorts,
): Promise<EdgeAccess> {
    const { namespace, stack } = where;
    const labelSelector = `${LABELS.stack}=${stack},${LABELS.component}=edge`;
    const [services, pods] = await Promise.all([
        cluster.core.listNamespacedService({ namespace, labelSelector }),
        cluster.core.listNamespacedPod({ namespace, labelSelector }),
    ]);
    const service = services.items.find((found) => portOf(found, edge.httpsPort) !== undefined);
    if (!service)
        throw new FailedError(
            `Stack ${stack} has no edge on the cluster.`,
            `gw up${stackFlag({ stack: { name: stack } })} brings it up.`,
        );
    const nodes = hasNodePort(service, edge) ? await nodesOf(cluster) : [];
    const candidates = candidatesOf(service, nodes, pods.items, edge);
    const access = await firstThatAnswers(candidates, edge.httpsPort);
    return access ?? forwarded(cluster, namespace, service, pods.items, edge, candidates);
}

/** Best first: load balancers, then ports of nodes by their external and their internal addresses. */
export function candidatesOf(service: V1Service, nodes: V1Node[], pods: V1Pod[], edge: EdgePorts): Candidate[] {
    const balancers = (service.status?.loadBalancer?.ingress ?? []).flatMap(({ ip, hostname }): Candidate[] => {
        const host = ip ?? hostname;
        return host === undefined
            ? []
            : [{ host, http: edge.httpPort, https: edge.httpsPort, what: `load balancer ${host}` }];
    });
    const [http, https] = [portOf(service, edge.httpPort)?.nodePort, portOf(service, edge.httpsPort)?.nodePort];
    if (http === undefined || https === undefined) return balancers;
    const addresses = (type: string): string[] =>
        nodes.flatMap(({ status }) => (status?.addresses ?? []).filter((a) => a.type === type).map((a) => a.address));
    // Who may not list nodes still sees on which ones the edge runs.
    const hosts = pods.flatMap(({ status }) => status?.hostIP ?? []);
    const all = new Set([...addresses("ExternalIP"), ...addresses("InternalIP"), ...hosts]);
    return [...balancers, ...[...all].map((host) => ({ host, http, https, what: `node ${host}` }))];
}

async function forwarded(
    cluster: Cluster,
    namespace: string,
    service: V1Service,
    pods: V1Pod[],
    edge: EdgePorts,
    tried: Candidate[],
): Promise<EdgeAccess> {
    const pod = pods.find(isReady);
    const name = pod?.metadata?.name;
    if (name === undefined) throw new FailedError("No pod of the edge is ready.", "gw status says why.");
    const at = { namespace, name };
    const http = await forward(cluster, at, podPort(service, edge.httpPort, pod!));
    const https = await forward(cluster, at, podPort(service, edge.httpsPort, pod!));
    const silent = tried.map(({ what }) => what).join(", ");
    const why =
        silent === "" ? "The edge has no address outside of the cluster" : `Nothing answers from here at the ${silent}`;
    return {
        address: "127.0.0.1",
        ports: { http: http.port, https: https.port },
        note: `${why}; reached through a port-forward to the pod ${name}, for this run only.`,
        close: async () => {
            await Promise.all([http.close(), https.close()]);
        },
    };
}

function isReady({ metadata, status }: V1Pod): boolean {
    const ready = status?.conditions?.some(({ type, status }) => type === "Ready" && status === "True");
    return metadata?.deletionTimestamp === undefined && ready === true;
}

function hasNodePort(service: V1Service, edge: EdgePorts): boolean {
    return portOf(service, edge.httpsPort)?.nodePort !== undefined;
}

function portOf({ spec }: V1Service, port: number) {
    return (spec?.ports ?? []).find((p) => p.port === port && (p.protocol ?? "TCP") === "TCP");
}

/** Where the pod listens for what arrives at a port of its service. */
function podPort(service: V1Service, port: number, pod: V1Pod): number {
    const target = portOf(service, port)?.targetPort;
    if (typeof target === "number") return target;
    const named = pod.spec?.containers.flatMap(({ ports = [] }) => ports).find(({ name }) => name === target);
    return named?.containerPort ?? port;
}
