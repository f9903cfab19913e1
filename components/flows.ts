/** Who connects to whom: everything that a system's data names, and nothing else. Plain functions from data to data. */
import { isIP } from "node:net";

import type { BucketConfig } from "../config/backup";
import type { StackConfig } from "../config/types";
import { POSTGRES_PORT } from "../systems/addresses";
import {
    EDGE,
    externalStores,
    OBJECT_STORE,
    type Operator,
    POOLER,
    REPLICA,
    type Service,
    type System,
} from "../systems/types";
import { OBJECT_STORE_PORT } from "./backup/object-store";
import { backupGroups } from "./backup/plan";
import { CADDY_PORTS } from "./caddyfile";
import { jobName } from "./migrations";
import { storePort } from "./ports";
import type { PostgresClusterNames } from "./postgres/cluster-spec";
import { EXTENSIONS_JOB } from "./postgres/extensions";
import { ROLE_JOB } from "./postgres/postgres";
import { connectsTo } from "./settings/dependencies";
import { isFronted } from "./settings/edge";
import { hasReplica } from "./settings/postgres";
import type { ServiceSettings } from "./settings/service";
import { type Flow, type FlowPort, OUTSIDE } from "./spec";

/** Where a server of CloudNativePG's tells how it is. */
const CLOUDNATIVE_PG_STATUS_PORT = 8000;

type FlowConfig = Pick<StackConfig, "tls" | "target" | "kubernetes" | "environment" | "postgres" | "backup">;

/** In no particular order; no two have the same ends, but for those that lead outside. */
export function flowsOf(system: System, config: FlowConfig, settings: ReadonlyMap<string, ServiceSettings>): Flow[] {
    return [
        ...system.services.flatMap((service) => serviceFlows(service, system)),
        ...postgresFlows(system, config),
        ...jobFlows(system),
        ...edgeFlows(system, config, settings),
        ...backupFlows(system, config),
    ];
}

/** Whose pods are an operator's. */
export function clustersOf({ stores: { postgres } }: System): PostgresClusterNames[] {
    return postgres?.operator ? [{ name: "postgres", replicas: REPLICA }] : [];
}

/** A service's flows to what it depends on, and out where it calls somebody. */
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
        ...(hasReplica(system, config) ? readers.map(({ name }) => flow(name, REPLICA, system)) : []),
        ...(system.stores.postgres?.operator
            ? operatorFlows(system.stores.postgres.operator)
            : replicaFlows(system, config)),
    ];
}

function replicaFlows(system: System, config: FlowConfig): Flow[] {
    if (!hasReplica(system, config)) {
        return [];
    }
    // A primary that lost its volume asks whether the database is there.
    return [flow(REPLICA, "postgres", system), flow("postgres", REPLICA, system)];
}

/**
 * Its servers copy from and ask after each other, are asked by the operator how they are, and ask the API server what they are to be.
 * https://cloudnative-pg.io/documentation/current/networking/
 */
function operatorFlows({ namespace, apiServer }: Operator): Flow[] {
    const ports = [tcp(POSTGRES_PORT), tcp(CLOUDNATIVE_PG_STATUS_PORT)];
    return [
        { from: OUTSIDE, namespace, to: "postgres", ports },
        { from: "postgres", to: "postgres", ports },
        // Networks judge by the Service's port or by the server's own.
        { from: "postgres", to: OUTSIDE, addresses: apiServer, ports: [tcp(443), tcp(6443)] },
    ];
}

/** A migration has its service's stores and nothing else of it. */
function jobFlows(system: System): Flow[] {
    const { postgres } = system.stores;
    // The operator makes them itself.
    const extensions = postgres !== undefined && !postgres.operator && postgres.extensions.length > 0;
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

/** A flow to a part of the stack; to a store that somebody else runs, one to its port at its addresses. */
function flow(from: string, to: string, system: System): Flow {
    const store = externalStores(system.stores).get(to);
    if (store === undefined) {
        return { from, to, ports: portsOf(to, system) };
    }
    const { addresses, port } = store.external;
    return { from, to: OUTSIDE, addresses, ports: [tcp(port)] };
}

/** Each process to the stores that it asks and to the bucket; what ships a log asks its store for it. */
function backupFlows(system: System, config: FlowConfig): Flow[] {
    return backupGroups(system, config).flatMap(({ name, stores, prunes, shipper }) => {
        const asked = prunes ? [] : stores.map(({ store }) => store).filter((store) => isServer(store, system));
        return [name, ...(shipper === undefined ? [] : [shipper])].flatMap((from) => [
            ...asked.map((to) => flow(from, to, system)),
            bucketFlow(from, config.backup.bucket),
        ]);
    });
}

function isServer(store: string, { stores }: System): boolean {
    return store !== "sqlite" && store in stores;
}

function bucketFlow(from: string, bucket: BucketConfig | undefined): Flow {
    if (bucket?.kind !== "s3") {
        return bucket?.kind === "local"
            ? { from, to: OBJECT_STORE, ports: [tcp(OBJECT_STORE_PORT)] }
            : { from, to: OUTSIDE, ports: [tcp(443)] };
    }
    const { hostname, port, protocol } = new URL(bucket.endpoint);
    const host = hostname.replace(/^\[|\]$/g, "");
    const own = { 0: undefined, 4: [`${host}/32`], 6: [`${host}/128`] }[isIP(host) as 0 | 4 | 6];
    const addresses = bucket.addresses ?? own;
    const number = port === "" ? { "http:": 80, "https:": 443 }[protocol]! : Number(port);
    return { from, to: OUTSIDE, ...(addresses && { addresses }), ports: [tcp(number)] };
}

function edgeFlows(system: System, config: FlowConfig, settings: ReadonlyMap<string, ServiceSettings>): Flow[] {
    const fronted = isFronted(config);
    const secure = [tcp(CADDY_PORTS.https), udp(CADDY_PORTS.https)];
    const routed = [...new Set(system.edge.routes.map((route) => route.service))];
    return [
        { from: OUTSIDE, to: EDGE, ports: [tcp(CADDY_PORTS.http), ...(fronted ? [] : secure)] },
        ...routed.map((to) => ({ from: EDGE, to, ports: [...portsOf(to, system), ...probePort(settings.get(to))] })),
        // The certificate authority.
        ...(config.tls.mode === "acme" && !fronted ? [{ from: EDGE, to: OUTSIDE, ports: [] }] : []),
    ];
}

/** Where the edge asks for health, if that is another port. */
function probePort(settings: ServiceSettings | undefined): FlowPort[] {
    const probe = settings?.readiness ?? settings?.health;
    return probe?.kind === "http" && probe.port !== settings?.port ? [tcp(probe.port)] : [];
}

function portsOf(name: string, system: System): FlowPort[] {
    const port = storePort(name, system) ?? system.services.find((service) => service.name === name)?.port;
    return port === undefined ? [] : [tcp(port)];
}

function tcp(port: number): FlowPort {
    return { port, protocol: "tcp" };
}

function udp(port: number): FlowPort {
    return { port, protocol: "udp" };
}
