/**
 * What a stack runs: what the system says in this environment, and what the stack's config says differently. Plain functions from data to
 * data, so that the components get final values.
 */
import type { ServiceOverrides, StackConfig } from "../config/types";
import { storeAddresses } from "../systems/external";
import { operatedInstances } from "../systems/operated";
import {
    certainSecrets,
    externalStores,
    inEnvironment,
    type Mount,
    type PerEnvironment,
    POOLER,
    type Probe,
    REPLICA,
    type Resources,
    type Secret,
    type Service,
    type System,
} from "../systems/types";
import type { AutoscaleSpec, Segment, VolumeSpec } from "./spec";

/** OpenCode's Capacity Planning: "CPU > 70% sustained: Add backend replicas". The document that scales by itself names no figure. */
const AUTOSCALE_CPU_PERCENT = 70;

/** A service with nothing left to decide. */
export interface ServiceSettings {
    name: string;
    role: Service["role"];
    /** Key in the catalog. */
    image: string;
    command?: string[];
    port?: number;
    /** At the start, where it follows the load. */
    replicas: number;
    /** Absent where the number of replicas is fixed. */
    autoscale?: AutoscaleSpec;
    maxReplicas: number;
    resources: Resources;
    env: Record<string, string>;
    /** Names of the secrets that exist in this stack. */
    secrets: string[];
    secretDelivery: "file" | "export";
    mounts: Mount[];
    health: Probe;
    readiness?: Probe;
    liveness?: Probe;
    metricsPath?: string;
    dependsOn: string[];
    segments: Segment[];
    /** Of a process that uses the same stores and does nothing else. */
    storeSegments: Segment[];
    user: string;
    writable: string[];
}

/** Where a secret's value comes from; absent where an optional one is not given. */
export type SecretSource = "given" | "generated" | "derived" | "placeholder" | "external" | "absent";

export function resolveService(service: Service, system: System, config: StackConfig): ServiceSettings {
    const { environment } = config;
    const overrides: ServiceOverrides = config.services[service.name] ?? {};
    const sources = secretSources(system, config);
    return {
        name: service.name,
        role: service.role,
        image: service.image,
        command: overrides.command ?? service.command,
        port: service.port,
        replicas: overrides.replicas ?? inEnvironment(service.replicas, environment),
        autoscale: resolveAutoscale(service, config),
        maxReplicas: service.maxReplicas,
        resources: resolveResources(service.resources, overrides.resources, config),
        env: resolveEnv(service, system, config),
        secrets: service.secrets.filter((name) => sources[name] !== undefined && sources[name] !== "absent"),
        secretDelivery: overrides.secretDelivery ?? secretDelivery(service, config),
        mounts: service.mounts,
        health: inEnvironment(service.health, environment),
        readiness: service.readiness && inEnvironment(service.readiness, environment),
        liveness: service.liveness && inEnvironment(service.liveness, environment),
        metricsPath: service.metricsPath,
        dependsOn: service.dependsOn,
        segments: serviceSegments(service, system),
        storeSegments: storeSegments(service.dependsOn, system),
        user: service.user,
        writable: service.writable,
    };
}

/** The document's own way on Kubernetes, where no shell and no command is needed for it. */
function secretDelivery(service: Service, { target }: StackConfig): ServiceSettings["secretDelivery"] {
    return target === "kubernetes" && service.secretsAsVariables ? "export" : "file";
}

/** Where the document gives a range of replicas. Not in dev, which runs one, and not where the stack says how many. */
function resolveAutoscale(service: Service, config: StackConfig): AutoscaleSpec | undefined {
    const range = service.scaling?.replicas;
    if (!range || config.environment === "dev" || config.services[service.name]?.replicas !== undefined) {
        return undefined;
    }
    return { min: range[0], max: range[1], cpuPercent: AUTOSCALE_CPU_PERCENT };
}

/** Whether something of the cluster's own is in front of the edge, and ends TLS there. */
export function isFronted({ target, kubernetes }: Pick<StackConfig, "target" | "kubernetes">): boolean {
    return target === "kubernetes" && kubernetes.edge.via !== "service";
}

/** In an order in which each comes after the services that it depends on. */
export function inDependencyOrder(services: Service[]): Service[] {
    const byName = new Map(services.map((service) => [service.name, service]));
    const ordered = new Set<Service>();
    const visit = (service: Service, path: string[]): void => {
        if (path.includes(service.name)) {
            throw new Error(`Services depend on each other in a circle: ${[...path, service.name].join(" → ")}.`);
        }
        for (const dependency of service.dependsOn) {
            const other = byName.get(dependency);
            if (other) {
                visit(other, [...path, service.name]);
            }
        }
        ordered.add(service);
    };
    services.forEach((service) => visit(service, []));
    return [...ordered];
}

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
function storeSegments(names: string[], { stores }: Pick<System, "stores">): Segment[] {
    const used = Object.keys(stores).filter((name) => names.includes(name));
    const outside = used.filter((name) => externalStores(stores).has(name));
    return [
        ...(outside.length < used.length ? (["data"] as const) : []),
        ...(outside.length > 0 ? (["egress"] as const) : []),
    ];
}

export function resolveResources(
    resources: PerEnvironment<Resources>,
    overrides: Partial<Resources> | undefined,
    config: Pick<StackConfig, "environment">,
): Resources {
    return { ...inEnvironment(resources, config.environment), ...overrides };
}

/** Variables by name: the system's for this environment with its placeholders filled in, then the stack's own. */
export function resolveEnv(service: Service, system: System, config: StackConfig): Record<string, string> {
    const overrides = config.services[service.name]?.env ?? {};
    const fill = placeholders(system, config);
    const env: Record<string, string> = {};
    for (const variable of service.env) {
        if (variable.value) {
            env[variable.name] = fill(inEnvironment(variable.value, config.environment));
        }
    }
    return { ...env, ...overrides };
}

/** Required variables that neither the system nor the stack sets. */
export function missingEnv(service: Service, settings: ServiceSettings): string[] {
    return service.env
        .filter((variable) => variable.required && settings.env[variable.name] === undefined)
        .map((variable) => variable.name);
}

function placeholders(system: System, config: StackConfig): (text: string) => string {
    const values: Record<string, string> = {
        domain: config.domain,
        url: edgeUrl(config),
        apiUrl: apiUrl(system, config),
    };
    return (text) =>
        storeAddresses(text, system.stores).replace(/\{(\w+)\}/g, (whole, name: string) => {
            const value = values[name];
            if (value === undefined) {
                throw new Error(`"${text}" in system "${system.key}" holds ${whole}, which stands for nothing.`);
            }
            return value;
        });
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

/** A system's secrets, with where its stores answer filled into what is made of them. */
export function resolveSecrets({ secrets, stores }: System): Secret[] {
    return secrets.map((secret) =>
        secret.shape.kind === "derived"
            ? { ...secret, shape: { ...secret.shape, template: storeAddresses(secret.shape.template, stores) } }
            : secret,
    );
}

/** Where each of a system's secrets comes from in a stack. A placeholder stands for a required one only in dev. */
export function secretSources(system: System, config: StackConfig): Record<string, SecretSource> {
    const given = new Set(config.givenSecrets);
    const kept = externalSecrets(system, config);
    return Object.fromEntries(
        system.secrets.map((secret): [string, SecretSource] => {
            if (secret.onlyWith === REPLICA && !hasReplica(system, config) && !given.has(secret.name)) {
                return [secret.name, "absent"];
            }
            if (kept) {
                const other = secret.shape.kind === "derived" ? "derived" : "absent";
                return [secret.name, kept.has(secret.name) ? "external" : other];
            }
            if (given.has(secret.name)) {
                return [secret.name, "given"];
            }
            switch (secret.shape.kind) {
                case "derived":
                    return [secret.name, "derived"];
                case "given": {
                    const alternative = (secret.alternatives ?? []).some((name) => given.has(name));
                    const needed = secret.required && !alternative && config.environment === "dev";
                    return [secret.name, needed ? "placeholder" : "absent"];
                }
                default:
                    return [secret.name, "generated"];
            }
        }),
    );
}

/** Names of the secrets that something beside the stack keeps; undefined where the stack does. */
function externalSecrets(
    system: System,
    { target, kubernetes }: Pick<StackConfig, "target" | "kubernetes">,
): Set<string> | undefined {
    if (target !== "kubernetes" || !kubernetes.externalSecrets) {
        return undefined;
    }
    return new Set([...certainSecrets(system).map(({ name }) => name), ...kubernetes.externalSecrets.include]);
}

/** Whether a read replica of Postgres runs in this stack. */
export function hasReplica(system: System, config: Pick<StackConfig, "environment" | "postgres">): boolean {
    const { postgres } = system.stores;
    if (postgres?.operator) {
        return operatedInstances(postgres, config.environment) > 1;
    }
    if (postgres?.replicaVolume === undefined) {
        return false;
    }
    return (config.postgres.readReplicas ?? inEnvironment(postgres.readReplicas, config.environment)) > 0;
}

/** The names of what a service connects to: a pooler where it depends on a store behind one. */
export function connectsTo(service: Pick<Service, "dependsOn">, { stores }: System): string[] {
    return service.dependsOn.map((name) => (name === "postgres" && stores.postgres?.pooler ? POOLER : name));
}

/** @throws when the system has no such volume */
export function resolveVolume(
    name: string,
    system: System,
    config: Pick<StackConfig, "environment" | "volumes">,
): VolumeSpec {
    const volume = system.volumes.find((v) => v.name === name);
    if (!volume) {
        throw new Error(`System "${system.key}" mounts the volume "${name}", which is not in its volumes.`);
    }
    return {
        name,
        sizeMiB: config.volumes[name]?.sizeMiB ?? inEnvironment(volume.size, config.environment),
        stateful: volume.stateful,
        shared: volume.shared,
        ...(volume.oneHost && { oneHost: true }),
    };
}

/** How long to wait for a first healthy answer: as long as the probe may take to say no, and half a minute to start at all. */
export function waitSeconds(probe: Probe): number {
    return probe.startPeriodSeconds + probe.retries * (probe.intervalSeconds + probe.timeoutSeconds) + 30;
}
