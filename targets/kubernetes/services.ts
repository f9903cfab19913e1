/** The names under which a workload is reached. */
import { Service } from "@pulumi/kubernetes/core/v1";
import type { core, meta } from "@pulumi/kubernetes/types/input";
import type * as pulumi from "@pulumi/pulumi";

import type { PortSpec, WorkloadSpec } from "../../components/spec";
import type { FrontOptions } from "./front";
import { type Labels, SKIP_AWAIT } from "./labels";

/** How the edge is reached from outside of the cluster. */
export interface EdgeServiceOptions extends FrontOptions {
    /** Type of its Service, with `via: service`; else the front alone comes, from inside of the cluster. */
    service: "LoadBalancer" | "NodePort" | "ClusterIP";
    /** Ports of every node, with NodePort; default: of the cluster's choice. */
    httpNodePort?: number;
    httpsNodePort?: number;
    /** CIDRs that may come, with LoadBalancer. Empty: all. */
    sourceRanges: string[];
}

export function headlessName(workload: string): string {
    return `${workload}-headless`;
}

/** One virtual address for all replicas. */
function clusterService(ports: PortSpec[], selector: Labels): core.v1.ServiceSpec {
    return { type: "ClusterIP", selector, ports: ports.map((port) => servicePort(port, port.port)) };
}

/** An address for each replica that is ready, or with `peers` for each that runs: what its peers know it by. */
function headlessService(ports: PortSpec[], selector: Labels, peers: boolean): core.v1.ServiceSpec {
    return {
        ...clusterService(ports, selector),
        clusterIP: "None",
        ...(peers && { publishNotReadyAddresses: true }),
    };
}

/** The published ports, as the outside knows them. What is not published has no way in from there. */
function edgeService(spec: WorkloadSpec, selector: Labels, options: EdgeServiceOptions): core.v1.ServiceSpec {
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

/** The edge spreads requests over its replicas itself, so it needs to know each. */
export function balanced(spec: WorkloadSpec): boolean {
    return spec.exclusive === false && spec.segments.includes("edge") && spec.ports.length > 0;
}

interface ServiceParts {
    edge: EdgeServiceOptions;
    /** Labels of the workload's pods. */
    pods: Labels;
    metadata: (name: string) => meta.v1.ObjectMeta;
}

/** Names in DNS, there before the pods: nobody waits for a name to answer, but for the pods behind it to be ready. */
export function makeServices(
    spec: WorkloadSpec,
    { edge, pods, metadata }: ServiceParts,
    opts: pulumi.CustomResourceOptions,
): Service[] {
    if (spec.ports.length === 0) {
        return [];
    }
    const service = (name: string, given: core.v1.ServiceSpec, more: Record<string, string> = {}) => {
        // A load balancer's address is worth waiting for.
        const annotations = { ...(given.type !== "LoadBalancer" && SKIP_AWAIT), ...more };
        return new Service(name, { metadata: { ...metadata(name), annotations }, spec: given }, opts);
    };
    if (spec.ports.some((port) => port.publish)) {
        const own = edge.via === "service" ? edge.annotations : {};
        return [service(spec.name, edgeService(spec, pods, edge), own)];
    }
    const headless = spec.exclusive === "data" || balanced(spec);
    return [
        service(spec.name, clusterService(spec.ports, pods)),
        ...(headless
            ? [service(headlessName(spec.name), headlessService(spec.ports, pods, spec.exclusive === "data"))]
            : []),
    ];
}
