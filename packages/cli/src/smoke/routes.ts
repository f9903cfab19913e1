/** Which of a system's paths can be reached from outside, and under which host name. */
import type { Service, System } from "../../../../systems/types";

/** Host name under which the edge sends `path` to `service`; undefined: it does not. */
export function publicHost(system: System, domain: string, service: string, path: string): string | undefined {
    if (system.edge.privatePaths.some((pattern) => matches(pattern, path))) return undefined;
    const hosts = new Set(system.edge.routes.map((route) => route.subdomain));
    for (const subdomain of hosts) {
        const route = system.edge.routes
            .filter((r) => r.subdomain === subdomain)
            .find((r) => r.paths === undefined || r.paths.some((pattern) => matches(pattern, path)));
        if (route?.service === service) return subdomain === undefined ? domain : `${subdomain}.${domain}`;
    }
    return undefined;
}

/** Where users see for themselves that the stack is well: its health check, else what the edge shows first. */
export function healthAddress(system: System, domain: string): { host: string; path: string } {
    const { service, path } = system.smoke.health;
    const host = publicHost(system, domain, service, path);
    return host === undefined ? { host: domain, path: "/" } : { host, path };
}

/** Caddy's path matcher, as far as the systems use it: exact, or with `*` at the end. */
function matches(pattern: string, path: string): boolean {
    const [name = ""] = path.split("?");
    return pattern.endsWith("*") ? name.startsWith(pattern.slice(0, -1)) : name === pattern;
}

export function serviceOf(system: System, name: string): Service {
    const service = system.services.find((s) => s.name === name);
    if (!service) throw new Error(`The system ${system.key} has no service "${name}".`);
    return service;
}

/** The service that answers the sample app's data routes: the first backend. */
export function backendOf(system: System): Service | undefined {
    return system.services.find((s) => s.role === "backend" && s.port !== undefined);
}
