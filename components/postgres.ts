import * as pulumi from "@pulumi/pulumi";

import { postgresMiB, STORE_PASSWORDS } from "../systems/types";
import { resourceOutputs, volumeOutputs, workloadOutputs } from "./outputs";
import { expectExtensions, extensionsJob, passwordFile } from "./postgres-extensions";
import { ACCESS_FILE, behindCertificate, TLS_SETTINGS } from "./postgres-tls";
import { Problems } from "./problems";
import type { SecretText } from "./secret-text";
import { expectResources, secretPath } from "./service";
import type { JobSpec, VolumeHandle, WorkloadHandle, WorkloadSpec } from "./spec";
import { storeProcess, storeServer, type StoreArgs } from "./store";

export const POSTGRES_PORT = 5432;

const PASSWORD = STORE_PASSWORDS.postgres;
const DATA_MOUNT = "/var/lib/postgresql/data";

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
}

/** Postgres with its data volume and extensions. */
export class Postgres extends pulumi.ComponentResource {
    readonly workload: WorkloadHandle;
    readonly volume: VolumeHandle;
    /** Healthy and with its extensions: what migrations and services wait for. */
    readonly ready: pulumi.Resource[];

    /** @throws pulumi.InputPropertiesError with everything that is wrong with `args` */
    constructor(name: string, args: PostgresArgs, opts?: pulumi.ComponentResourceOptions) {
        super("groundwork:stores:Postgres", name, {}, opts);
        validate(args);
        const { target } = args;
        this.volume = target.volume(args.volume, { parent: this });
        this.workload = target.workload(postgresSpec(args, this.volume), { parent: this });
        const extensions =
            args.extensions.length > 0
                ? target.job(extensionsSpec(args), { parent: this, dependsOn: this.workload.resources }).resources
                : [];
        this.ready = [...this.workload.resources, ...extensions];
        this.registerOutputs({
            workload: workloadOutputs(this.workload),
            volume: volumeOutputs(this.volume),
            ready: resourceOutputs(this.ready),
        });
    }
}

function postgresSpec(args: PostgresArgs, volume: VolumeHandle): WorkloadSpec {
    return {
        ...storeServer("postgres", args),
        ...startOf(args),
        files: [passwordFile(args.password), ...(args.tls ? [ACCESS_FILE] : [])],
        ports: [{ name: "postgres", port: POSTGRES_PORT, protocol: "tcp" }],
        env: {
            // A folder of its own: a file system's root holds lost+found, and initdb wants an empty directory.
            PGDATA: `${DATA_MOUNT}/pgdata`,
            POSTGRES_DB: args.database,
            // Passwords even from inside the container, and checksums, so that corruption is found and not served.
            POSTGRES_INITDB_ARGS: "--auth-host=scram-sha-256 --auth-local=scram-sha-256 --data-checksums",
            POSTGRES_PASSWORD_FILE: secretPath(PASSWORD),
            POSTGRES_USER: args.user,
        },
        mounts: [{ volume, path: DATA_MOUNT, readOnly: false }],
        tmpfs: [
            { path: "/tmp", sizeMiB: 64 },
            { path: "/var/run/postgresql", sizeMiB: 16 },
        ],
        shmMiB: args.shmMiB,
        pidsLimit: Number(args.settings.max_connections ?? 100) + OWN_PROCESSES,
        // Fast shutdown: clients are disconnected, and what they had committed is written out.
        stopSignal: "SIGINT",
    };
}

function startOf({ settings, tls }: PostgresArgs): Pick<WorkloadSpec, "command" | "args"> {
    const args = ["postgres", ...settingArgs(tls ? { ...settings, ...TLS_SETTINGS } : settings)];
    return tls ? behindCertificate(args) : { args };
}

function extensionsSpec(args: PostgresArgs): JobSpec {
    const job = extensionsJob({ ...args, host: "postgres", port: POSTGRES_PORT }, storeProcess("postgres", args));
    return { ...job, segments: ["data"], filesOf: "postgres" };
}

function settingArgs(settings: Record<string, string>): string[] {
    return Object.keys(settings)
        .sort()
        .flatMap((name) => ["-c", `${name}=${settings[name]}`]);
}

function validate(args: PostgresArgs): void {
    const problems = new Problems();
    expectResources(problems, args.resources);
    const sharedBuffers = postgresMiB(args.settings.shared_buffers) ?? 0;
    const maintenance = postgresMiB(args.settings.maintenance_work_mem) ?? 0;
    problems
        .expect(
            sharedBuffers < args.resources.memoryLimitMiB,
            "settings.shared_buffers",
            `${sharedBuffers} MiB does not fit into the container's ${args.resources.memoryLimitMiB} MiB`,
        )
        .expect(
            args.shmMiB >= maintenance,
            "shmMiB",
            `${args.shmMiB} is below maintenance_work_mem (${maintenance} MiB), which parallel index builds put there`,
        );
    expectExtensions(problems, args.extensions);
    problems.throwIfAny("Postgres");
}
