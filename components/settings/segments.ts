/** The network segments that a process is on. */
import { externalStores, type Service, type System } from "../../systems/types";
import type { Segment } from "../spec";

/**
 * Backends and frontends are on the edge, what uses a store of the stack is on the data network, and a worker that calls outside or uses a
 * store that is there, which is not on the edge, gets a network of its own for that.
 */
export function serviceSegments(service: Service, system: System): Segment[] {
    const stores = storeSegments(service.dependsOn, system);
    const onEdge = service.role !== "worker";
    return [
        ...stores.filter((segment) => segment === "data"),
        ...(onEdge ? (["edge"] as const) : []),
        ...(!onEdge && (service.outbound || stores.includes("egress")) ? (["egress"] as const) : []),
    ];
}

/** What a process is on that uses these stores, and whatever else is named does not count. */
export function storeSegments(names: string[], { stores }: Pick<System, "stores">): Segment[] {
    const used = Object.keys(stores).filter((name) => names.includes(name));
    const outside = used.filter((name) => externalStores(stores).has(name));
    return [
        ...(outside.length < used.length ? (["data"] as const) : []),
        ...(outside.length > 0 ? (["egress"] as const) : []),
    ];
}
