/** The edge: where browsers find it and what is behind it, and whether something is in front of it. */
import type { StackConfig } from "../../config/types";
import type { System } from "../../systems/types";

/** Whether something of the cluster's own is in front of the edge, and ends TLS there. */
export function isFronted({ target, kubernetes }: Pick<StackConfig, "target" | "kubernetes">): boolean {
    return target === "kubernetes" && kubernetes.edge.via !== "service";
}

/** `https://` and the host name, with the port that browsers need where it is not 443. */
export function edgeUrl(config: Pick<StackConfig, "domain" | "edge">, subdomain?: string): string {
    const host = subdomain ? `${subdomain}.${config.domain}` : config.domain;
    return `https://${host}${config.edge.httpsPort === 443 ? "" : `:${config.edge.httpsPort}`}`;
}

/** Where a browser finds the backend: on its own host name where it has one. */
export function apiUrl(system: System, config: Pick<StackConfig, "domain" | "edge">): string {
    const backends = new Set(system.services.filter((s) => s.role === "backend").map((s) => s.name));
    const route = system.edge.routes.find((r) => backends.has(r.service));
    return edgeUrl(config, route?.subdomain);
}
