import { followEngine } from "../docker/moved";
import { EXIT } from "../errors";
import type { RunOptions } from "../options";
import { dockerHostOf } from "../runtime/deployed";
import { openSession, openState } from "../session";
import { type ChangeCounts, summarise } from "../ui/operations";
import type { Output } from "../ui/output";
import { ask, requireAnswerable, unchanged } from "../ui/prompt";
import { watched } from "../runs/watch";

interface RefreshOptions extends RunOptions {
    previewOnly?: boolean;
}

/** Reads what really runs and corrects the state by it. Changes nothing that runs. */
export async function refresh(options: RefreshOptions, output: Output): Promise<number> {
    const session = await openSession(options, output);
    const { stack } = session;
    if (options.previewOnly !== true) requireAnswerable(output, options.yes, `correct the state of ${stack.name}`);
    const engine = await openState(session, options);
    if (engine.kind === "embedded") {
        const state = await engine.exportState();
        await followEngine({ stack: stack.name, state, host: dockerHostOf(session), runsProgram: false });
    }
    if (options.yes !== true || options.previewOnly === true) {
        const { result } = await watched(output, (run) => engine.refresh({ preview: true }, run));
        if (options.previewOnly === true) return tell(result.changes, "would be", stack.name, output);
        output.note(said(result.changes, "would be", output));
        if ((await ask("Correct the state?", ["yes", "no"])) !== "yes") return unchanged(output);
    }
    const next = "What could be read is in the state; run it again for the rest.";
    const { result } = await watched(output, (run) => engine.refresh({}, run), { next });
    return tell(result.changes, "is", stack.name, output);
}

function said(changes: ChangeCounts, verb: string, output: Output): string {
    return `The state ${verb} corrected: ${summarise(changes, "done", output.style)}.`;
}

function tell(changes: ChangeCounts, verb: string, stack: string, output: Output): number {
    if (output.json) output.printJson({ stack, changes });
    else output.print(said(changes, verb, output));
    return EXIT.done;
}
