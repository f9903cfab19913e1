/** Where this machine reaches the Ingress or Gateway in front of a stack's edge. */
import type { StackConfig } from "../../../../config/types";
import { FailedError } from "../errors";
import type { EdgeAccess } from "../runtime/runtime";
import { type Candidate, firstThatAnswers } from "./candidates";
import type { Cluster } from "./client";
import { LABELS } from "./objects";

interface Gateway {
    status?: { addresses?: { value: string }[] };
}

/**
 * At the address that its controller has given it. There is no other way: whose pods serve it, only its controller knows.
 * @throws FailedError when it has none, or none that answers from here
 */
export async function reachFront(
    cluster: Cluster,
    where: { namespace: string; stack: string },
    { edge, kubernetes }: Pick<StackConfig, "edge" | "kubernetes">,
): Promise<EdgeAccess> {
    const isGateway = kubernetes.edge.via === "gateway";
    const what = isGateway ? "Gateway" : "Ingress";
    const hosts = isGateway ? await gatewayHosts(cluster, where) : await ingressHosts(cluster, where);
    const candidates = hosts.map((host): Candidate => ({
        host,
        http: edge.httpPort,
        https: edge.httpsPort,
        what: `${what} ${host}`,
    }));
    const access = await firstThatAnswers(candidates, edge.httpsPort);
    if (access) return access;
    throw hosts.length === 0
        ? new FailedError(
              `The ${what} of stack ${where.stack} has no address.`,
              `Is there a controller for its class on the cluster? kubectl -n ${where.namespace} describe ${what.toLowerCase()}`,
          )
        : new FailedError(
              `The ${what} of stack ${where.stack} does not answer from here at ${hosts.join(", ")}, port ${edge.httpsPort}.`,
              "Run it from where its users are.",
          );
}

async function ingressHosts({ networking }: Cluster, where: { namespace: string; stack: string }): Promise<string[]> {
    const { items } = await networking.listNamespacedIngress(selecting(where));
    return items
        .flatMap(({ status }) => status?.loadBalancer?.ingress ?? [])
        .flatMap(({ ip, hostname }) => ip ?? hostname ?? []);
}

async function gatewayHosts({ custom }: Cluster, where: { namespace: string; stack: string }): Promise<string[]> {
    const group = { group: "gateway.networking.k8s.io", version: "v1", plural: "gateways" };
    const { items } = (await custom.listNamespacedCustomObject({ ...group, ...selecting(where) })) as {
        items: Gateway[];
    };
    return items.flatMap(({ status }) => (status?.addresses ?? []).map(({ value }) => value));
}

function selecting({ namespace, stack }: { namespace: string; stack: string }) {
    return { namespace, labelSelector: `${LABELS.stack}=${stack}` };
}
