/** What `gw rebuild` does beside `gw up`: it looks into the bucket for what a stack was, and brings the stores back. */
import { BACKUP_PASSWORD, STACK_CONFIGURATION } from "../../../../systems/backup";
import { FailedError, UsageError } from "../errors";
import { imageOf } from "../images/resolve";
import type { RunOptions } from "../options";
import { stacksWithState } from "../project";
import { buildImages } from "../runs/build-images";
import type { Prepared } from "../runs/prepare";
import { quietly } from "../runs/watch";
import { runtimeOf } from "../runtime/deployed";
import type { Runtime } from "../runtime/runtime";
import { type ConfiguredSession, openEngine } from "../session";
import { setSecrets } from "../stack/secrets";
import type { Output } from "../ui/output";
import { ask } from "../ui/prompt";
import { stackFlag } from "../words";
import { cannotOpen, describeRebuild, drawnSecrets, planned, type Planned, wantedStores } from "./rebuild-plan";
import { type Rebuilding, writeRebuilding } from "./rebuilding";
import { bringBack, restoreOf } from "./restore";
import { underWay } from "./restore-steps";
import { newestBackups, opens, type Repository, secretsIn, type Standalone, standaloneFiles } from "./standalone";

export interface RebuildOptions extends RunOptions {
    /** Stores that are not brought back, by name. */
    without?: string[];
    /** Which kind of Postgres' backups: `physical` or `logical`. Default: what brings back most. */
    method?: string;
}

/** Looks what the bucket has, asks, and takes the secrets over. @returns undefined when the user does not want it */
export async function beginRebuild(
    prepared: Prepared,
    options: RebuildOptions,
    output: Output,
): Promise<Rebuilding | undefined> {
    const { session } = prepared;
    const { project, stack, system, config } = session;
    const repository = repositoryOf(session);
    const runtime = await runtimeOf(session, options.target);
    await refuseWhatIsThere(runtime, session);
    const stores = wantedStores(session, options.without ?? []);
    const before = new Date();
    await buildImages(prepared, output);
    output.progress(`${output.style.cyan("•")} looking into the bucket ${repository.bucket.name}`);
    const image = imageOf(system.backup!.image, config);
    const { plan, secrets } = await quietly(output, async ({ signal }) => {
        const toolbox = await runtime.standalone({ image, files: standaloneFiles(repository) });
        // It holds the keys to the bucket: whoever stops this waits until it is gone.
        try {
            return await lookInto(toolbox, { stores, before, session, options, signal });
        } finally {
            await toolbox.close();
        }
    });
    output.progress(...describeRebuild(plan, { stack: stack.name, secrets: Object.keys(secrets).length }, output));
    if (options.yes !== true && (await ask("Rebuild it?", ["yes", "no"])) !== "yes") return undefined;
    await setSecrets(session, secrets);
    const rebuilding: Rebuilding = {
        before: before.toISOString(),
        stores: plan.map(({ store }) => store).filter((store) => store !== STACK_CONFIGURATION),
        method: options.method,
        done: {},
    };
    writeRebuilding(project, stack.name, rebuilding);
    return rebuilding;
}

interface Wanted {
    stores: string[];
    before: Date;
    session: ConfiguredSession;
    options: RebuildOptions;
    signal?: AbortSignal;
}

/** What the bucket has of it. @throws UsageError where that is not all, or cannot be brought back here */
async function lookInto(
    toolbox: Standalone,
    { stores, before, session, options, signal }: Wanted,
): Promise<{ plan: Planned[]; secrets: Record<string, string> }> {
    const flag = stackFlag(session);
    const goesOn = (): void => {
        if (signal?.aborted) throw new FailedError("Stopped. Nothing was made.");
    };
    goesOn();
    const backups = await newestBackups(toolbox, before);
    goesOn();
    const plan = planned(stores, backups, { flag, method: options.method });
    for (const one of plan) if (!(await opens(toolbox, one.backup))) throw cannotOpen(one, backups, flag);
    const own = plan.find(({ store }) => store === STACK_CONFIGURATION);
    // A state that is still there has the secrets itself.
    const isNew = own !== undefined && !(await hasState(session, options));
    const secrets = isNew ? drawnSecrets(await secretsIn(toolbox, own.backup.id), session) : {};
    goesOn();
    return { plan, secrets };
}

/** @throws UsageError where the backups are not in a bucket that outlives the stack, or nobody has given what opens it */
function repositoryOf({ stack, config, engineConfig }: ConfiguredSession): Repository {
    const { enabled, bucket } = config.backup;
    if (!enabled || bucket === undefined)
        throw new UsageError(
            `${stack.name} has no backups.`,
            "There is nothing to rebuild it from: gw up makes it anew, empty.",
        );
    if (bucket.kind === "local")
        throw new UsageError(
            `The bucket of ${stack.name} is in the stack itself, and gone with it.`,
            "Where its volume is still there, gw up finds it again, and gw restore what it holds.",
        );
    if (bucket.kind === "aws")
        throw new UsageError(
            `The keys to the bucket of ${stack.name} are in its state.`,
            "Put that back (pulumi stack import), gw up, and gw restore each store with --before and the time at which you began.",
        );
    if (!config.givenSecrets.includes(BACKUP_PASSWORD))
        throw new UsageError(
            `${BACKUP_PASSWORD} is not in the stack's file, and nothing opens the backups without it.`,
            `Set it to the one that they were made with: gw config set secrets.${BACKUP_PASSWORD} --stack ${stack.name}`,
        );
    const secrets = JSON.parse(engineConfig["groundwork:secrets"]!.value) as Record<string, string>;
    return { stack: stack.name, system: config.system, bucket, secrets };
}

async function refuseWhatIsThere(runtime: Runtime, session: ConfiguredSession): Promise<void> {
    const there = await runtime.leftovers();
    if (there.length === 0) return;
    const { stack } = session;
    const flag = stackFlag(session);
    throw new UsageError(
        `${stack.name} is not gone: there are ${there.slice(0, 5).join(", ")}${there.length > 5 ? " and more" : ""}.`,
        `"gw up${flag}" repairs what runs, "gw restore <store>${flag}" brings one store back. Where all of it is to come from the backups, remove what is left first.`,
    );
}

async function hasState(session: ConfiguredSession, options: RebuildOptions): Promise<boolean> {
    const { project, stack, engineKind } = session;
    if (engineKind === "embedded") return stacksWithState(project).includes(stack.name);
    const { deployment } = await (await openEngine(session, options)).exportState();
    return (deployment.resources?.length ?? 0) > 0;
}

/** One that was begun, as it goes on: without a store that is not wanted any more. */
export function goOn(begun: Rebuilding, session: ConfiguredSession, options: RebuildOptions): Rebuilding {
    const { project, stack, system } = session;
    const wanted = wantedStores({ system }, options.without ?? []);
    const rebuilding = { ...begun, stores: begun.stores.filter((store) => wanted.includes(store)) };
    writeRebuilding(project, stack.name, rebuilding);
    return rebuilding;
}

/** Those of the rebuild that are not done yet, one after the other. */
export async function bringStoresBack(
    session: ConfiguredSession,
    runtime: Runtime,
    { rebuilding, options, output }: { rebuilding: Rebuilding; options: RebuildOptions; output: Output },
): Promise<void> {
    const toolbox = await runtime.toolbox();
    const known = await toolbox.stores();
    for (const name of rebuilding.stores.filter((store) => rebuilding.done[store] === undefined)) {
        const began = Date.now();
        const store = known.find((one) => one.name === name);
        if (!store) throw new FailedError(`The stack that is there has no store "${name}".`);
        const begun = await underWay(toolbox, name, stackFlag(session));
        // What is live is the empty store of the new stack.
        const method = store.driver === "postgres" ? (options.method ?? rebuilding.method) : undefined;
        const restore = { ...options, method, yes: true, at: "latest", before: rebuilding.before, safetyCopy: false };
        await bringBack(restoreOf({ session, runtime, toolbox, store, output, options: restore }), begun);
        rebuilding.done[name] = (Date.now() - began) / 1000;
        writeRebuilding(session.project, session.stack.name, rebuilding);
    }
}
