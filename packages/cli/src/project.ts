/** Where the Pulumi project is, and what `gw` keeps beside it. */
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";

import { UsageError } from "./errors";

/** The repository that this `gw` belongs to. */
const REPOSITORY = resolve(__dirname, "..", "..", "..");

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

/** What `gw` knows of a directory with a `Pulumi.yaml`. */
export function projectAt(dir: string): Project {
    const dataDir = join(dir, ".groundwork");
    return { dir, dataDir, stateDir: join(dataDir, "state") };
}

/** Names of the stacks that have resources in the embedded engine's state, or have begun to make some. */
export function stacksWithState(project: Project): string[] {
    return statesWhere(project, holdsAnything);
}

/** Names of the stacks whose state holds anything and was encrypted with a passphrase. */
export function encryptedStates(project: Project): string[] {
    return statesWhere(project, (state) => holdsAnything(state) && state.deployment?.secrets_providers !== undefined);
}

interface StateFile {
    deployment?: { resources?: unknown[]; pending_operations?: unknown[]; secrets_providers?: unknown };
    hasJournal: boolean;
}

/** What `destroy` leaves is a state without resources. */
function holdsAnything({ deployment, hasJournal }: StateFile): boolean {
    const { resources, pending_operations } = deployment ?? {};
    return hasJournal || (resources?.length ?? 0) > 0 || (pending_operations?.length ?? 0) > 0;
}

/** A state that cannot be read counts: the commands on it say what is wrong. */
function statesWhere(project: Project, matches: (state: StateFile) => boolean): string[] {
    const files = list(project.stateDir).filter((file) => !file.startsWith("."));
    return files
        .filter((file) => file.endsWith(".json"))
        .map((file) => basename(file, ".json"))
        .filter((stack) => {
            const hasJournal = files.includes(`${stack}.journal`);
            try {
                const text = readFileSync(join(project.stateDir, `${stack}.json`), "utf8");
                return matches({ ...(JSON.parse(text) as object), hasJournal });
            } catch {
                return true;
            }
        })
        .sort();
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
