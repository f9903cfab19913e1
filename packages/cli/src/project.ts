/** Where the Pulumi project is, and what `gw` keeps beside it. */
import { randomBytes } from "node:crypto";
import { existsSync, linkSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";

import { UsageError } from "./errors";

/** The repository that this `gw` belongs to. */
export const REPOSITORY = process.env["GW_REPOSITORY"] ?? resolve(__dirname, "..", "..", "..");

export interface Project {
    /** Directory of `Pulumi.yaml`. */
    dir: string;
    /** `.groundwork/`: what `gw` keeps. Not under version control. */
    dataDir: string;
    /** State of the embedded engine, one file a stack. */
    stateDir: string;
}

/** The project of a directory: there or above it. Without one, the repository of this `gw`. */
export function findProject(cwd: string | undefined): Project {
    if (cwd === undefined) return projectAt(REPOSITORY);
    const start = resolve(cwd);
    if (!existsSync(start)) throw new UsageError(`--cwd: there is no directory ${start}.`);
    for (let dir = start; ; dir = dirname(dir)) {
        if (existsSync(join(dir, "Pulumi.yaml"))) return projectAt(dir);
        if (dirname(dir) === dir) throw new UsageError(`--cwd: there is no Pulumi.yaml in ${start} or above it.`);
    }
}

function projectAt(dir: string): Project {
    const dataDir = join(dir, ".groundwork");
    return { dir, dataDir, stateDir: join(dataDir, "state") };
}

/** Names of the stacks that have resources in the embedded engine's state. */
export function stacksWithState(project: Project): string[] {
    const files = list(project.stateDir).filter((file) => !file.startsWith("."));
    return files
        .filter((file) => file.endsWith(".json"))
        .map((file) => basename(file, ".json"))
        .filter((stack) => files.includes(`${stack}.journal`) || hasResources(join(project.stateDir, `${stack}.json`)))
        .sort();
}

/** What `destroy` leaves is a state without resources. One that cannot be read counts: the commands on it say what is wrong. */
function hasResources(path: string): boolean {
    try {
        const state = JSON.parse(readFileSync(path, "utf8")) as { deployment?: { resources?: unknown[] } };
        return (state.deployment?.resources?.length ?? 0) > 0;
    } catch {
        return true;
    }
}

/** Names of the stacks that have a file. */
export function stacksWithFile(project: Project): string[] {
    return list(project.dir)
        .flatMap((file) => /^Pulumi\.(.+)\.ya?ml$/.exec(file)?.[1] ?? [])
        .sort();
}

function list(dir: string): string[] {
    try {
        return readdirSync(dir);
    } catch (error) {
        if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
        throw error;
    }
}

/** Where a passphrase may come from, for messages. */
const HOW = "Set PULUMI_CONFIG_PASSPHRASE, or PULUMI_CONFIG_PASSPHRASE_FILE to the path of a file that holds it.";

/**
 * The passphrase of a stack's secrets: PULUMI_CONFIG_PASSPHRASE, else the file that PULUMI_CONFIG_PASSPHRASE_FILE names, else in dev a random
 * one that is made once and kept in `.groundwork/passphrase`, readable by its owner alone.
 * @throws UsageError when there is none, or its file cannot be read
 */
export function passphraseFor(project: Project, environment: string, env: NodeJS.ProcessEnv = process.env): string {
    const given = env["PULUMI_CONFIG_PASSPHRASE"];
    if (given !== undefined) return given;
    const file = env["PULUMI_CONFIG_PASSPHRASE_FILE"];
    if (file !== undefined && file !== "") {
        try {
            return readFileSync(file, "utf8").trim();
        } catch (error) {
            throw new UsageError(`PULUMI_CONFIG_PASSPHRASE_FILE: ${(error as Error).message}`, HOW);
        }
    }
    if (environment === "dev") return ownPassphrase(project);
    throw new UsageError(`The secrets of a ${environment} stack need a passphrase, and none is given.`, HOW);
}

function ownPassphrase(project: Project): string {
    const path = join(project.dataDir, "passphrase");
    if (!existsSync(path)) {
        mkdirSync(project.dataDir, { recursive: true, mode: 0o700 });
        // Written aside and linked, so that of two first runs both use the one that was first.
        const draft = `${path}.${process.pid}`;
        writeFileSync(draft, `${randomBytes(32).toString("base64url")}\n`, { mode: 0o600 });
        try {
            linkSync(draft, path);
        } catch (error) {
            if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
        } finally {
            rmSync(draft, { force: true });
        }
    }
    const passphrase = readFileSync(path, "utf8").trim();
    if (passphrase === "")
        throw new UsageError(`${path} is empty. Restore it, or delete it and the state in ${project.stateDir}.`);
    return passphrase;
}
