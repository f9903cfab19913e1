/**
 * The toolbox's one configuration file: what the Pulumi program says about a stack's stores, where their backups go, when they run and how
 * long they are kept. JSON; secrets are never in it, only the paths of files that hold them.
 */
import { readFileSync } from "node:fs";

import { z } from "zod";

import { isCron, storeSchema } from "./config.stores";
import { BackupError, EXIT } from "./errors";

const path = z.string().regex(/^\/.+/, "must be an absolute path");

const s3 = z.strictObject({
    kind: z.literal("s3"),
    /** With its scheme, e.g. `https://s3.eu-central-1.amazonaws.com`; plain HTTP is for a server inside of the stack. */
    endpoint: z
        .string()
        .regex(/^https?:\/\/[^/]+$/, "must be a scheme and a host, such as https://s3.eu-central-1.amazonaws.com"),
    bucket: z.string().min(3).max(63),
    /** Folder in the bucket, without slashes at its ends; two stacks never share one. */
    prefix: z.string().regex(/^[^/].*[^/]$/, "must not begin or end with a slash"),
    region: z.string().default("us-east-1"),
    /** `path` for servers that have no host name for each bucket. */
    addressing: z.enum(["path", "dns"]).default("dns"),
    /**
     * AWS shared credentials file, profile `default`, of the identity that may write and not delete. Absent: the machine's or pod's role.
     */
    credentialsFile: path.optional(),
    /** The same for the identity that may delete; only `prune` uses it. Absent: that of `credentialsFile`. */
    pruneCredentialsFile: path.optional(),
    /** Certificate authority of the endpoint, PEM. */
    caFile: path.optional(),
    /** Holds the password that everything is encrypted with. Without it no backup can be read. */
    passwordFile: path,
});

const directory = z.strictObject({
    kind: z.literal("directory"),
    /** On a disk of its own: a copy beside the data dies with it. */
    path,
    passwordFile: path,
});

export const configSchema = z.strictObject({
    version: z.literal(1),
    /** Pulumi's stack name; each backup says whose it is. */
    stack: z.string().min(1),
    system: z.string().min(1),
    /** What was deployed when the backup was made: the images' release or a commit. */
    release: z.string().min(1),
    /** IANA name; schedules and the days of the retention are counted in it. */
    timeZone: z.string().default("UTC").refine(isTimeZone, "must be an IANA time zone such as Europe/Berlin"),
    /** A volume that outlives the container: locks, the history of runs, restic's cache, the write-ahead log on its way. */
    stateDirectory: path.default("/var/lib/groundwork-backup"),
    /** Where restores and drills unpack; must have room for the largest store. */
    scratchDirectory: path.default("/var/lib/groundwork-backup/scratch"),
    /** How long a run, a restore or a drill waits for another one of its store to end, before it gives up with exit code 3. */
    lockWaitSeconds: z.number().min(0).max(3600).default(300),
    repository: z.discriminatedUnion("kind", [s3, directory]),
    /** A second copy on the machine, where a document asks for one; it is kept for `days`. */
    localCopy: z.strictObject({ path, days: z.int().min(1) }).optional(),
    /** By the name that people use: `postgres`, `redis`, `project-data`, `config` … */
    stores: z.record(
        z.string().regex(/^[a-z][a-z0-9-]*$/, "must be lower-case letters, digits and dashes"),
        storeSchema,
    ),
    metrics: z
        .strictObject({
            /** `schedule` serves `/metrics` and `/healthz` on it. */
            port: z.int().min(1).max(65535).default(9469),
            /** Written after each run too, for node_exporter's textfile collector. */
            file: path.optional(),
        })
        .prefault({}),
    drill: z
        .strictObject({
            /** In `timeZone`. Absent: drills run only when they are asked for. */
            cron: z.string().refine(isCron, "must be a cron expression of five fields").optional(),
            /** Folder that reports are written to. */
            reports: path.optional(),
        })
        .prefault({}),
    /** The documents' recovery objectives, beside which drills print what they measured. */
    objectives: z
        .array(z.strictObject({ scenario: z.string(), rtoSeconds: z.number().min(0), rpoSeconds: z.number().min(0) }))
        .default([]),
});

export type BackupConfig = z.output<typeof configSchema>;
/** What the program writes: defaults may be left out. */
export type BackupConfigInput = z.input<typeof configSchema>;
export type RepositoryConfig = BackupConfig["repository"];

function isTimeZone(name: string): boolean {
    try {
        return new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions().timeZone !== "";
    } catch {
        return false;
    }
}

/** @throws BackupError with every problem, each with its key */
export function parseConfig(text: string, source: string): BackupConfig {
    let data: unknown;
    try {
        data = JSON.parse(text);
    } catch (error) {
        throw configError(source, [`is not JSON: ${(error as Error).message}`]);
    }
    const result = configSchema.safeParse(data);
    if (result.success) return result.data;
    throw configError(
        source,
        result.error.issues.map(
            ({ path: key, message }) => `${key.map(String).join(".") || "(the whole file)"}: ${message}`,
        ),
    );
}

export function readConfig(file: string): BackupConfig {
    let text: string;
    try {
        text = readFileSync(file, "utf8");
    } catch (error) {
        throw configError(file, [`cannot be read: ${(error as Error).message}`]);
    }
    return parseConfig(text, file);
}

function configError(source: string, problems: string[]): BackupError {
    return new BackupError(
        [`the configuration ${source} is wrong:`, ...problems.map((problem) => `    ${problem}`)].join("\n"),
        {
            exit: EXIT.configuration,
            remedy: "The Pulumi program writes this file: run `gw up`, or name another with --config.",
        },
    );
}
