/** Compares two revisions, stack by stack. */
import { availableParallelism } from "node:os";
import { join } from "node:path";

import pLimit from "p-limit";

import type { Run } from "../engines/engine";
import { describeError, UsageError } from "../errors";
import { type Project, projectAt } from "../project";
import { resolveStack } from "../stack/resolve";
import { changesOf, comparedStack, type PlannedStack } from "./changes";
import { checkOut, Workspace } from "./checkout";
import { Repository, type Revision, WORKTREE } from "./git";
import { planStack, RevisionError } from "./plan";
import { policyChanges, type StackPolicies, stackPolicies } from "./policies";
import { closedConfig, type Given, givenTo, inOrder, type StackName, stacksOf } from "./stacks";
import type { ComparedStack, Failure, Report, ReportedRevision } from "./types";

export interface ReportSettings {
    base: string;
    head: string;
    /** Absent: all of both revisions. */
    stack?: string;
    system?: string;
    environment?: string;
    verbose: boolean;
}

/** One revision, ready to be run. */
interface Side {
    revision: "base" | "head";
    project: Project;
    stacks: StackName[];
    /** By stack; absent where there is a failure instead. */
    given: Map<string, Given>;
    failures: { stack: string; message: string }[];
}

/**
 * @param note tells the user of what takes long or is not as it may seem
 * @throws UsageError when there is no such revision or stack
 */
export async function makeReport(
    project: Project,
    settings: ReportSettings,
    run: Run,
    note: (line: string) => void,
): Promise<Report> {
    const repository = await Repository.of(project.dir);
    const base = await repository.revision("--base", settings.base);
    const head = await repository.revision("--head", settings.head);
    const report: Report = {
        base: reported(base),
        head: reported(head),
        notes: await notes(repository, base, head),
        stacks: [],
        changes: [],
        policies: { found: [], fixed: [] },
        failures: [],
    };
    const workspace = new Workspace();
    try {
        const options = { repository, project, workspace, note, signal: run.signal };
        const dirs = { base: await checkOut(base, "base", options), head: await checkOut(head, "head", options) };
        const sides = {
            base: await sideOf("base", dirs.base, settings, run),
            head: await sideOf("head", dirs.head, settings, run),
        };
        const stacks = chosen(sides.base, sides.head, settings);
        const limit = pLimit(availableParallelism());
        const found = await Promise.all(
            stacks.map((stack) =>
                limit(() => compare(stack, sides.base, sides.head, workspace, run, settings.verbose)),
            ),
        );
        report.stacks.push(...found.flatMap(({ compared }) => compared ?? []));
        report.changes.push(...changesOf(found.flatMap(({ planned }) => planned ?? [])));
        report.policies = policyChanges(
            found.flatMap(({ planned, policies }) => (planned && policies ? [{ stack: planned.stack, policies }] : [])),
        );
        report.failures.push(
            ...folded(
                found.flatMap(({ failures }) => failures),
                dirs,
            ),
        );
        return report;
    } finally {
        workspace.remove();
    }
}

function reported({ ref, commit, uncommitted }: Revision): ReportedRevision {
    return { ref, commit, uncommitted: uncommitted.length };
}

async function notes(repository: Repository, base: Revision, head: Revision): Promise<string[]> {
    const behind = await repository.behind(base, head);
    const unsaid = head.isWorktree ? [] : await repository.uncommitted();
    return [
        ...(behind > 0
            ? [
                  `${head.ref} lacks ${behind} commit(s) of ${base.ref}, which show as if they were taken back: compare with "git merge-base ${base.ref} ${head.isWorktree ? "HEAD" : head.ref}".`,
              ]
            : []),
        ...(head.uncommitted.length > 0 ? [`With ${head.uncommitted.length} file(s) that are not committed.`] : []),
        ...(unsaid.length > 0
            ? [`Without ${unsaid.length} file(s) that are not committed: --head ${WORKTREE} is with them.`]
            : []),
    ];
}

async function sideOf(revision: Side["revision"], dir: string, settings: ReportSettings, run: Run): Promise<Side> {
    const project = projectAt(dir);
    const all = await stacksOf(project);
    const stacks = all.filter(
        ({ stack, system, environment }) =>
            (settings.stack === undefined || settings.stack === stack) &&
            (settings.system === undefined || settings.system === system) &&
            (settings.environment === undefined || settings.environment === environment),
    );
    const side: Side = { revision, project, stacks, given: new Map(), failures: [] };
    const failed = (stack: string, error: unknown): void => {
        side.failures.push({ stack, message: describeError(error, settings.verbose).join("\n") });
    };
    const read: { stack: string; config: Awaited<ReturnType<typeof closedConfig>> }[] = [];
    for (const { stack } of stacks) {
        try {
            read.push({ stack, config: await closedConfig(project, stack) });
        } catch (error) {
            failed(stack, error);
        }
    }
    try {
        const given = await givenTo(
            dir,
            read.map(({ config }) => config),
            run.signal,
        );
        given.forEach((each, i) => side.given.set(read[i]!.stack, each));
    } catch (error) {
        for (const { stack } of read) failed(stack, error);
    }
    return side;
}

/** @throws UsageError when the options leave none */
function chosen(base: Side, head: Side, { stack, system, environment }: ReportSettings): StackName[] {
    const byName = new Map([...base.stacks, ...head.stacks].map((each) => [each.stack, each]));
    if (byName.size > 0) return inOrder([...byName.values()]);
    // Says what there is.
    if (stack !== undefined) resolveStack(head.project, { stack });
    const wanted = [stack, system, environment].filter((each) => each !== undefined).join(", ");
    throw new UsageError(`No stack of either revision is ${wanted === "" ? "there" : wanted}.`, 'See "gw stack ls".');
}

interface Found {
    compared?: ComparedStack;
    planned?: PlannedStack;
    policies?: StackPolicies;
    failures: { revision: Side["revision"]; stack: string; message: string }[];
}

async function compare(
    name: StackName,
    base: Side,
    head: Side,
    workspace: Workspace,
    run: Run,
    verbose: boolean,
): Promise<Found> {
    const { stack } = name;
    const [inBase, inHead] = [base, head].map((side) => side.stacks.some((each) => each.stack === stack));
    const failures = [base, head].flatMap(({ revision, failures }) =>
        failures.filter((failure) => failure.stack === stack).map((failure) => ({ revision, ...failure })),
    );
    if (failures.length > 0) return { failures };
    if (!inHead) {
        const counts = { create: 0, update: 0, replace: 0, delete: 0, same: 0 };
        return { compared: { ...name, counts, only: "base" }, failures };
    }
    const [given, wanted] = [base.given.get(stack), head.given.get(stack)!];
    try {
        const plan = await planStack({
            stack,
            base: given && { dir: base.project.dir, config: given.config },
            head: { dir: head.project.dir, config: wanted.config },
            stateDir: join(workspace.path("states"), stack),
            run,
        });
        const planned: PlannedStack = {
            ...name,
            ...plan,
            // What either of them takes for data is data.
            temporaryVolumes: wanted.temporaryVolumes.filter(
                (volume) => !given || given.temporaryVolumes.includes(volume),
            ),
            ...(!inBase && { only: "head" }),
        };
        const dirs = { base: given && base.project.dir, head: head.project.dir };
        return { compared: comparedStack(planned), planned, policies: stackPolicies(name, plan, dirs), failures };
    } catch (error) {
        if (!(error instanceof RevisionError)) throw error;
        return {
            failures: [{ revision: error.revision, stack, message: describeError(error.cause, verbose).join("\n") }],
        };
    }
}

/** The same message once; paths as they are in the repository. */
function folded(failures: Found["failures"], dirs: Record<Side["revision"], string>): Failure[] {
    const byMessage = new Map<string, Failure>();
    for (const { revision, stack, message } of failures) {
        const text = message.replaceAll(`${dirs[revision]}/`, "").trim();
        const key = `${revision} ${text.replaceAll(stack, "")}`;
        const known = byMessage.get(key);
        if (known) known.stacks.push(stack);
        else byMessage.set(key, { revision, stacks: [stack], message: text });
    }
    return [...byMessage.values()];
}
