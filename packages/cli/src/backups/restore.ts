/** What `gw restore` and `gw rebuild` do with a store: it is brought back, that is undone, or what is set aside for that removed. */
import { STACK_FILES } from "../../../../components/backup/layout";
import { STACK_CONFIGURATION } from "../../../../systems/backup";
import { UsageError } from "../errors";
import type { StackOptions } from "../options";
import { dockerCommand } from "../runs/ownership";
import type { Runtime } from "../runtime/runtime";
import type { ConfiguredSession } from "../session";
import type { Output } from "../ui/output";
import { ask } from "../ui/prompt";
import { stackFlag } from "../words";
import { jsonOf } from "./outcome";
import { describePlan, type RestorePlan, type UndoPlan } from "./describe-plan";
import { type Flow, goOn, takeBack } from "./restore-steps";
import { settled } from "./settle";
import type { BackedUpStore, Task } from "./toolbox";

/** As the options of `gw restore` say it, which `command-line/backups.ts` describes. */
export interface RestoreOptions extends StackOptions {
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
    clear?: boolean;
    yes?: boolean;
}

export interface Restore extends Flow {
    session: ConfiguredSession;
    runtime: Runtime;
    store: BackedUpStore;
    output: Output;
    options: RestoreOptions;
}

/** Tells of its steps as it goes. */
export function restoreOf(parts: Omit<Restore, "settle" | "say" | "onLog">): Restore {
    const { runtime, output } = parts;
    return {
        ...parts,
        settle: (services) => settled(runtime, services),
        say: (text) => output.progress(`${output.style.cyan("•")} ${text}`),
        onLog: ({ message, level }) => {
            if (level >= 40 || output.verbose) output.progress(output.style.dim(`  ${message}`));
        },
    };
}

interface Done {
    summary: string;
    backup?: string;
}

/**
 * From the beginning, or from where it was interrupted.
 * @param begun what is on the engine of it
 * @returns undefined when the user does not want it
 */
export function bringBack(it: Restore, begun: Task[]): Promise<Done | undefined> {
    return begun.length > 0 ? resume(it, begun) : begin(it);
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

const INTERRUPTED = {
    prepare: { what: "A restore", summary: "is restored" },
    undo: { what: "The way back from a restore", summary: "is what it was before its restore" },
    clear: { what: "The removal of what was before restores", summary: "keeps nothing of earlier restores" },
};

async function resume(it: Restore, begun: Task[]): Promise<Done | undefined> {
    const { store, output } = it;
    const kind = (["undo", "clear"] as const).find((step) => begun.some((task) => task.step === step)) ?? "prepare";
    const { what, summary } = INTERRUPTED[kind];
    output.progress(`${what} of ${store.name} was interrupted.`);
    if (!(await agreed(it, "Finish it?"))) return undefined;
    await goOn(it, begun);
    return { summary: `${store.name} ${summary}` };
}

/** Takes the last restore back, or the one that is under way. */
export async function undo(it: Restore, begun: Task[]): Promise<Done | undefined> {
    const { toolbox, store, output } = it;
    if (begun.some(({ step }) => step === "clear"))
        throw new UsageError(
            `What there was before the restores of ${store.name} is being removed.`,
            `"gw restore ${store.name}${stackFlag(it.session)} --clear" goes on with it.`,
        );
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
        run: run ?? plan.at,
        step: "undo",
        store: store.name,
        swaps: false,
        stops,
        args: ["restore", store.name, "--undo", ...which],
    };
    if (!already) await toolbox.begin(task);
    await takeBack(it, task, begun);
    return { summary, backup: plan.backup };
}

/** Removes what earlier restores have set aside. */
export async function clear(it: Restore, begun: Task[]): Promise<Done | undefined> {
    const { toolbox, store, output, session } = it;
    if (begun.some(({ step }) => step !== "clear"))
        throw new UsageError(
            `A restore of ${store.name} was begun and is not finished.`,
            `"gw restore ${store.name}${stackFlag(session)}" finishes it; then there is something to remove.`,
        );
    if (begun.length > 0) return resume(it, begun);
    const args = ["restore", store.name, "--clear"];
    const kept = jsonOf<{ backup: string; at: string }[]>(await toolbox.ask([...args, "--plan"], store.name));
    const summary = `${store.name} ${INTERRUPTED.clear.summary}`;
    if (kept.length === 0) return { summary };
    output.progress(...kept.map(({ backup, at }) => `  what there was before the restore of ${backup}, at ${at}`));
    if (!(await agreed(it, "Remove it? None of these can be undone after that."))) return undefined;
    const run = new Date().toISOString().replace(/\D/g, "");
    const task: Task = { run, step: "clear", store: store.name, args, swaps: false, stops: [] };
    await toolbox.begin(task);
    await goOn(it, [task]);
    return { summary };
}

async function agreed({ options }: Restore, question: string): Promise<boolean> {
    return options.yes === true || (await ask(question, ["yes", "no"])) === "yes";
}

/** Nobody has a volume with it: it is made by `gw up`, from the stack's file and its state. */
function refuseConfiguration({ store, session: { config, stack } }: Restore): void {
    if (store.name !== STACK_CONFIGURATION) return;
    const folder = "/tmp/config";
    const toolbox = `${dockerCommand(config.docker.host)} exec gw-${stack.name}-backup`;
    throw new UsageError(
        "The stack's own configuration is what gw up writes, and is not put back.",
        config.target === "kubernetes"
            ? "Once the stack is gone, gw rebuild brings it up with the secrets in it."
            : `To read its newest backup, or with --at an older one:\n` +
                  `  ${toolbox} backup restore ${store.name} --into ${folder}\n` +
                  `  ${toolbox} cat ${folder}/files/${STACK_FILES.settings}    (the secrets: ${STACK_FILES.secrets})`,
    );
}

/** The arguments of `backup restore`, for the plan and the run. */
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
