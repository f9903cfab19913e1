/** What git says of the repository that the project is in. */
import { FailedError, UsageError } from "../errors";
import { type Ended, type ProcessOptions, runProcess } from "../process";

/** For `--head`: the files as they are, committed or not. */
export const WORKTREE = "worktree";

export interface Revision {
    /** As it was asked for. */
    ref: string;
    commit: string;
    /** Paths with changes that are in no commit; of a commit: none. */
    uncommitted: string[];
    isWorktree: boolean;
}

export class Repository {
    private constructor(
        /** Top of the work tree. */
        readonly dir: string,
        /** Where the project is below it: empty, or ending with a slash. */
        readonly prefix: string,
    ) {}

    /** @throws UsageError when the directory is in no git repository */
    static async of(projectDir: string): Promise<Repository> {
        const found = await git(projectDir, ["rev-parse", "--show-toplevel", "--show-prefix"]);
        if (found.failed) {
            throw new UsageError(
                `${projectDir} is in no git repository, so that there are no revisions to compare: ${found.problem}`,
            );
        }
        const [dir = "", prefix = ""] = found.stdout.split("\n");
        return new Repository(dir, prefix);
    }

    /** @throws UsageError when there is no such commit, or the work tree is in the middle of a merge */
    async revision(option: "--base" | "--head", ref: string): Promise<Revision> {
        const isWorktree = option === "--head" && ref === WORKTREE;
        // A ref must not be taken for an option.
        const args = ["rev-parse", "--verify", "--quiet", "--end-of-options", `${isWorktree ? "HEAD" : ref}^{commit}`];
        const found = await git(this.dir, args);
        if (found.failed) {
            throw new UsageError(
                `${option}: there is no commit "${ref}" in ${this.dir}.`,
                `Name a branch, a tag or a commit that is here; "git fetch" brings those of a remote${option === "--head" ? `, and "${WORKTREE}" means the files as they are` : ""}.`,
            );
        }
        const uncommitted = isWorktree ? await this.uncommitted() : [];
        return { ref, commit: found.stdout, uncommitted, isWorktree };
    }

    /** Paths of the project with changes that are in no commit. @throws UsageError for conflicts that nobody has settled */
    async uncommitted(): Promise<string[]> {
        const { stdout } = await done(this.dir, [
            "status",
            "--porcelain=v1",
            "-z",
            "--no-renames",
            "--",
            this.prefix || ".",
        ]);
        const entries = stdout.split("\0").filter((entry) => entry !== "");
        const unmerged = entries
            .filter((entry) => /^(DD|AU|UD|UA|DU|AA|UU) /.test(entry))
            .map((entry) => entry.slice(3));
        if (unmerged.length > 0) {
            throw new UsageError(
                `The work tree has conflicts that are not settled: ${unmerged.join(", ")}.`,
                "Settle them first, or name a commit with --head.",
            );
        }
        return entries.map((entry) => entry.slice(3));
    }

    /** How many commits of `base` are not in `head`. */
    async behind(base: Revision, head: Revision): Promise<number> {
        const { stdout } = await done(this.dir, ["rev-list", "--count", `${head.commit}..${base.commit}`]);
        return Number(stdout);
    }

    /**
     * The text of a file of the project, as a commit has it, but for the end of its last line.
     * @returns undefined when there is no such file
     */
    async show(commit: string, path: string): Promise<string | undefined> {
        const found = await git(this.dir, ["cat-file", "blob", `${commit}:${this.prefix}${path}`]);
        return found.failed ? undefined : found.stdout;
    }

    /** Writes the files of a commit into an empty directory, without a trace in the repository. */
    async checkOut(commit: string, into: string, index: string, signal?: AbortSignal): Promise<void> {
        const env = { GIT_INDEX_FILE: index };
        await done(this.dir, ["read-tree", commit], { env, signal });
        await done(this.dir, ["checkout-index", "--all", "--force", `--prefix=${into}/`], { env, signal });
    }
}

type GitOptions = Pick<ProcessOptions, "env" | "signal">;

async function git(cwd: string, args: string[], options: GitOptions = {}): Promise<Ended> {
    const ended = await runProcess("git", args, { cwd, ...options });
    if (ended.missing) throw new UsageError("There is no git on PATH, which tells what the revisions are.");
    return ended;
}

/** @throws FailedError with what git says when it fails */
async function done(cwd: string, args: string[], options: GitOptions = {}): Promise<Ended> {
    const ended = await git(cwd, args, options);
    if (ended.failed) throw new FailedError(`git ${args[0]} failed: ${ended.problem}`);
    return ended;
}
