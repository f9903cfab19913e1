/** A revision's files, with the packages that they need, in a directory that is gone afterwards. */
import {
    existsSync,
    lstatSync,
    mkdirSync,
    mkdtempSync,
    readdirSync,
    readFileSync,
    readlinkSync,
    rmSync,
    symlinkSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { FailedError } from "../errors";
import type { Project } from "../project";
import type { Repository, Revision } from "./git";
import { runProcess } from "../process";

const LOCKFILE = "package-lock.json";

/** Directories of one report. Removed by `remove`, and when the process ends without it. */
export class Workspace {
    readonly dir = mkdtempSync(join(tmpdir(), "gw-report-"));

    constructor() {
        process.once("exit", this.remove);
    }

    readonly remove = (): void => {
        process.off("exit", this.remove);
        rmSync(this.dir, { recursive: true, force: true });
    };

    path(name: string): string {
        const path = join(this.dir, name);
        mkdirSync(path, { recursive: true });
        return path;
    }
}

interface CheckoutOptions {
    repository: Repository;
    project: Project;
    workspace: Workspace;
    note: (line: string) => void;
    signal?: AbortSignal;
}

/** @returns the directory of the project as the revision has it: the project's own where the revision is the work tree */
export async function checkOut(revision: Revision, name: string, options: CheckoutOptions): Promise<string> {
    const { repository, project, workspace, signal } = options;
    if (revision.isWorktree) return project.dir;
    const files = workspace.path(name);
    await repository.checkOut(revision.commit, files, join(workspace.dir, `${name}.index`), signal);
    const dir = join(files, repository.prefix);
    if (!existsSync(join(dir, "Pulumi.yaml"))) {
        throw new FailedError(
            `There is no ${repository.prefix}Pulumi.yaml in ${revision.ref}, so that there is nothing to compare with.`,
        );
    }
    await addPackages(dir, revision, options);
    return dir;
}

async function addPackages(dir: string, revision: Revision, options: CheckoutOptions): Promise<void> {
    const { repository, project, note, signal } = options;
    const wanted = await repository.show(revision.commit, LOCKFILE);
    const own = join(project.dir, LOCKFILE);
    const modules = join(project.dir, "node_modules");
    const same = wanted === (existsSync(own) ? readFileSync(own, "utf8").replace(/\r?\n$/, "") : undefined);
    if (same && existsSync(modules)) {
        linkPackages(modules, join(dir, "node_modules"));
        return;
    }
    if (wanted === undefined)
        throw new FailedError(`There is no ${LOCKFILE} in ${revision.ref}, so that nobody knows its packages.`);
    note(`${revision.ref} locks other packages than this tree has: installing them for it (npm ci).`);
    // Nothing of theirs runs before the program does.
    const args = ["ci", "--omit=dev", "--ignore-scripts", "--no-fund", "--no-audit", "--prefer-offline"];
    const { failed, problem } = await runProcess("npm", args, { cwd: dir, signal });
    if (failed) throw new FailedError(`The packages of ${revision.ref} could not be installed:\n${problem}`);
}

/** Link by link, so that what is a link into the tree itself, a package of its workspace, leads into this revision's. */
function linkPackages(from: string, to: string): void {
    mkdirSync(to);
    for (const name of readdirSync(from)) {
        const [source, target] = [join(from, name), join(to, name)];
        if (lstatSync(source).isSymbolicLink()) symlinkSync(readlinkSync(source), target);
        else if (name.startsWith("@")) linkPackages(source, target);
        else symlinkSync(source, target);
    }
}
