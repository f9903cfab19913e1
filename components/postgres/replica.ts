import * as pulumi from "@pulumi/pulumi";

import { POSTGRES_PORT, secretPath } from "../../systems/addresses";
import { type Probe, REPLICA, REPLICATION_PASSWORD, STORE_PASSWORDS } from "../../systems/types";
import { resourceOutputs, workloadOutputs } from "../outputs";
import { Problems } from "../problems";
import type { SecretText } from "../secret-text";
import { expectResources } from "../service";
import type { VolumeHandle, WorkloadHandle, WorkloadSpec } from "../spec";
import { storeServer } from "../store-server";
import { expectMemory } from "./expect";
import { passwordFile } from "./extensions";
import { accessFiles, DATA_MOUNT, PGDATA, pidsLimit, type PostgresArgs, serverStart, TMPFS } from "./postgres";
import { REPLICA_SCRIPT, REPLICATION_USER, scriptFiles } from "./replication";

/** Its place in the primary's log, which is kept for it. */
const SLOT = "postgres_replica";

/** In memory: what the start makes there is made again by the next one. */
const RUNTIME = "/var/run/postgresql";
const PREPARING = `${RUNTIME}/preparing`;
const PASSFILE = `${RUNTIME}/replication.pgpass`;

/** Behind by more, it is not ready. Postgres itself holds changes back for a query of the replica's for 30 s at most, its own default. */
const MAX_LAG_SECONDS = 60;

/** How long `up` waits for the first copy, in seconds: 35 GiB at 60 MiB a second. A longer one goes on without it. */
const COPY_SECONDS = 600;

export interface PostgresReplicaArgs extends Omit<
    PostgresArgs,
    "volume" | "extensions" | "health" | "replication" | "stopGraceSeconds"
> {
    /** What holds the copy: made by `Postgres`. */
    volume: VolumeHandle;
    /** What the role that replicates logs in with. */
    replicationPassword: SecretText;
    /** How often it is asked whether it is well, and how long each answer may take. */
    timing: Omit<Probe, "kind">;
    stopGraceSeconds: number;
}

/**
 * A hot standby of the stack's Postgres, by streaming replication: read-only, and as far behind as its changes take to
 * arrive. It waits for the primary by itself, so that it waits for no resource: at a promotion each of the two has what
 * the other one lets go of.
 */
export class PostgresReplica extends pulumi.ComponentResource {
    readonly workload: WorkloadHandle;
    readonly ready: pulumi.Resource[];

    /** @throws pulumi.InputPropertiesError with everything that is wrong with `args` */
    constructor(name: string, args: PostgresReplicaArgs, opts?: pulumi.ComponentResourceOptions) {
        super("groundwork:stores:PostgresReplica", name, {}, opts);
        validate(args);
        this.workload = args.target.workload(replicaSpec(args), { parent: this });
        this.ready = this.workload.resources;
        this.registerOutputs({ workload: workloadOutputs(this.workload), ready: resourceOutputs(this.ready) });
    }
}

function replicaSpec(args: PostgresReplicaArgs): WorkloadSpec {
    const health = { ...args.timing, ...isStreaming(args) };
    const server = storeServer(REPLICA, { ...args, health, volume: args.volume.spec });
    return {
        ...server,
        ...serverStart(["/bin/sh", REPLICA_SCRIPT], { ...args, settings: { ...args.settings, ...following(args) } }),
        files: [
            // For the health check: roles and passwords are the primary's.
            passwordFile(args.password),
            { path: secretPath(REPLICATION_PASSWORD), content: args.replicationPassword, secret: true },
            ...accessFiles(args),
            ...scriptFiles(REPLICA_SCRIPT),
        ],
        ports: [{ name: "postgres", port: POSTGRES_PORT, protocol: "tcp" }],
        env: {
            PASSFILE,
            PGDATA,
            PREPARING,
            PRIMARY: primary(args),
            REPLICATION_PASSWORD_FILE: secretPath(REPLICATION_PASSWORD),
            SLOT,
            VOLUME: DATA_MOUNT,
        },
        mounts: [{ volume: args.volume, path: DATA_MOUNT, readOnly: false }],
        tmpfs: TMPFS,
        shmMiB: args.shmMiB,
        pidsLimit: pidsLimit(args.settings),
        liveness: { ...args.timing, ...isAlive(args) },
        apartFrom: ["postgres"],
        stopSignal: "SIGINT",
        waitSeconds: server.waitSeconds + COPY_SECONDS,
    };
}

/** The connection string, in words that need no quotes. The password is in a file of its own. */
function primary({ tls }: Pick<PostgresReplicaArgs, "tls">): string {
    const words = {
        host: "postgres",
        port: String(POSTGRES_PORT),
        user: REPLICATION_USER,
        passfile: PASSFILE,
        application_name: SLOT,
        sslmode: tls ?? "disable",
        connect_timeout: "5",
    };
    return Object.entries(words)
        .map(([name, value]) => `${name}=${value}`)
        .join(" ");
}

function following(args: PostgresReplicaArgs): Record<string, string> {
    return {
        primary_conninfo: primary(args),
        primary_slot_name: SLOT,
        // What a query here still reads is not vacuumed there, so that reports are not broken off.
        hot_standby_feedback: "on",
    };
}

/** It follows the primary, and what it has received it has also replayed, or lags by less than the bound. */
function isStreaming({ user, database }: PostgresReplicaArgs): { kind: "exec"; command: string[] } {
    const sql =
        "SELECT EXISTS (SELECT FROM pg_stat_wal_receiver WHERE status = 'streaming') AND " +
        "(pg_last_wal_receive_lsn() = pg_last_wal_replay_lsn() OR " +
        `COALESCE(now() - pg_last_xact_replay_timestamp() < interval '${MAX_LAG_SECONDS} s', false))`;
    const client = `psql -h 127.0.0.1 -U ${user} -d ${database} -XAtqc "${sql}"`;
    return {
        kind: "exec",
        command: ["sh", "-c", `PGPASSWORD="$(cat ${secretPath(STORE_PASSWORDS.postgres)})" ${client} | grep -qx t`],
    };
}

/** The server answers, if only that it starts up, or there is none because a copy is made. The primary is not asked. */
function isAlive({ user, database }: PostgresReplicaArgs): { kind: "exec"; command: string[] } {
    const server = `pg_isready -q -h 127.0.0.1 -U ${user} -d ${database}`;
    return { kind: "exec", command: ["sh", "-c", `[ -e ${PREPARING} ] || ${server} || [ $? -eq 1 ]`] };
}

function validate(args: PostgresReplicaArgs): void {
    const problems = new Problems();
    expectResources(problems, args.resources);
    // Indexes are built by the primary alone.
    const { settings, resources } = args;
    expectMemory(problems, { settings, resources }, "the container", ", as the primary has,");
    problems.throwIfAny("PostgresReplica");
}
