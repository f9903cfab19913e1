/** The job that makes a database's extensions, wherever the database is. */
import { secretPath } from "../../systems/addresses";
import { POSTGRES_CA_PATH } from "../../systems/external";
import { type PostgresStore, STORE_PASSWORDS } from "../../systems/types";
import type { SecretText } from "../secret-text";
import type { FileSpec, JobSpec } from "../spec";

/** Name of the job. */
export const EXTENSIONS_JOB = "postgres-extensions";

const PASSWORD = secretPath(STORE_PASSWORDS.postgres);

export interface ExtensionsArgs extends Pick<PostgresStore, "user" | "database" | "extensions" | "tls"> {
    /** Where the server answers. */
    host: string;
    port: number;
    /** Password of the role. */
    password: SecretText;
    /** With `tls: verify-full`: PEM certificates of those who may vouch for the server. */
    authorities?: SecretText;
}

type Process = Pick<JobSpec, "component" | "image" | "security" | "logs">;

export function extensionsJob(args: ExtensionsArgs, process: Process) {
    const statements = [...args.extensions].sort().map((name) => `CREATE EXTENSION IF NOT EXISTS "${name}"`);
    const words = statements.flatMap((statement) => ["-c", statement]);
    return { ...psqlJob(args, process, words), name: EXTENSIONS_JOB };
}

/** `psql` with further arguments, over TCP and with the password, as the applications connect: what this proves is what they need. */
export function psqlJob(args: Omit<ExtensionsArgs, "extensions">, process: Process, words: string[]) {
    return {
        ...process,
        command: ["/bin/sh", "-ec", `PGPASSWORD="$(cat ${PASSWORD})"; export PGPASSWORD; exec "$@"`, "sh"],
        args: [
            "psql",
            ...["-h", args.host, "-p", String(args.port), "-U", args.user, "-d", args.database],
            ...["-v", "ON_ERROR_STOP=1", "-q"],
            ...words,
        ],
        files: [passwordFile(args.password), ...authoritiesFile(args)],
        env: {
            ...(args.tls && { PGSSLMODE: args.tls }),
            ...(args.tls === "verify-full" && { PGSSLROOTCERT: POSTGRES_CA_PATH }),
        },
        mounts: [],
        tmpfs: [{ path: "/tmp", sizeMiB: 16 }],
        pidsLimit: 64,
        resources: { cpuLimit: 0.5, cpuReservation: 0.05, memoryLimitMiB: 128, memoryReservationMiB: 32 },
        stopGraceSeconds: 10,
        triggers: {},
        timeoutSeconds: 120,
    } satisfies Partial<JobSpec>;
}

export function passwordFile(content: SecretText): FileSpec {
    return { path: PASSWORD, content, secret: true };
}

function authoritiesFile({ tls, authorities }: Omit<ExtensionsArgs, "extensions">): FileSpec[] {
    return tls === "verify-full" && authorities ? [{ path: POSTGRES_CA_PATH, content: authorities, secret: true }] : [];
}
