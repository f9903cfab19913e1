/** Services and Ingresses. */
import type { V1EndpointSlice, V1Ingress, V1Pod, V1Service } from "@kubernetes/client-node";

import { READY, waiting, type Judge } from "./verdict";

/**
 * A load balancer has an address, since others take it from the Service; endpoints are waited for at the end of the run
 * ({@link endpoints}).
 */
export const service: Judge = ({ live }) => {
    const { spec, status } = live as unknown as V1Service;
    if (spec?.type !== "LoadBalancer" || (status?.loadBalancer?.ingress?.length ?? 0) > 0) return READY;
    return waiting("its load balancer has no address yet");
};

/** Traffic to the Service gets to a pod. A selector that selects no pod at all is no failure: those pods may be somebody else's to make. */
export const endpoints: Judge = async (view) => {
    const { spec } = view.live as unknown as V1Service;
    const selector = Object.entries(spec?.selector ?? {});
    if (selector.length === 0 || spec?.type === "ExternalName") return READY;
    const slices = await view.list<V1EndpointSlice>({
        group: "discovery.k8s.io",
        version: "v1",
        kind: "EndpointSlice",
    });
    const own = slices.filter(
        ({ metadata }) => metadata?.labels?.["kubernetes.io/service-name"] === view.live.metadata.name,
    );
    if (own.some((slice) => (slice.endpoints ?? []).some(({ conditions }) => conditions?.ready !== false)))
        return READY;
    const pods = await view.list<V1Pod>({ group: "", version: "v1", kind: "Pod" });
    const selected = pods.filter(
        ({ metadata, status }) =>
            selector.every(([key, value]) => metadata?.labels?.[key] === value) &&
            !metadata?.deletionTimestamp &&
            status?.phase !== "Succeeded" &&
            status?.phase !== "Failed",
    );
    if (selected.length === 0)
        return { ready: true, note: `no pod has its labels ${selector.map((pair) => pair.join("=")).join(", ")}` };
    return waiting(`none of its ${selected.length} pods is ready`);
};

export const ingress: Judge = async (view) => {
    const { spec, status } = view.live as unknown as V1Ingress;
    if ((status?.loadBalancer?.ingress?.length ?? 0) > 0) return READY;
    const classes = await view.list({ group: "networking.k8s.io", version: "v1", kind: "IngressClass" });
    const name = spec?.ingressClassName ?? view.live.metadata.annotations?.["kubernetes.io/ingress.class"];
    if (classes.length === 0)
        return {
            ready: true,
            note: "the cluster has no ingress controller (no IngressClass), so that nothing serves it yet",
        };
    if (name !== undefined && !classes.some(({ metadata }) => metadata.name === name))
        return { ready: true, note: `there is no IngressClass "${name}", so that nothing serves it yet` };
    return waiting("its ingress controller has given it no address yet");
};
