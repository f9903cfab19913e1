/** What the edge sends where. */
import type { StackConfig } from "../config/types";
import type { Probe, Route, System } from "../systems/types";
import type { Site, SiteRoute } from "./caddyfile";
import type { ServiceSettings } from "./settings/service";
import type { WorkloadHandle } from "./spec";

/** A site for each host name, in the order of the routes. */
export function sites(
    system: System,
    config: Pick<StackConfig, "domain">,
    workloads: ReadonlyMap<string, WorkloadHandle>,
    settings: ReadonlyMap<string, ServiceSettings>,
): Site[] {
    const byHost = new Map<string, SiteRoute[]>();
    for (const route of system.edge.routes) {
        const host = route.subdomain ? `${route.subdomain}.${config.domain}` : config.domain;
        const routes = byHost.get(host) ?? [];
        routes.push(siteRoute(route, system, workloads.get(route.service), settings.get(route.service)));
        byHost.set(host, routes);
    }
    return [...byHost].map(([host, routes]) => ({ host, routes }));
}

function siteRoute(
    route: Route,
    system: System,
    workload: WorkloadHandle | undefined,
    settings: ServiceSettings | undefined,
): SiteRoute {
    if (!workload || settings?.port === undefined) {
        throw new Error(
            `A route of system "${system.key}" leads to "${route.service}", which is not a service with a port.`,
        );
    }
    const probe = settings.readiness ?? settings.health;
    return {
        ...(route.paths && { paths: route.paths }),
        upstreams: upstreamsOf(workload, settings.port),
        ...(probe.kind === "http" && { health: upstreamHealth(probe, settings.port) }),
    };
}

function upstreamsOf({ hosts, discovery }: WorkloadHandle, port: number): SiteRoute["upstreams"] {
    return discovery === "dns" ? { name: hosts[0]!, port } : hosts.map((host) => `${host}:${port}`);
}

function upstreamHealth(probe: Extract<Probe, { kind: "http" }>, port: number): NonNullable<SiteRoute["health"]> {
    return {
        path: probe.path,
        ...(probe.port !== port && { port: probe.port }),
        timeoutSeconds: probe.timeoutSeconds,
    };
}
