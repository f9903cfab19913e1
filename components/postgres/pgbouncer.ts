import * as pulumi from "@pulumi/pulumi";

import { POOLER_PORT, POSTGRES_PORT, secretPath } from "../../systems/addresses";
import { POOLER, type Probe } from "../../systems/types";
import { resourceOutputs, workloadOutputs } from "../outputs";
import { Problems } from "../problems";
import { secretText, type SecretText } from "../secret-text";
import { expectResources } from "../service";
import { waitSeconds } from "../settings/probes";
import type { WorkloadHandle, WorkloadSpec } from "../spec";
import { storeProcess, type StoreArgs } from "../store-server";
import { passwordFile } from "./extensions";
import { seeToCertificate } from "./tls";

const CONFIGURATION = "/etc/groundwork/pgbouncer.ini";
const USERS = secretPath("userlist.txt");

/** Made at each start, in memory: nobody verifies it. */
const CERTIFICATE = "/tmp/server.pem";

export interface PgBouncerArgs extends Omit<StoreArgs, "volume"> {
    replicas: number;
    /** Where Postgres's primary answers. */
    host: string;
    /** The one database that it leads to. */
    database: string;
    /** The one role that comes through it, and goes on with the same password. */
    user: string;
    password: SecretText;
    /** Connections to Postgres that all replicas together hold at most; at least one for each. */
    poolSize: number;
    /** Connections of clients that each replica takes at most. */
    maxClients: number;
    /** `require`: clients must encrypt, and so does it, to Postgres. Default: neither. */
    tls?: "require";
    /** Whether a query through it is answered. */
    health: Probe;
    /** Whether it answers itself. */
    liveness: Probe;
    /** Must be there, and healthy, before it starts. */
    after: pulumi.Resource[];
}

/** A pool of connections to Postgres, each given to a client for a transaction. */
export class PgBouncer extends pulumi.ComponentResource {
    readonly workload: WorkloadHandle;
    readonly ready: pulumi.Resource[];

    /** @throws pulumi.InputPropertiesError with everything that is wrong with `args` */
    constructor(name: string, args: PgBouncerArgs, opts?: pulumi.ComponentResourceOptions) {
        super("groundwork:stores:PgBouncer", name, {}, opts);
        validate(args);
        this.workload = args.target.workload(pgBouncerSpec(args), { parent: this, dependsOn: args.after });
        this.ready = this.workload.resources;
        this.registerOutputs({ workload: workloadOutputs(this.workload), ready: resourceOutputs(this.ready) });
    }
}

function pgBouncerSpec(args: PgBouncerArgs): WorkloadSpec {
    return {
        ...storeProcess(POOLER, args),
        name: POOLER,
        replicas: args.replicas,
        command: [...(args.tls ? seeToCertificate(CERTIFICATE) : []), "pgbouncer", CONFIGURATION],
        ports: [{ name: "pgbouncer", port: POOLER_PORT, protocol: "tcp" }],
        env: {},
        files: [
            { path: CONFIGURATION, content: pgBouncerIni(args), secret: false },
            // Both ways it proves that it knows the password without sending it, so it has to know it.
            {
                path: USERS,
                content: userList(args.user, args.password),
                secret: true,
            },
            // For the health checks.
            passwordFile(args.password),
        ],
        mounts: [],
        tmpfs: [{ path: "/tmp", sizeMiB: 16 }],
        resources: args.resources,
        pidsLimit: 64,
        health: args.health,
        liveness: args.liveness,
        segments: ["data"],
        exclusive: false,
        // Ends when the transactions that run have, and takes no new client until then.
        stopSignal: "SIGINT",
        stopGraceSeconds: args.stopGraceSeconds,
        waitSeconds: waitSeconds(args.health),
    };
}

/** `pgbouncer.ini`. */
export function pgBouncerIni(
    args: Pick<PgBouncerArgs, "host" | "database" | "user" | "poolSize" | "replicas" | "maxClients" | "tls">,
): string {
    const pool = Math.floor(args.poolSize / args.replicas);
    const settings: Record<string, string | number> = {
        listen_addr: "0.0.0.0",
        listen_port: POOLER_PORT,
        unix_socket_dir: "",
        auth_type: "scram-sha-256",
        auth_file: USERS,
        // May look at how it does, which the liveness check does.
        stats_users: args.user,
        pool_mode: "transaction",
        default_pool_size: pool,
        max_db_connections: pool,
        max_client_conn: args.maxClients,
        // Named statements go with a client from connection to connection, as Prisma needs it.
        max_prepared_statements: 200,
        // A primary that is back, maybe at another address, or whose name was gone meanwhile, is found within seconds.
        dns_max_ttl: 2,
        dns_nxdomain_ttl: 1,
        server_login_retry: 2,
        // Each check would be two lines.
        log_connections: 0,
        log_disconnections: 0,
        ...(args.tls && {
            client_tls_sslmode: args.tls,
            client_tls_key_file: CERTIFICATE,
            client_tls_cert_file: CERTIFICATE,
            server_tls_sslmode: args.tls,
        }),
    };
    const lines = Object.entries(settings).map(([name, value]) => `${name} = ${value}`.trimEnd());
    return [
        "[databases]",
        `${args.database} = host=${args.host} port=${POSTGRES_PORT} dbname=${args.database}`,
        "[pgbouncer]",
        ...lines,
        "",
    ].join("\n");
}

/** A quote in either is doubled. */
export function userList(user: string, password: SecretText): SecretText {
    return secretText([`"${user.replaceAll('"', '""')}" "`, '"\n'], { text: password, form: "doubled" });
}

function validate(args: PgBouncerArgs): void {
    const problems = new Problems();
    expectResources(problems, args.resources);
    problems
        .expect(
            args.poolSize >= args.replicas,
            "poolSize",
            `${args.poolSize} connections do not go round ${args.replicas} replicas`,
        )
        .expect(
            args.maxClients >= args.poolSize,
            "maxClients",
            `${args.maxClients} clients could never use a pool of ${args.poolSize}`,
        );
    problems.throwIfAny("PgBouncer");
}
