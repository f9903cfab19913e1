/** What a stack tells of itself: where it answers, what it runs, and how what comes and goes is encrypted. */
import type { StackConfig } from "../config/types";
import { EDGE, externalStores, inEnvironment, POOLER, type System } from "../systems/types";
import { CADDY_PORTS, CADDY_STATUS } from "./caddyfile";
import { storePort } from "./ports";
import { edgeUrl, isFronted } from "./settings/edge";
import type { ServiceSettings } from "./settings/service";
import type { WorkloadHandle } from "./spec";

/** A workload as `gw status` and other programs see it. */
export interface Endpoint {
    component: string;
    /** At the start, where it follows the load. */
    replicas: number;
    /** Fewest and most, where their number follows the load. */
    scaling?: { min: number; max: number };
    /** DNS names of its replicas inside the stack: one each, or one for all on Kubernetes. */
    hosts: string[];
    port?: number;
    /** Path of its health check on `port`, where it is one over HTTP. */
    healthPath?: string;
    metricsPath?: string;
    /** Its address through the edge, where a route leads to it. */
    url?: string;
    /** Why no route leads to it, where none does. */
    unrouted?: string;
    /** Why one is enough in prod, where there is one. */
    single?: string;
}

/** What the stack tells of itself: addresses by service, at `platform` the stack's own, and every workload by name. */
export function endpoints(
    system: System,
    config: StackConfig,
    workloads: ReadonlyMap<string, WorkloadHandle>,
    settings: ReadonlyMap<string, ServiceSettings>,
): { urls: Record<string, string>; services: Record<string, Endpoint> } {
    const urls = routeUrls(system, config);
    const said = new Map(system.services.map((service) => [service.name, service]));
    const services: Record<string, Endpoint> = {};
    for (const [name, workload] of [...workloads].sort(([a], [b]) => (a < b ? -1 : 1))) {
        const own = settings.get(name);
        const { unrouted, single } = said.get(name) ?? {};
        services[name] = {
            component: own?.role ?? (name === EDGE ? "edge" : name),
            replicas: own?.replicas ?? storeReplicas(name, system, config),
            ...scalingOf(own, config),
            hosts: workload.hosts,
            ...portAndHealth(name, system, own),
            ...(urls[name] ? { url: urls[name] } : unrouted !== undefined && { unrouted }),
            ...(single !== undefined && { single }),
        };
    }
    return { urls: { platform: edgeUrl(config), ...urls }, services };
}

/** Docker has nothing that counts them anew. */
function scalingOf(settings: ServiceSettings | undefined, { target }: StackConfig): Pick<Endpoint, "scaling"> {
    const { autoscale } = settings ?? {};
    if (!autoscale || target === "docker") return {};
    return { scaling: { min: autoscale.min, max: autoscale.max } };
}

function storeReplicas(name: string, { stores }: System, { environment }: StackConfig): number {
    const pooler = stores.postgres?.pooler;
    return name === POOLER && pooler ? inEnvironment(pooler.replicas, environment) : 1;
}

/** URL of each service that a route leads to, with the first of its paths that is more than a pattern. */
function routeUrls(system: System, config: StackConfig): Record<string, string> {
    const urls: Record<string, string> = {};
    for (const route of system.edge.routes) {
        const path = route.paths?.[0]?.replace(/\*$/, "") ?? "/";
        urls[route.service] ??= edgeUrl(config, route.subdomain) + path;
    }
    return urls;
}

function portAndHealth(
    name: string,
    system: System,
    settings: ServiceSettings | undefined,
): Pick<Endpoint, "port" | "healthPath" | "metricsPath"> {
    if (settings) {
        return {
            ...(settings.port !== undefined && { port: settings.port }),
            ...(settings.health.kind === "http" && { healthPath: settings.health.path }),
            ...(settings.metricsPath && { metricsPath: settings.metricsPath }),
        };
    }
    if (name === EDGE) {
        return { port: CADDY_PORTS.status, healthPath: CADDY_STATUS.health, metricsPath: CADDY_STATUS.metrics };
    }
    return { port: storePort(name, system) };
}

/** How what comes and goes is encrypted. */
export interface TlsSummary {
    /** Where the edge's certificate comes from; `fronted`: something of the cluster's ends TLS in front of it. */
    edge: StackConfig["tls"]["mode"] | "fronted";
    /** Whether connections to each store that somebody else runs are encrypted, by its name. */
    stores: Record<string, boolean>;
}

export function tlsSummary({ stores }: Pick<System, "stores">, config: StackConfig): TlsSummary {
    const outside = [...externalStores(stores).keys()];
    const encrypted: Record<string, boolean> = {
        postgres: stores.postgres?.tls !== undefined,
        redis: stores.redis?.external?.tls === true,
    };
    return {
        edge: isFronted(config) ? "fronted" : config.tls.mode,
        stores: Object.fromEntries(outside.map((name) => [name, encrypted[name] ?? false])),
    };
}
