/** Writes a Caddyfile from typed settings. Pure: the same settings give the same text. https://caddyserver.com/docs/caddyfile */
import type { TlsConfig } from "../config/types";

/** Ports inside of the container: none needs a privilege. */
export const CADDY_PORTS = { http: 8080, https: 8443, status: 9180 } as const;

/** What answers on the port `status`: for the container's health check and for Prometheus, inside the stack only. */
export const CADDY_STATUS = { health: "/healthz", metrics: "/metrics" } as const;

/** Where Caddy finds a certificate that was given. */
export interface CertificateFiles {
    certificate: string;
    key: string;
}

export interface CaddyfileSettings {
    tls: TlsConfig;
    /** With `tls.mode` `certificate`. */
    certificateFiles?: CertificateFiles;
    /** Something in front of it ends TLS and sends on HTTP. Default: false. */
    fronted?: boolean;
    /** Port of the host that browsers use for HTTPS, over TCP and UDP. */
    publicHttpsPort: number;
    sites: Site[];
    /** Largest request body in MiB. */
    maxBodyMiB: number;
    /** Answered with 404 on every site. */
    privatePaths: string[];
    accessLog: AccessLog;
    /** How long requests may run on when it stops, in seconds. */
    graceSeconds: number;
}

/** A host name and what answers there. */
export interface Site {
    host: string;
    /** The first match wins; one without paths takes the rest. */
    routes: SiteRoute[];
}

export interface SiteRoute {
    /** Path matchers, e.g. `/api/*`. */
    paths?: string[];
    /** `host:port` of each replica, or the name that stands for those that are ready. */
    upstreams: string[] | DnsUpstreams;
    health?: { path: string; port?: number; timeoutSeconds: number };
}

/** Replicas that come and go: each address that `name` has. */
export interface DnsUpstreams {
    name: string;
    port: number;
}

export interface AccessLog {
    path: string;
    /** Size at which a new file is begun. */
    rollSizeMiB: number;
    rollKeep: number;
    rollKeepDays: number;
}

/**
 * Seconds between two active checks of a replica: one that was killed gets no requests after that, and again at most this
 * long after it is back.
 */
const HEALTH_INTERVAL_SECONDS = 2;

/** Seconds for which the addresses of a name are taken to be as they were. */
const DNS_REFRESH_SECONDS = 1;

export function caddyfile(settings: CaddyfileSettings): string {
    const blocks = [
        globalOptions(settings),
        statusSite(),
        ...settings.sites.map((site) => mainSite(site, settings)),
        // Where something is in front, it is who knows whether a request came over HTTP.
        ...(settings.fronted ? [] : settings.sites.map((site) => redirectSite(site, settings.publicHttpsPort))),
        // Any other host name: without this, Caddy says 200 to it.
        block("http://", ["header -Server", "respond 404"]),
    ];
    return `${blocks.map((lines) => lines.join("\n")).join("\n\n")}\n`;
}

type Lines = string[];

function globalOptions({ tls, graceSeconds, fronted }: CaddyfileSettings): Lines {
    const acme = tls.mode === "acme" && !fronted ? tls : undefined;
    return block("", [
        "admin localhost:2019",
        `http_port ${CADDY_PORTS.http}`,
        `https_port ${CADDY_PORTS.https}`,
        // Its own redirects would name the container's port.
        "auto_https disable_redirects",
        ...(tls.mode === "internal" ? ["skip_install_trust"] : []),
        ...(acme ? [`email ${quoted(acme.email)}`] : []),
        ...(acme?.directory ? [`acme_ca ${quoted(acme.directory)}`] : []),
        `grace_period ${graceSeconds}s`,
        ...block("servers", ["protocols h1 h2 h3", "metrics", ...block("timeouts", ["read_header 10s", "idle 5m"])]),
    ]);
}

function statusSite(): Lines {
    return block(`http://:${CADDY_PORTS.status}`, [
        `metrics ${CADDY_STATUS.metrics}`,
        `respond ${CADDY_STATUS.health} 200`,
    ]);
}

function mainSite(site: Site, settings: CaddyfileSettings): Lines {
    const { fronted = false } = settings;
    return block(`${fronted ? "http" : "https"}://${site.host}`, [
        ...(fronted ? [] : tlsDirective(settings)),
        ...block("log", accessLog(settings.accessLog)),
        "encode zstd gzip",
        ...block("request_body", [`max_size ${settings.maxBodyMiB}MiB`]),
        ...block("header", headers(settings)),
        ...block("route", [
            ...(settings.privatePaths.length > 0 ? handle(settings.privatePaths, "private", ["respond 404"]) : []),
            ...site.routes.flatMap((route, index) =>
                handle(route.paths, `route${index}`, reverseProxy(route, fronted)),
            ),
            ...(site.routes.every((route) => route.paths) ? block("handle", ["respond 404"]) : []),
        ]),
    ]);
}

function redirectSite(site: Site, publicHttpsPort: number): Lines {
    const port = publicHttpsPort === 443 ? "" : `:${publicHttpsPort}`;
    // 308 keeps the method and the body.
    return block(`http://${site.host}`, ["header -Server", `redir https://${site.host}${port}{uri} 308`]);
}

function tlsDirective({ tls, certificateFiles }: CaddyfileSettings): Lines {
    switch (tls.mode) {
        case "internal":
            return ["tls internal"];
        case "acme":
            return [];
        case "certificate":
            if (!certificateFiles) {
                throw new Error("TLS with a given certificate needs the paths of its files.");
            }
            return [`tls ${quoted(certificateFiles.certificate)} ${quoted(certificateFiles.key)}`];
    }
}

function accessLog(log: AccessLog): Lines {
    return [
        ...block(`output file ${quoted(log.path)}`, [
            `roll_size ${log.rollSizeMiB}MiB`,
            `roll_keep ${log.rollKeep}`,
            `roll_keep_for ${log.rollKeepDays * 24}h`,
        ]),
        "format json",
    ];
}

/** With `?`, where an application may know better: only if it says nothing itself. */
function headers({ tls, publicHttpsPort, fronted }: CaddyfileSettings): Lines {
    return [
        "-Server",
        // Caddy would advertise the container's port.
        ...(fronted ? [] : [`Alt-Svc "h3=\\":${publicHttpsPort}\\"; ma=2592000"`]),
        // A browser that trusts nobody for this host must be able to go on all the same.
        ...(tls.mode === "internal" ? [] : ['Strict-Transport-Security "max-age=31536000"']),
        'X-Content-Type-Options "nosniff"',
        '?X-Frame-Options "SAMEORIGIN"',
        '?Referrer-Policy "strict-origin-when-cross-origin"',
        `?Content-Security-Policy "frame-ancestors 'self'"`,
    ];
}

function handle(paths: string[] | undefined, matcher: string, lines: Lines): Lines {
    return paths
        ? [`@${matcher} path ${paths.map(quoted).join(" ")}`, ...block(`handle @${matcher}`, lines)]
        : block("handle", lines);
}

function reverseProxy(route: SiteRoute, fronted: boolean): Lines {
    const { upstreams } = route;
    const listed = Array.isArray(upstreams);
    return block(listed ? `reverse_proxy ${upstreams.join(" ")}` : "reverse_proxy", [
        ...(listed ? [] : block(`dynamic a ${upstreams.name} ${upstreams.port}`, [`refresh ${DNS_REFRESH_SECONDS}s`])),
        // Who is in front is on the cluster's own network, and knows the client and that it came over TLS.
        ...(fronted ? ["trusted_proxies private_ranges"] : []),
        "lb_policy least_conn",
        // A replica that restarts is waited for, so that a client sees a slow answer and not an error.
        "lb_try_duration 10s",
        "lb_try_interval 250ms",
        // Only what is listed can be asked; who has a name in DNS is asked by whoever keeps the name.
        ...(listed ? activeHealth(route.health) : []),
        // No passive checks (`fail_duration`): Caddy lays an upload that its client breaks off, or that is too large, to
        // the replica's charge, so that anybody could take every replica out with a few requests.
        // docs/decisions/017-edge.md.
        ...block("transport http", ["dial_timeout 1s"]),
    ]);
}

function activeHealth(health: SiteRoute["health"]): Lines {
    return health
        ? [
              `health_uri ${quoted(health.path)}`,
              ...(health.port === undefined ? [] : [`health_port ${health.port}`]),
              `health_interval ${HEALTH_INTERVAL_SECONDS}s`,
              `health_timeout ${health.timeoutSeconds}s`,
          ]
        : [];
}

function block(head: string, lines: Lines): Lines {
    return [head === "" ? "{" : `${head} {`, ...lines.map((line) => `\t${line}`), "}"];
}

/** Quotes only where Caddy would read something else: white space, quotes, braces, comments. */
function quoted(text: string): string {
    return /^[^\s"'`{}#\\]+$/.test(text) ? text : `"${text.replace(/[\\"]/g, "\\$&")}"`;
}
