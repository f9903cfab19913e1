import { setTimeout as sleep } from "node:timers/promises";

import type { BackedUpStore, Task, Toolbox } from "../backups/toolbox";
import { jsonOf } from "../backups/outcome";
import { describePlan, type RestorePlan, type UndoPlan } from "../backups/plan";
import { type Flow, goOn, takeBack, underWay } from "../backups/restore";
import { settled } from "../backups/settle";
import { EXIT, FailedError, UsageError } from "../errors";
import type { StackOptions } from "../options";
import type { Runtime } from "../runtime/runtime";
import type { ConfiguredSession } from "../session";
import { configure } from "../session";
import type { Output } from "../ui/output";
import { ask, requireAnswerable, unchanged } from "../ui/prompt";
import { duration } from "../ui/text";
import { openDeployed, runtimeOf } from "./deployed";
import { smokeOutcomes } from "./smoke";
import { calledAs, stackFlag } from "../words";

/** The store that holds the settings and secrets of the stack. */
const STACK_CONFIGURATION = "config";

interface RestoreOptions extends StackOptions {
    at: string;
    before?: string;
    into?: string;
    database?: string;
    table?: string;
    method?: string;
    graphOnly?: boolean;
    local?: boolean;
    safetyCopy: boolean;
    undo?: boolean;
    yes?: boolean;
}

interface Restore extends Flow {
    session: ConfiguredSession;
    runtime: Runtime;
    store: BackedUpStore;
    output: Output;
    options: RestoreOptions;
}

/** Puts a store of a stack back as a backup has it, or takes that back. */
export async function restore(name: string, options: RestoreOptions, output: Output): Promise<number> {
    requireAnswerable(output, options.yes, `restore ${name}`);
    const session = await configure(await openDeployed(options, output));
    const runtime = await runtimeOf(session);
    const toolbox = await runtime.toolbox();
    const store = await storeCalled(name, toolbox);
    const begun = await underWay(toolbox, name, stackFlag(session));
    const started = Date.now();
    const it: Restore = {
        ...{ session, runtime, toolbox, store, output, options },
        settle: (services) => settled(runtime, services),
        say: (text) => output.progress(`${output.style.cyan("•")} ${text}`),
        onLog: ({ message, level }) => {
            if (level >= 40 || output.verbose) output.progress(output.style.dim(`  ${message}`));
        },
    };
    const done = await (options.undo ? undo(it, begun) : begun.length > 0 ? resume(it, begun) : begin(it));
    if (done === undefined) return unchanged(output);
    const failed = options.into === undefined ? await smokeTest(it) : [];
    const seconds = (Date.now() - started) / 1000;
    if (output.json) output.printJson({ stack: session.stack.name, store: name, ...done, seconds, failed });
    else output.print(`${output.style.green("✓")} ${done.summary}, in ${duration(seconds)}.`, ...hints(it));
    if (failed.length === 0) return EXIT.done;
    throw new FailedError(
        `${session.stack.name} does not pass its smoke test:\n${failed.map((one) => `  ${one}`).join("\n")}`,
        `"gw restore ${name}${stackFlag(session)} --undo" goes back to what was there before.`,
    );
}

interface Done {
    summary: string;
    backup?: string;
}

async function begin(it: Restore): Promise<Done | undefined> {
    const { toolbox, store, options, output, session } = it;
    refuseConfiguration(it);
    const run = new Date().toISOString().replace(/\D/g, "");
    const args = argumentsOf(store.name, options);
    const plan = jsonOf<RestorePlan>(await toolbox.ask([...args, "--plan", "--json"], store.name));
    const stops = plan.stops ? store.users : [];
    output.progress(...describePlan(plan, { stops, stack: session.stack.name }, output.style));
    if (!(await agreed(it, "Restore it?"))) return undefined;
    const task: Task = {
        run,
        step: "prepare",
        store: store.name,
        args: [...args, "--run", run],
        swaps: plan.stops,
        stops,
    };
    await toolbox.begin(task);
    await goOn(it, [task]);
    const { id } = plan.backup;
    const summary =
        options.into === undefined
            ? `${store.name} is what ${id} holds`
            : `${options.into} is what ${id} holds, beside the live ${store.name}`;
    return { summary, backup: id };
}

async function resume(it: Restore, begun: Task[]): Promise<Done | undefined> {
    const { store, output } = it;
    const undoing = begun.some(({ step }) => step === "undo");
    output.progress(`${undoing ? "The way back from a" : "A"} restore of ${store.name} was interrupted.`);
    if (!(await agreed(it, "Finish it?"))) return undefined;
    await goOn(it, begun);
    return { summary: undoing ? `${store.name} is what it was before its restore` : `${store.name} is restored` };
}

async function undo(it: Restore, begun: Task[]): Promise<Done | undefined> {
    const { toolbox, store, output } = it;
    const run = begun[0]?.run;
    const which = run === undefined ? [] : ["--run", run];
    const summary = `${store.name} is what it was before its restore`;
    const already = begun.find(({ step }) => step === "undo");
    if (!already && run !== undefined) {
        output.progress(`A restore of ${store.name} is under way.`);
        if (!(await agreed(it, "End it, and go back?"))) return undefined;
        for (const task of begun.filter(({ step }) => step === "prepare")) await toolbox.forget(task);
    }
    const asked = await toolbox.ask(["restore", store.name, "--undo", "--plan", ...which], store.name);
    // It had not come to where it leaves anything behind.
    if (asked.exitCode !== 0 && run !== undefined && /no restore to undo/.test(asked.error?.message ?? "")) {
        for (const task of begun) await toolbox.forget(task);
        return { summary };
    }
    const plan = jsonOf<UndoPlan>(asked);
    const stops = plan.stops ? store.users : [];
    if (run === undefined) {
        output.progress(`The restore of ${plan.backup}, of ${plan.at}, is taken back.`);
        if (stops.length > 0) output.progress(`Meanwhile ${stops.join(", ")} is stopped.`);
        if (!(await agreed(it, "Go back?"))) return undefined;
    }
    const task: Task = already ?? {
        ...{ run: run ?? plan.at, step: "undo", store: store.name, swaps: false, stops },
        args: ["restore", store.name, "--undo", ...which],
    };
    if (!already) await toolbox.begin(task);
    await takeBack(it, task, begun);
    return { summary, backup: plan.backup };
}

async function agreed({ options }: Restore, question: string): Promise<boolean> {
    return options.yes === true || (await ask(question, ["yes", "no"])) === "yes";
}

/** Nobody has a volume with it: it is made by `gw up`, from the stack's file and its state. */
function refuseConfiguration({ store }: Restore): void {
    if (store.name !== STACK_CONFIGURATION) return;
    throw new UsageError(
        "The stack's own configuration is what gw up writes, and is not put back.",
        "Its backup is read with the toolbox: backup restore config --into <folder>.",
    );
}

/** Of `backup restore`, for the plan and the run. */
function argumentsOf(store: string, options: RestoreOptions): string[] {
    const { at, before, into, database, table, method, graphOnly, local, safetyCopy } = options;
    const named = { at, before, into, database, table, method };
    return [
        ...["restore", store],
        ...Object.entries(named).flatMap(([name, value]) => (value === undefined ? [] : [`--${name}`, value])),
        ...(graphOnly ? ["--graph-only"] : []),
        ...(local ? ["--local"] : []),
        // What is live stays as it is.
        ...(safetyCopy && into === undefined ? [] : ["--no-safety-copy"]),
    ];
}

async function storeCalled(name: string, toolbox: Toolbox): Promise<BackedUpStore> {
    const stores = await toolbox.stores();
    const store = stores.find((one) => one.name === name);
    if (store) return store;
    const known = stores.map((one) => one.name).sort();
    throw new UsageError(`This stack has no backups of a store "${name}".`, `It backs up ${known.join(", ")}.`);
}

/** For services to find a store again that was away; they look for it every few seconds. */
const RECONNECT_MS = 60_000;
const AGAIN_MS = 2_000;

/** What fails of it still when services have had the time to find the store again. */
async function smokeTest({ session, runtime, output, say }: Restore): Promise<string[]> {
    say("checking the stack from outside");
    for (const until = Date.now() + RECONNECT_MS; ; await sleep(AGAIN_MS)) {
        const outcomes = await smokeOutcomes(session, runtime, output);
        const failed = outcomes.filter(({ status }) => status === "failed");
        if (failed.length === 0 || Date.now() > until) return failed.map(({ name, detail }) => `${name}: ${detail}`);
    }
}

function hints({ options, session, store }: Restore): string[] {
    if (options.undo || options.into !== undefined) return [];
    return [`What was there before is kept: ${calledAs()} restore ${store.name}${stackFlag(session)} --undo`];
}
