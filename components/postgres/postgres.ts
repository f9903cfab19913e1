import * as pulumi from "@pulumi/pulumi";

import { POSTGRES_PORT, secretPath } from "../../systems/addresses";
import { REPLICA, REPLICATION_PASSWORD, STORE_PASSWORDS } from "../../systems/types";
import { resourceOutputs, volumeOutputs, workloadOutputs } from "../outputs";
import { Problems } from "../problems";
import type { SecretText } from "../secret-text";
import { expectResources } from "../service";
import type { FileSpec, JobSpec, TmpfsSpec, VolumeHandle, VolumeSpec, WorkloadHandle, WorkloadSpec } from "../spec";
import { storeProcess, storeServer, type StoreArgs } from "../store-server";
import { expectExtensions, expectMemory } from "./expect";
import { extensionsJob, passwordFile, psqlJob } from "./extensions";
import {
    ASK_SECONDS,
    keptLog,
    PRIMARY_SCRIPT,
    type Replication,
    REPLICATION_USER,
    ROLE_STATEMENTS,
    scriptFiles,
} from "./replication";
import { ACCESS_SETTINGS, accessFile, CERTIFICATE, seeToCertificate, TLS_SETTINGS } from "./tls";

/** Name of the job that makes the role which replicates. */
export const ROLE_JOB = "postgres-replication";

const PASSWORD = STORE_PASSWORDS.postgres;
export const DATA_MOUNT = "/var/lib/postgresql/data";

/** On the volume. A folder of its own: a file system's root holds lost+found, and initdb wants an empty directory. */
export const PGDATA_FOLDER = "pgdata";
export const PGDATA = `${DATA_MOUNT}/${PGDATA_FOLDER}`;

/** Directories in memory that a server writes to. */
export const TMPFS: TmpfsSpec[] = [
    { path: "/tmp", sizeMiB: 64 },
    { path: "/var/run/postgresql", sizeMiB: 16 },
];

/** Processes besides the clients': checkpointer, writers, autovacuum, parallel workers. */
const OWN_PROCESSES = 156;

export interface PostgresArgs extends StoreArgs {
    /** The database's role, a superuser, which the applications use. */
    user: string;
    database: string;
    /** Password of the role; counts when the database is made, and is changed with ALTER ROLE after that. */
    password: SecretText;
    /** Made in the database before any migration runs. */
    extensions: string[];
    /** `postgresql.conf` settings by name. */
    settings: Record<string, string>;
    /** `require`: who comes over the network must encrypt. Default: nobody does. */
    tls?: "require";
    /** `/dev/shm` in MiB; at least maintenance_work_mem, for parallel index builds. */
    shmMiB: number;
    /** Whether the backups fetch its log, which it then keeps for them as for a replica. Default: false. */
    shipsLog?: boolean;
    /** Workloads that do nothing but fetch the log, by name: it starts beside them. Default: none. */
    shippers?: string[];
    /** Absent: nobody may copy it. */
    replication?: Pick<Replication, "replica" | "mayBeNew"> & {
        /** Whether `replica` is made too. */
        volume: boolean;
        /** What the role that replicates logs in with. */
        password: SecretText;
    };
}

/** Postgres with its data volume and extensions. */
export class Postgres extends pulumi.ComponentResource {
    readonly workload: WorkloadHandle;
    readonly volume: VolumeHandle;
    /** The replica's volume. Made here, where the other one is: each is the primary's at its time. */
    readonly replicaVolume?: VolumeHandle;
    /** Healthy and with its extensions: what migrations and services wait for. */
    readonly ready: pulumi.Resource[];

    /** @throws pulumi.InputPropertiesError with everything that is wrong with `args` */
    constructor(name: string, args: PostgresArgs, opts?: pulumi.ComponentResourceOptions) {
        super("groundwork:stores:Postgres", name, {}, opts);
        validate(args);
        const { target } = args;
        const volume = (spec: VolumeSpec) => target.volume(spec, { parent: this });
        this.volume = volume(args.volume);
        this.replicaVolume = args.replication?.volume ? volume(args.replication.replica) : undefined;
        this.workload = target.workload(postgresSpec(args, this.volume), { parent: this });
        const extensions =
            args.extensions.length > 0
                ? target.job(extensionsSpec(args), { parent: this, dependsOn: this.workload.resources }).resources
                : [];
        const role = args.replication
            ? target.job(roleSpec(args, args.replication), { parent: this, dependsOn: this.workload.resources })
            : undefined;
        this.ready = [...this.workload.resources, ...extensions, ...(role?.resources ?? [])];
        this.registerOutputs({
            workload: workloadOutputs(this.workload),
            volume: volumeOutputs(this.volume),
            ...(this.replicaVolume && { replicaVolume: volumeOutputs(this.replicaVolume) }),
            ready: resourceOutputs(this.ready),
        });
    }
}

function postgresSpec(args: PostgresArgs, volume: VolumeHandle): WorkloadSpec {
    const { health, replication } = args;
    const later = replication ? ASK_SECONDS : 0;
    return {
        ...storeServer("postgres", {
            ...args,
            health: { ...health, startPeriodSeconds: health.startPeriodSeconds + later },
        }),
        ...startOf(args),
        files: [
            passwordFile(args.password),
            ...accessFiles(args),
            ...(args.replication ? scriptFiles(PRIMARY_SCRIPT) : []),
        ],
        ports: [{ name: "postgres", port: POSTGRES_PORT, protocol: "tcp" }],
        env: {
            PGDATA,
            POSTGRES_DB: args.database,
            // Passwords even from inside the container, and checksums, so that corruption is found and not served.
            POSTGRES_INITDB_ARGS: "--auth-host=scram-sha-256 --auth-local=scram-sha-256 --data-checksums",
            POSTGRES_PASSWORD_FILE: secretPath(PASSWORD),
            POSTGRES_USER: args.user,
            ...(args.replication && {
                ASK_SECONDS: String(ASK_SECONDS),
                NEW_DATABASE: args.replication.mayBeNew ? "allowed" : "refused",
                // Ready or not: without a primary it is not.
                REPLICA_HOST: args.target.peerHost?.(REPLICA) ?? REPLICA,
                VOLUME: DATA_MOUNT,
            }),
        },
        mounts: [{ volume, path: DATA_MOUNT, readOnly: false }],
        tmpfs: TMPFS,
        shmMiB: args.shmMiB,
        pidsLimit: pidsLimit(args.settings),
        ...(args.shippers?.length && { near: args.shippers }),
        // Fast shutdown: clients are disconnected, and what they had committed is written out.
        stopSignal: "SIGINT",
    };
}

function startOf(args: PostgresArgs): Pick<WorkloadSpec, "command" | "args"> {
    const { replication, shipsLog, volume } = args;
    const isFetched = replication !== undefined || shipsLog === true;
    return serverStart(replication ? ["/bin/sh", PRIMARY_SCRIPT] : [], {
        ...args,
        settings: { ...args.settings, ...(isFetched && keptLog(volume)) },
    });
}

/** @param before Words of a program that becomes, or runs, what follows them: the server */
export function serverStart(
    before: string[],
    args: Pick<PostgresArgs, "settings" | "tls" | "replication">,
): Pick<WorkloadSpec, "command" | "args"> {
    const settings = {
        ...args.settings,
        ...(accessFiles(args).length > 0 && ACCESS_SETTINGS),
        ...(args.tls && TLS_SETTINGS),
    };
    const command = [...before, ...(args.tls ? seeToCertificate(CERTIFICATE) : [])];
    const server = ["postgres", ...settingArgs(settings)];
    return command.length > 0 ? { command, args: ["docker-entrypoint.sh", ...server] } : { args: server };
}

/** Absent: the image's own rules, with which nobody may replicate from the network. */
export function accessFiles({ tls, replication }: Pick<PostgresArgs, "tls" | "replication">): FileSpec[] {
    if (!tls && !replication) {
        return [];
    }
    return [accessFile({ tls: tls !== undefined, ...(replication && { replication: REPLICATION_USER }) })];
}

/** For the clients' processes and its own. */
export function pidsLimit(settings: Record<string, string>): number {
    return Number(settings.max_connections ?? 100) + OWN_PROCESSES;
}

function extensionsSpec(args: PostgresArgs): JobSpec {
    const job = extensionsJob(server(args), storeProcess("postgres", args));
    return { ...job, segments: ["data"], filesOf: "postgres" };
}

/** Makes the role that replicates, or gives it its password anew. */
function roleSpec(args: PostgresArgs, { password }: NonNullable<PostgresArgs["replication"]>): JobSpec {
    const words = ["-v", `role=${REPLICATION_USER}`, "-f", ROLE_STATEMENTS.path];
    const job = psqlJob(server(args), storeProcess("postgres", args), words);
    const file = secretPath(REPLICATION_PASSWORD);
    return {
        ...job,
        name: ROLE_JOB,
        segments: ["data"],
        files: [...job.files, { path: file, content: password, secret: true }, ROLE_STATEMENTS],
        env: { ...job.env, REPLICATION_PASSWORD_FILE: file },
    };
}

function server(args: PostgresArgs) {
    return { ...args, host: "postgres", port: POSTGRES_PORT };
}

function settingArgs(settings: Record<string, string>): string[] {
    return Object.keys(settings)
        .sort()
        .flatMap((name) => ["-c", `${name}=${settings[name]}`]);
}

function validate(args: PostgresArgs): void {
    const problems = new Problems();
    expectResources(problems, args.resources);
    expectMemory(problems, args, "the container");
    expectExtensions(problems, args.extensions);
    problems.throwIfAny("Postgres");
}
