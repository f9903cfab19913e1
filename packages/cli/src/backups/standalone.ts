/** The toolbox without its stack: it reads a bucket whose stack is gone. */
import { CONFIGURATION, STACK_DIRECTORY, STACK_FILES, STATE_DIRECTORY } from "../../../../components/backup/layout";
import { CREDENTIALS_FILE, isPathStyle, repositorySettings } from "../../../../components/backup/repository";
import type { BucketConfig } from "../../../../config/backup";
import { BACKUP_PASSWORD, BUCKET_KEYS, STACK_CONFIGURATION } from "../../../../systems/backup";
import type { BackupConfigInput } from "@groundwork/backup/config";
import type { Manifest } from "@groundwork/backup/manifest";
import { serverOf } from "@groundwork/backup/stores/postgres/installed";
import { FailedError } from "../errors";
import type { ExecResult } from "../runtime/runtime";
import { Answer, expectDone, jsonOf } from "./outcome";
import type { Outcome } from "./toolbox";

/** A container or pod of the toolbox's image that does nothing by itself. */
export interface Standalone {
    exec(command: string[], timeoutMs: number): Promise<ExecResult>;
    /** Removes it. */
    close(): Promise<void>;
}

export interface StandaloneSpec {
    image: string;
    /** Text by absolute path; for the toolbox alone to read. */
    files: Record<string, string>;
}

/** A bucket that is nobody's of the stack's, and what opens it. */
export interface Repository {
    stack: string;
    system: string;
    bucket: Extract<BucketConfig, { kind: "s3" }>;
    /** By name. */
    secrets: Record<string, string>;
}

const PASSWORD_FILE = "/etc/groundwork-backup/password";
const CREDENTIALS = "/etc/groundwork-backup/credentials";
/** Gone with it. */
const RESTORED = `${STATE_DIRECTORY}/stack`;

/** For everything that there is to fetch before the stack is there: lists, and a few kilobytes. */
const TIMEOUT_MS = 300_000;

export function standaloneFiles({ stack, system, bucket, secrets }: Repository): StandaloneSpec["files"] {
    const { endpoint, region, name } = bucket;
    const place = { endpoint, region, bucket: name, pathStyle: isPathStyle(endpoint) };
    const configuration: BackupConfigInput = {
        version: 1,
        stack,
        system,
        release: "none",
        repository: {
            ...repositorySettings(place, stack),
            credentialsFile: CREDENTIALS,
            passwordFile: PASSWORD_FILE,
        },
        stores: {
            [STACK_CONFIGURATION]: {
                driver: "files",
                directory: STACK_DIRECTORY,
                schedules: [],
                retention: { days: 1 },
            },
        },
    };
    const [head, between, end] = CREDENTIALS_FILE;
    const [id, key] = [secrets[BUCKET_KEYS.accessKeyId]!, secrets[BUCKET_KEYS.secretAccessKey]!];
    return {
        [CONFIGURATION]: JSON.stringify(configuration),
        [PASSWORD_FILE]: secrets[BACKUP_PASSWORD]!,
        [CREDENTIALS]: `${head}${id}${between}${key}${end}`,
    };
}

/** The newest backup of each store and method that was begun before. */
export async function newestBackups(toolbox: Standalone, before: Date): Promise<Manifest[]> {
    return jsonOf(await run(toolbox, ["list", "--json", "--newest", "--before", before.toISOString()]));
}

/** Whether it has the server that a backup of Postgres' files opens with; any other backup needs none. */
export async function opens(toolbox: Standalone, { method, details }: Manifest): Promise<boolean> {
    if (method !== "physical") return true;
    const { exitCode } = await toolbox.exec(["test", "-x", serverOf(details["major"]!)], TIMEOUT_MS);
    return exitCode === 0;
}

/** The secrets that a backup of the stack's configuration holds, by name. */
export async function secretsIn(toolbox: Standalone, backup: string): Promise<Record<string, string>> {
    const where = ["--at", backup, "--into", RESTORED];
    expectDone(await run(toolbox, ["restore", STACK_CONFIGURATION, ...where, "--no-safety-copy"]));
    const { settings, secrets } = STACK_FILES;
    // A stack whose secrets are all kept elsewhere has no such file, but always the other one.
    const script = `cd ${RESTORED}/files && [ -e ${settings} ] && if [ -e ${secrets} ]; then cat ${secrets}; fi`;
    const { exitCode, stdout, stderr } = await toolbox.exec(["sh", "-c", script], TIMEOUT_MS);
    if (exitCode !== 0) throw new FailedError(`The secrets in the backup ${backup} cannot be read: ${stderr.trim()}`);
    return JSON.parse(stdout === "" ? "{}" : stdout) as Record<string, string>;
}

async function run(toolbox: Standalone, args: string[]): Promise<Outcome> {
    const { exitCode, stdout, stderr } = await toolbox.exec(["backup", ...args], TIMEOUT_MS);
    const answer = new Answer();
    for (const line of `${stdout}\n${stderr}`.split("\n").filter(Boolean)) answer.add(line);
    return answer.outcome(exitCode);
}
