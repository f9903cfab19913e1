/** `gw rebuild`: a stack that is gone, from its bucket and this repository. */
import { beginRebuild, bringStoresBack, goOn, type RebuildOptions } from "../backups/rebuild";
import { forgetRebuilding, readRebuilding, type Rebuilding } from "../backups/rebuilding";
import { EXIT, FailedError } from "../errors";
import { prepare } from "../runs/prepare";
import { runtimeOf } from "../runtime/deployed";
import { configure, openSession } from "../session";
import { failuresAfterRestore } from "../smoke/smoke-test";
import type { Output } from "../ui/output";
import { requireAnswerable, unchanged } from "../ui/prompt";
import { duration } from "../ui/text";
import { stackFlag } from "../words";
import { up } from "./up";

/** Deploys a stack anew where it is gone, with the secrets that it had, and puts back every store from before. */
export async function rebuild(options: RebuildOptions, output: Output): Promise<number> {
    const prepared = await prepare(options, output);
    const { project, stack } = prepared.session;
    requireAnswerable(output, options.yes, `rebuild ${stack.name}`);
    const started = Date.now();
    const begun = readRebuilding(project, stack.name);
    if (begun) output.progress(`The rebuild of ${stack.name} that was begun at ${begun.before} goes on.`);
    const rebuilding = begun ? goOn(begun, prepared.session, options) : await beginRebuild(prepared, options, output);
    if (rebuilding === undefined) return unchanged(output);
    const quiet: Output = { ...output, json: false, print: (...lines) => output.progress(...lines) };
    const code = await up({ ...options, yes: true }, quiet);
    if (code !== EXIT.done) return code;
    const session = await configure(await openSession(options, output), { target: options.target });
    const runtime = await runtimeOf(session, options.target);
    await bringStoresBack(session, runtime, { rebuilding, options, output });
    const say = (text: string): void => output.progress(`${output.style.cyan("•")} ${text}`);
    const failed = await failuresAfterRestore({ session, runtime, output: quiet, say });
    forgetRebuilding(project, stack.name);
    const seconds = (Date.now() - started) / 1000;
    report(stack.name, { rebuilding, seconds, failed }, output);
    if (failed.length === 0) return EXIT.done;
    throw new FailedError(
        `${stack.name} is rebuilt and does not pass its smoke test:\n${failed.map((one) => `  ${one}`).join("\n")}`,
        `"gw status${stackFlag(session)}" and "gw logs${stackFlag(session)}" say why; "gw smoke${stackFlag(session)}" checks again.`,
    );
}

function report(
    stack: string,
    { rebuilding, seconds, failed }: { rebuilding: Rebuilding; seconds: number; failed: string[] },
    output: Output,
): void {
    const { done, before } = rebuilding;
    if (output.json) {
        output.printJson({ stack, before, stores: done, seconds, failed });
        return;
    }
    const times = Object.entries(done).map(([store, took]) => `${store} in ${duration(took)}`);
    output.print(`${output.style.green("✓")} ${stack} is rebuilt, in ${duration(seconds)}: ${times.join(", ")}.`);
}
