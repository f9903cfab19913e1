/** Rules between the edge, the domain and its certificate. */
import { isLoopback, isPublicHostName } from "../formats";
import { effective } from "../effective";
import type { RuleContext } from "./context";

const MODES = "internal, acme or certificate";

export function edgePorts(context: RuleContext): void {
    const { input, problems } = context;
    const http = effective(context, "edge.httpPort");
    const https = effective(context, "edge.httpsPort");
    if (http !== https || problems.touches(["edge", "httpPort"]) || problems.touches(["edge", "httpsPort"])) return;
    const key = input.edge?.httpsPort === undefined ? "httpPort" : "httpsPort";
    const other = key === "httpPort" ? "httpsPort" : "httpPort";
    problems.add({
        path: ["edge", key],
        value: http,
        rule: `must not be the port of edge.${other} too`,
        remedy: problems.remove(["edge", key]),
    });
}

/** The longest name that the edge serves must still be a host name. */
export function subdomains(context: RuleContext): void {
    const { system, input, problems } = context;
    const longest = Math.max(0, ...system.edge.routes.map((route) => (route.subdomain ?? "").length + 1));
    if (input.domain !== undefined && input.domain.length + longest > 253) {
        problems.add({
            path: ["domain"],
            value: input.domain,
            rule: `must leave room for the system's subdomains: at most ${253 - longest} characters`,
        });
    }
}

export function acme(context: RuleContext): void {
    const { input, problems } = context;
    const mode = effective(context, "tls.mode");
    if (mode !== "acme") {
        reportUnusedAcmeKeys(context, mode);
        return;
    }
    if (input.tls?.email === undefined && !problems.touches(["tls", "email"])) {
        problems.add({
            path: ["tls", "email"],
            rule: "is required with tls.mode acme: the authority writes there before a certificate ends",
            remedy: problems.set(["tls", "email"], "platform@example.com"),
        });
    }
    acmeReachability(context);
}

/** HTTP-01 comes in on port 80 and TLS-ALPN-01 on 443, from the authority's own addresses. */
function acmeReachability(context: RuleContext): void {
    const { input, problems } = context;
    for (const [path, port] of [
        ["edge.httpPort", 80],
        ["edge.httpsPort", 443],
    ] as const) {
        const keys = path.split(".");
        const value = effective(context, path);
        if (value === port || problems.touches(keys)) continue;
        problems.add({
            path: keys,
            value,
            rule: `must be ${port} with tls.mode acme: the authority checks the domain on ports 80 and 443`,
            remedy: problems.set(keys, port),
        });
    }
    const address = effective(context, "edge.address")!;
    if (isLoopback(address) && !problems.touches(["edge", "address"])) {
        problems.add({
            path: ["edge", "address"],
            value: address,
            rule: "must not be a loopback address with tls.mode acme: the authority has to reach the edge",
            remedy: problems.set(["edge", "address"], "0.0.0.0"),
        });
    }
    const domain = effective(context, "domain");
    // An authority of one's own may know names that the public does not.
    if (domain === undefined || input.tls?.directory !== undefined || isPublicHostName(domain)) return;
    if (problems.touches(["domain"])) return;
    problems.add({
        path: ["domain"],
        value: domain,
        rule: "must be a public domain with tls.mode acme, or tls.directory must name an authority of your own",
        remedy: problems.set(["domain"], "platform.example.com"),
    });
}

function reportUnusedAcmeKeys({ input, problems }: RuleContext, mode: unknown): void {
    if (mode === undefined) return;
    for (const key of ["email", "directory"] as const) {
        if (input.tls?.[key] === undefined) continue;
        problems.add({
            path: ["tls", key],
            value: input.tls[key],
            rule: `has no meaning with tls.mode ${String(mode)}, only with acme (modes: ${MODES})`,
            remedy: problems.remove(["tls", key]),
        });
    }
}
