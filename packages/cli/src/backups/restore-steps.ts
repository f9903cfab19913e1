/** The steps of a restore, and the way back: each is on the engine while it is under way, so that an interrupted one goes on. */
import { UsageError } from "../errors";
import { expectDone } from "./outcome";
import type { OnLog, Task, Toolbox } from "./toolbox";

export interface Flow {
    toolbox: Toolbox;
    /** Waits until services are well again. @throws FailedError when they are not in time */
    settle(services: string[]): Promise<void>;
    /** A step has begun. */
    say(text: string): void;
    onLog: OnLog;
}

/** From the beginning, or from wherever it was interrupted, to its end. @param begun what is on the engine of it */
export async function goOn(flow: Flow, begun: Task[]): Promise<void> {
    const { toolbox, say } = flow;
    const stepOf = (step: Task["step"]): Task | undefined => begun.find((task) => task.step === step);
    const clear = stepOf("clear");
    if (clear) return removeAside(flow, clear);
    const undo = stepOf("undo");
    if (undo) return takeBack(flow, undo, begun);
    const prepare = stepOf("prepare");
    let swap = stepOf("swap");
    if (prepare && !swap) {
        say(`restoring ${prepare.store} beside the live data`);
        const outcome = await toolbox.finish(prepare, flow.onLog);
        if (outcome.exitCode !== 0) await toolbox.forget(prepare);
        expectDone(outcome);
        if (prepare.swaps) {
            const { run, store } = prepare;
            swap = { ...prepare, step: "swap", args: ["restore", store, "--swap", "--run", run] };
            await toolbox.begin(swap);
        }
    }
    if (prepare) await toolbox.forget(prepare);
    if (!swap) return;
    say(`putting it in place of the live ${swap.store}`);
    await finishStopped(flow, swap);
}

/** Takes a restore back. @param begun what is on the engine of it */
export async function takeBack(flow: Flow, undo: Task, begun: Task[]): Promise<void> {
    for (const other of begun.filter(({ step }) => step !== "undo")) await flow.toolbox.forget(other);
    flow.say(`taking the restore of ${undo.store} back`);
    await finishStopped(flow, undo);
}

/** What is live is not touched: nothing is stopped. */
async function removeAside(flow: Flow, task: Task): Promise<void> {
    flow.say(`removing what restores of ${task.store} have set aside`);
    const outcome = await flow.toolbox.finish(task, flow.onLog);
    await flow.toolbox.forget(task);
    expectDone(outcome);
}

/** Runs a step with the services stopped, and starts them whatever it came to. */
async function finishStopped(flow: Flow, task: Task): Promise<void> {
    const { toolbox, settle, say } = flow;
    const { stops } = task;
    if (stops.length > 0) {
        say(`stopping ${stops.join(", ")}`);
        await toolbox.stop(stops);
    }
    const outcome = await flow.toolbox.finish(task, flow.onLog);
    if (stops.length > 0) {
        say(`starting ${stops.join(", ")}`);
        await toolbox.start(stops);
        await settle(stops);
    }
    await toolbox.forget(task);
    expectDone(outcome);
}

/**
 * What is under way of a store; empty where nothing is.
 * @param flag options that name the stack, for commands that users copy
 * @throws UsageError when it is another store's: one restore at a time
 */
export async function underWay(toolbox: Toolbox, store: string, flag: string): Promise<Task[]> {
    const begun = await toolbox.begun();
    const other = begun.find((task) => task.store !== store);
    if (!other) return begun;
    throw new UsageError(
        `A restore of ${other.store} was begun and is not finished.`,
        `"gw restore ${other.store}${flag}" finishes it, "gw restore ${other.store}${flag} --undo" takes it back.`,
    );
}
