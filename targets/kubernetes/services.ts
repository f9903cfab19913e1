/** The names under which a workload is reached. */
import type { core } from "@pulumi/kubernetes/types/input";

import type { PortSpec, WorkloadSpec } from "../../components/spec";
import type { FrontOptions } from "./front";
import type { Labels } from "./labels";

/** How the edge is reached from outside of the cluster. */
export interface EdgeServiceOptions extends FrontOptions {
    /** With `via: service`; else the front alone comes, from inside of the cluster. */
    service: "LoadBalancer" | "NodePort" | "ClusterIP";
    /** With NodePort; default: of the cluster's choice. */
    httpNodePort?: number;
    httpsNodePort?: number;
    /** With LoadBalancer: CIDRs that may come. Empty: all. */
    sourceRanges: string[];
}

export function headlessName(workload: string): string {
    return `${workload}-headless`;
}

/** One virtual address for all replicas. */
export function clusterService(ports: PortSpec[], selector: Labels): core.v1.ServiceSpec {
    return { type: "ClusterIP", selector, ports: ports.map((port) => servicePort(port, port.port)) };
}

/** An address for each replica that is ready, or with `peers` for each that runs: what its peers know it by. */
export function headlessService(ports: PortSpec[], selector: Labels, peers: boolean): core.v1.ServiceSpec {
    return {
        ...clusterService(ports, selector),
        clusterIP: "None",
        ...(peers && { publishNotReadyAddresses: true }),
    };
}

/** The published ports, as the outside knows them. What is not published has no way in from there. */
export function edgeService(spec: WorkloadSpec, selector: Labels, options: EdgeServiceOptions): core.v1.ServiceSpec {
    const service = options.via === "service" ? options.service : "ClusterIP";
    return {
        type: service,
        selector,
        ports: spec.ports
            .filter((port) => port.publish)
            .map((port) => ({ ...servicePort(port, port.publish!.port), ...nodePort(port, service, options) })),
        ...(service === "LoadBalancer" && {
            // Without another hop, and the client's own address for the access log.
            externalTrafficPolicy: "Local",
            ...(options.sourceRanges.length > 0 && { loadBalancerSourceRanges: options.sourceRanges }),
        }),
    };
}

function nodePort(port: PortSpec, service: string, options: EdgeServiceOptions): { nodePort?: number } {
    const wanted = port.name === "http" ? options.httpNodePort : options.httpsNodePort;
    return service === "NodePort" && wanted !== undefined ? { nodePort: wanted } : {};
}

function servicePort({ name, port, protocol }: PortSpec, outside: number): core.v1.ServicePort {
    return { name, port: outside, targetPort: port, protocol: protocol.toUpperCase() };
}
