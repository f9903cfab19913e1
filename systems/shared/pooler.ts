/** PgBouncer, for a system whose document asks for pooling and is silent on everything else of it. */
import { POOLER_PORT, secretPath } from "../addresses";
import { type Pooler, STORE_PASSWORDS } from "../types";
import { probe, STORE_TIMING } from "./probes";
import { devResources, replicas, resources, sized } from "./resources";

/** @param poolSize Connections to Postgres, of all replicas together */
export function pooler(user: string, database: string, poolSize: number): Pooler {
    return {
        image: "pgbouncer",
        poolSize,
        // A process holds at most a pool of its own to it: ten API servers and four workers of 20 each, twice over
        // while a release goes out.
        maxClients: 600,
        // Two outside of dev, so that one can be replaced without an interruption.
        replicas: replicas(2),
        // A process of one thread that copies bytes.
        resources: sized(devResources(256, 0.5), resources([0.1, 1], [64, 256])),
        health: probe({ kind: "exec", command: asked(user, database, "SELECT 1") }, STORE_TIMING),
        liveness: probe({ kind: "exec", command: asked(user, "pgbouncer", "SHOW VERSION") }, STORE_TIMING),
        stopGraceSeconds: 30,
        runAs: "998:996",
    };
}

/** The password goes from its file into the environment of that one command, never onto a command line. */
function asked(user: string, database: string, sql: string): string[] {
    const address = `-h 127.0.0.1 -p ${POOLER_PORT} -U ${user} -d ${database}`;
    const password = `PGPASSWORD="$(cat ${secretPath(STORE_PASSWORDS.postgres)})"`;
    return ["sh", "-c", `${password} exec psql ${address} -XAtqc '${sql}'`];
}
