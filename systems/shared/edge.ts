/**
 * Caddy in front of every system. OpenCode's document describes it; the other four name no proxy and take its place in
 * the stack over.
 */
import type { Edge, Route, Volume } from "../types";
import { devResources, resources, sized, volume } from "./resources";

interface EdgeFacts {
    routes: Route[];
    devHttpPort: number;
    devHttpsPort: number;
    /** Default: 100. */
    maxBodyMiB?: number;
}

/** The document is silent on Caddy's limits; half a core and 256 MiB carry some thousand requests a second. */
export function edge(facts: EdgeFacts): Edge {
    return {
        maxBodyMiB: 100,
        image: "caddy",
        resources: sized(devResources(256), resources([0.1, 1], [128, 512])),
        mounts: [
            { volume: "caddy-data", path: "/data" },
            { volume: "caddy-config", path: "/config" },
            { volume: "caddy-log", path: "/var/log/caddy" },
        ],
        accessLog: EDGE_ACCESS_LOG,
        // Every metrics endpoint is for whoever scrapes inside of the stack.
        privatePaths: ["/metrics"],
        ...facts,
    };
}

/** The access log, `log { output file … }` of OpenCode's Caddyfile. */
export const EDGE_ACCESS_LOG = "/var/log/caddy/access.log";

/**
 * OpenCode's volumes `caddy-data` and `caddy-config`; the third keeps the access log for as long as the log policy
 * says.
 */
export const EDGE_VOLUMES: Volume[] = [
    // Certificates and the ACME account can be had anew, but within a certificate authority's weekly limits.
    volume("caddy-data", "Caddy's certificates and ACME account", [1, 1, 1], {
        unsaved: "Certificates are issued anew",
    }),
    volume("caddy-config", "Caddy's last configuration, saved by itself", [1, 1, 1], { stateful: false }),
    volume("caddy-log", "Access log, rotated by Caddy", [1, 2, 5], { stateful: false }),
];
