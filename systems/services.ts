/**
 * What a system runs besides its stores: services, the edge in front of them, migrations; their variables and secrets.
 * Part of `types.ts`.
 */
import type { REPLICA } from "./stores";
import type { PerEnvironment } from "./types";

/** A process of the platform's own: an API, a web frontend or a queue worker. */
export interface Service {
    /** DNS name inside the stack, and the key under `services` in the stack's config. */
    name: string;
    role: "backend" | "frontend" | "worker";
    /** Key in `images/catalog.ts`. */
    image: string;
    /** Overrides the image's command. */
    command?: string[];
    /** The port that it listens on; workers have none or a metrics port. */
    port?: number;
    replicas: PerEnvironment<number>;
    /** Why one is enough in prod, where it is one there. */
    single?: string;
    /** Why no route leads to it, where none does. */
    unrouted?: string;
    /** Most replicas that the document allows; equal to `replicas` where it cannot be scaled. */
    maxReplicas: number;
    resources: PerEnvironment<Resources>;
    /** Where the document gives a range for scaling. */
    scaling?: ScalingRange;
    env: EnvVar[];
    /** Names of `System.secrets` that this service is given. */
    secrets: string[];
    mounts: Mount[];
    /** The document's interval in staging and prod; shorter in dev, where the first answer is waited for. */
    health: PerEnvironment<Probe>;
    /** Reports whether dependencies can be reached; never used as liveness. */
    readiness?: PerEnvironment<Probe>;
    /** Where `health` asks about dependencies too: what asks about the process alone. Default: `health`. */
    liveness?: PerEnvironment<Probe>;
    /** Path of the Prometheus endpoint on `port`. */
    metricsPath?: string;
    /** Names of services and stores (`postgres`, `redis`, `memgraph`) that must be healthy first. */
    dependsOn: string[];
    /** Calls addresses outside of the stack (an AI provider, a code host, a chat service). */
    outbound: boolean;
    /** Numeric uid:gid that the process runs as. */
    user: string;
    /** Paths that must be writable although the root file system is read-only, held in memory. */
    writable: string[];
}

/** What the document allows one replica, and how many of them, lowest to highest. */
export interface ScalingRange {
    replicas?: [number, number];
    cpu?: [number, number];
    memoryMiB?: [number, number];
}

/** Limits and reservations of one replica. */
export interface Resources {
    cpuLimit: number;
    cpuReservation: number;
    memoryLimitMiB: number;
    memoryReservationMiB: number;
}

export interface EnvVar {
    name: string;
    required: boolean;
    /** The document's default, or else the value that its example file sets; not an example that only shows a form. */
    documentDefault?: string;
    /**
     * What this stack sets. May hold `{domain}`, `{url}` (https://domain and its port if not 443), `{apiUrl}`, and where
     * a store answers: `{host:postgres}`, `{port:…}`, `{user:…}`, `{database:…}`. Absent: not set unless the stack's
     * config does (then `required` makes its absence an error).
     */
    value?: PerEnvironment<string>;
    description: string;
}

export type SecretShape =
    /** `bytes` random bytes as standard base64, e.g. `openssl rand -base64 32`. */
    | { kind: "base64"; bytes: number }
    /** `length` characters of A-Z, a-z and 0-9. */
    | { kind: "alphanumeric"; length: number }
    /**
     * A credential that an outsider issues: given in config, else a placeholder in dev and an error elsewhere when
     * required.
     */
    | { kind: "given"; example: string }
    /**
     * Built from others at deploy time, e.g. a connection string: `{url:postgres}` and `{url:redis}`, whoever runs them.
     * `{password:postgres}` and `{password:redis}` are put in, URL-encoded.
     */
    | { kind: "derived"; template: string };

export interface Secret {
    /**
     * The environment variable's name in the document. The file is mounted as `/run/secrets/<name>`, and `<name>_FILE`
     * names it.
     */
    name: string;
    shape: SecretShape;
    required: boolean;
    /** Names of secrets that make up for this one: it is required only while none of them is given. */
    alternatives?: string[];
    description: string;
    /** Only in a stack that runs this, e.g. a read replica that it leads to. */
    onlyWith?: typeof REPLICA;
}

export interface Mount {
    volume: string;
    path: string;
    readOnly?: boolean;
}

export type Probe = (
    | { kind: "http"; path: string; port: number; client: "curl" | "wget" }
    | { kind: "tcp"; port: number }
    | { kind: "exec"; command: string[] }
) & { intervalSeconds: number; timeoutSeconds: number; retries: number; startPeriodSeconds: number };

export interface Edge {
    /**
     * Host names are `domain` and, for a route with `subdomain`, `<subdomain>.<domain>`. The first match wins; a route
     * without path takes the rest.
     */
    routes: Route[];
    /** Largest request body. Source: the document, else 100 MiB. */
    maxBodyMiB: number;
    /** Ports on loopback in dev, different for each system so that all run side by side. */
    devHttpPort: number;
    devHttpsPort: number;
    /** Caddy's own limits. */
    resources: PerEnvironment<Resources>;
    image: string;
    /** Certificates, Caddy's own state and its access log. */
    mounts: Mount[];
    /** Path of its access log in the container, on one of `mounts`. */
    accessLog: string;
    /** Answered with 404 whatever the route: for the inside only, e.g. `/metrics`. */
    privatePaths: string[];
}

export interface Route {
    service: string;
    /** Caddy path matchers, e.g. `/api/*`. Absent: everything else. */
    paths?: string[];
    subdomain?: string;
}

export interface Migration {
    name: string;
    /** Runs in this service's image, with its env and secrets. */
    service: string;
    /** Runs with each release, and with each change of the service's env or secrets: where there is nothing to do, it must do nothing. */
    command: string[];
    timeoutSeconds: number;
    /** Secrets of the service that this command is given another's value for, by name: another way to the database, say. */
    secrets?: Record<string, string>;
}
