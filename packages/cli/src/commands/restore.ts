/** `gw restore`: one store of a stack, from its backups. */
import { bringBack, clear, type Restore, restoreOf, type RestoreOptions, undo } from "../backups/restore";
import { underWay } from "../backups/restore-steps";
import { storeCalled } from "../backups/toolbox";
import { EXIT, FailedError } from "../errors";
import { openDeployed, runtimeOf } from "../runtime/deployed";
import { configure } from "../session";
import { failuresAfterRestore } from "../smoke/smoke-test";
import type { Output } from "../ui/output";
import { requireAnswerable, unchanged } from "../ui/prompt";
import { duration } from "../ui/text";
import { asCalled, stackFlag } from "../words";

/** Puts a store of a stack back as a backup has it, or takes that back. */
export async function restore(name: string, options: RestoreOptions, output: Output): Promise<number> {
    requireAnswerable(output, options.yes, `restore ${name}`);
    const session = await configure(await openDeployed(options, output));
    const runtime = await runtimeOf(session);
    const toolbox = await runtime.toolbox();
    const store = await storeCalled(name, toolbox);
    const begun = await underWay(toolbox, name, stackFlag(session));
    const started = Date.now();
    const it = restoreOf({ session, runtime, toolbox, store, output, options });
    const done = await (options.clear ? clear(it, begun) : options.undo ? undo(it, begun) : bringBack(it, begun));
    if (done === undefined) return unchanged(output);
    const failed = options.into === undefined && !options.clear ? await failuresAfterRestore(it) : [];
    const seconds = (Date.now() - started) / 1000;
    if (output.json) output.printJson({ stack: session.stack.name, store: name, ...done, seconds, failed });
    else output.print(`${output.style.green("✓")} ${done.summary}, in ${duration(seconds)}.`, ...hints(it));
    if (failed.length === 0) return EXIT.done;
    throw new FailedError(
        `${session.stack.name} does not pass its smoke test:\n${failed.map((one) => `  ${one}`).join("\n")}`,
        `"gw restore ${name}${stackFlag(session)} --undo" goes back to what was there before.`,
    );
}

function hints({ options, session, store }: Restore): string[] {
    if (options.undo || options.clear || options.into !== undefined) return [];
    return [asCalled(`What was there before is kept: gw restore ${store.name}${stackFlag(session)} --undo`)];
}
