/** Who connects to whom: everything that a system's data names, and nothing else. Plain functions from data to data. */
import type { StackConfig } from "../config/types";
import { externalStores, POOLER, REPLICA, type Service, type System } from "../systems/types";
import { CADDY_PORTS } from "./caddyfile";
import { jobName } from "./migrations";
import { PGBOUNCER_PORT } from "./pgbouncer";
import { POSTGRES_PORT, ROLE_JOB } from "./postgres";
import { EXTENSIONS_JOB } from "./postgres-extensions";
import { REDIS_PORT } from "./redis";
import { connectsTo, hasReplica, isFronted, type ServiceSettings } from "./resolve";
import { type Flow, type FlowPort, OUTSIDE } from "./spec";

type FlowConfig = Pick<StackConfig, "tls" | "target" | "kubernetes" | "environment" | "postgres">;

/** In no particular order; no two have the same ends, but for those that lead outside. */
export function flowsOf(system: System, config: FlowConfig, settings: ReadonlyMap<string, ServiceSettings>): Flow[] {
    return [
        ...system.services.flatMap((service) => serviceFlows(service, system)),
        ...postgresFlows(system, config),
        ...jobFlows(system),
        ...edgeFlows(system, config, settings),
    ];
}

/** To what it depends on, and out where it calls somebody. */
function serviceFlows(service: Service, system: System): Flow[] {
    const flows = connectsTo(service, system).map((to) => flow(service.name, to, system));
    return service.outbound ? [...flows, { from: service.name, to: OUTSIDE, ports: [] }] : flows;
}

/** Between Postgres and what is beside it, and to the replica from whoever reads there. */
function postgresFlows(system: System, config: FlowConfig): Flow[] {
    const readers = system.services.filter(({ secrets }) =>
        system.secrets.some(({ name, onlyWith }) => onlyWith === REPLICA && secrets.includes(name)),
    );
    return [
        ...(system.stores.postgres?.pooler ? [flow(POOLER, "postgres", system)] : []),
        ...(hasReplica(system, config)
            ? [
                  flow(REPLICA, "postgres", system),
                  // A primary that lost its volume asks whether the database is there.
                  flow("postgres", REPLICA, system),
                  ...readers.map(({ name }) => flow(name, REPLICA, system)),
              ]
            : []),
    ];
}

/** A migration has its service's stores and nothing else of it. */
function jobFlows(system: System): Flow[] {
    const { postgres } = system.stores;
    const extensions = postgres !== undefined && postgres.extensions.length > 0;
    return [
        ...(extensions ? [flow(EXTENSIONS_JOB, "postgres", system)] : []),
        ...(postgres?.replicaVolume ? [flow(ROLE_JOB, "postgres", system)] : []),
        ...system.migrations.flatMap((migration) => {
            const service = system.services.find(({ name }) => name === migration.service);
            const stores = (service?.dependsOn ?? []).filter((name) => name in system.stores);
            return stores.map((to) => flow(jobName(migration), to, system));
        }),
    ];
}

/** To a part of the stack; to a store that somebody else runs: to its port at its addresses. */
function flow(from: string, to: string, system: System): Flow {
    const store = externalStores(system.stores).get(to);
    if (store === undefined) {
        return { from, to, ports: portsOf(to, system) };
    }
    const { addresses, port } = store.external;
    return { from, to: OUTSIDE, addresses, ports: [tcp(port)] };
}

function edgeFlows(system: System, config: FlowConfig, settings: ReadonlyMap<string, ServiceSettings>): Flow[] {
    const fronted = isFronted(config);
    const secure = [tcp(CADDY_PORTS.https), udp(CADDY_PORTS.https)];
    const routed = [...new Set(system.edge.routes.map((route) => route.service))];
    return [
        { from: OUTSIDE, to: "caddy", ports: [tcp(CADDY_PORTS.http), ...(fronted ? [] : secure)] },
        ...routed.map((to) => ({ from: "caddy", to, ports: [...portsOf(to, system), ...probePort(settings.get(to))] })),
        // The certificate authority.
        ...(config.tls.mode === "acme" && !fronted ? [{ from: "caddy", to: OUTSIDE, ports: [] }] : []),
    ];
}

/** Where the edge asks for health, if that is another port. */
function probePort(settings: ServiceSettings | undefined): FlowPort[] {
    const probe = settings?.readiness ?? settings?.health;
    return probe?.kind === "http" && probe.port !== settings?.port ? [tcp(probe.port)] : [];
}

function portsOf(name: string, { stores, services }: System): FlowPort[] {
    switch (name) {
        case "postgres":
        case REPLICA:
            return [tcp(POSTGRES_PORT)];
        case POOLER:
            return [tcp(PGBOUNCER_PORT)];
        case "redis":
            return [tcp(REDIS_PORT)];
        case "memgraph":
            return stores.memgraph ? [tcp(stores.memgraph.boltPort)] : [];
        default: {
            const port = services.find((service) => service.name === name)?.port;
            return port === undefined ? [] : [tcp(port)];
        }
    }
}

function tcp(port: number): FlowPort {
    return { port, protocol: "tcp" };
}

function udp(port: number): FlowPort {
    return { port, protocol: "udp" };
}
