/** Network policies: nothing, then exactly the flows that the system's data names. Only a CNI that enforces policies makes them count. */
import type { networking } from "@pulumi/kubernetes/types/input";

import { type Flow, type FlowPort, OUTSIDE } from "../../components/spec";
import { compare } from "../order";
import type { Labels } from "./labels";

type Policy = networking.v1.NetworkPolicySpec;

/** Labels of the pods of a workload, by its name. */
export type SelectorOf = (workload: string) => Labels;

/** For every pod of the namespace, both ways. */
export const DENY_ALL: Policy = { podSelector: {}, policyTypes: ["Ingress", "Egress"] };

/** Where NodeLocal DNSCache answers, on the node itself, in clusters that have it: no label selects what runs in the node's network. */
const NODE_LOCAL_DNS = "169.254.20.10/32";

/** Names are looked up by everybody, and nothing else is asked of the cluster. */
export const ALLOW_DNS: Policy = {
    podSelector: {},
    policyTypes: ["Egress"],
    egress: [
        {
            to: [{ namespaceSelector: inNamespace("kube-system") }, { ipBlock: { cidr: NODE_LOCAL_DNS } }],
            ports: [
                { port: 53, protocol: "TCP" },
                { port: 53, protocol: "UDP" },
            ],
        },
    ],
};

/**
 * While cert-manager proves to an authority whose the domain is (HTTP-01), a pod of its own in the stack's namespace
 * answers what comes through the front. Open to the same as the edge's port: whoever comes through the front.
 */
export const ALLOW_ACME_SOLVER: Policy = {
    podSelector: { matchLabels: { "acme.cert-manager.io/http01-solver": "true" } },
    policyTypes: ["Ingress"],
    ingress: [{ ports: [{ port: 8089, protocol: "TCP" }] }],
};

/**
 * A policy for each workload and job that is in a flow, by its name.
 * @param privateRanges CIDRs that are not the internet, although nobody's firewall says so: the cluster's, the site's, the cloud's metadata
 */
export function policies(flows: Flow[], selectorOf: SelectorOf, privateRanges: string[]): Map<string, Policy> {
    const names = [...new Set(flows.flatMap(({ from, to }) => [from, to]))].filter((name) => name !== OUTSIDE);
    return new Map(
        names.sort(compare).map((name) => [
            name,
            {
                podSelector: { matchLabels: selectorOf(name) },
                policyTypes: ["Ingress", "Egress"],
                ingress: flows
                    .filter(({ to }) => to === name)
                    .sort((a, b) => compare(a.from, b.from))
                    .map((flow) => ({ ...comers(flow, selectorOf), ...portsOf(flow.ports) })),
                egress: flows
                    .filter(({ from }) => from === name)
                    .sort((a, b) => compare(a.to, b.to))
                    .map(({ to, addresses, ports }) => ({
                        to:
                            to === OUTSIDE
                                ? outside(addresses, privateRanges)
                                : [{ podSelector: { matchLabels: selectorOf(to) } }],
                        ...portsOf(ports),
                    })),
            },
        ]),
    );
}

/** Whoever reaches the published ports may have them: `from` left out is everybody. */
function comers({ from, namespace }: Flow, selectorOf: SelectorOf): { from?: networking.v1.NetworkPolicyPeer[] } {
    if (from !== OUTSIDE) {
        return { from: [{ podSelector: { matchLabels: selectorOf(from) } }] };
    }
    return namespace === undefined ? {} : { from: [{ namespaceSelector: inNamespace(namespace) }] };
}

/** A label that every namespace has. */
function inNamespace(name: string) {
    return { matchLabels: { "kubernetes.io/metadata.name": name } };
}

/** There, and nowhere else; with an empty list that is nowhere. */
function outside(addresses: string[] | undefined, privateRanges: string[]): networking.v1.NetworkPolicyPeer[] {
    return addresses?.map((cidr) => block(cidr, [])) ?? internet(privateRanges);
}

function internet(privateRanges: string[]): networking.v1.NetworkPolicyPeer[] {
    const [six, four] = [true, false].map((wanted) => privateRanges.filter((cidr) => cidr.includes(":") === wanted));
    return [block("0.0.0.0/0", four!), block("::/0", six!)];
}

function block(cidr: string, except: string[]): networking.v1.NetworkPolicyPeer {
    return { ipBlock: { cidr, ...(except.length > 0 && { except }) } };
}

function portsOf(ports: FlowPort[]): { ports?: networking.v1.NetworkPolicyPort[] } {
    if (ports.length === 0) {
        return {};
    }
    return { ports: ports.map(({ port, protocol }) => ({ port, protocol: protocol.toUpperCase() })) };
}
