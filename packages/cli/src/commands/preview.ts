import type { EngineEvent } from "@groundwork/engine/api";

import type { Engine } from "../engines/engine";
import { EXIT, FailedError } from "../errors";
import type { RunOptions } from "../options";
import { stacksWithState } from "../project";
import { type Cluster, reachCluster } from "../kubernetes/client";
import { type ConfiguredSession, openEngine } from "../session";
import { renderFateOfPlanned } from "../ui/fate-of-data";
import { changeCount } from "../ui/operations";
import type { Output } from "../ui/output";
import { renderPreview } from "../ui/preview";
import { type Entry, ProgressModel, renderEntry } from "../ui/progress";
import { stackFlag } from "../words";
import { prepare } from "../runs/prepare";
import { expectPrerequisites } from "../runs/prerequisites";
import { quietly } from "../runs/watch";

interface PreviewOptions extends RunOptions {
    diff?: boolean;
    expectNoChanges?: boolean;
}

/** How much longer than the preview a Docker engine may take to say what runs, in milliseconds. */
const PATIENCE_MS = 200;

/** Shows what `up` would do. With `--json`: exactly the digest, the same for both engines. */
export async function preview(options: PreviewOptions, output: Output): Promise<number> {
    const { session, images } = await prepare(options, output);
    await expectPrerequisites(session.config, () => reachable(session.config.kubernetes.context));
    const engine = await openEngine(session, options);
    if (images.reason !== undefined) output.note(images.reason);
    const aside = new AbortController();
    const model = new ProgressModel(Date.now());
    const judged: Entry[] = [];
    const onEvent = (event: EngineEvent): void => {
        judged.push(...model.apply(event, Date.now()).filter(({ kind }) => kind === "policy"));
    };
    const digest = await quietly(
        output,
        async (run) => {
            const going = engine.preview({}, { ...run, onEvent });
            // Begun after the program was, which takes longer.
            const looking = lookForChanges(session, engine, output, aside.signal);
            try {
                const digest = await going;
                for (const line of await unlessLate(looking, aside)) output.note(line);
                return digest;
            } finally {
                aside.abort();
            }
        },
        "comparing with what runs",
    );
    const { style } = output;
    const policies = judged.flatMap((entry) => renderEntry(entry, { columns: output.columns, style }));
    if (output.json) {
        output.note(...policies);
        output.printJson(digest);
    } else {
        const { stack, config } = session;
        output.print(
            style.bold(`Preview of ${stack.name}`) +
                style.dim(` (${config.system}, ${config.environment}, ${config.target}; ${engine.kind} engine)`),
            "",
            ...renderPreview(digest, { diff: options.diff === true, columns: output.columns, style }),
            ...renderFateOfPlanned(digest, output),
            ...(policies.length > 0 ? ["", ...policies] : []),
        );
    }
    return options.expectNoChanges === true && changeCount(digest.changeSummary) > 0 ? EXIT.failed : EXIT.done;
}

/** A preview may do without the cluster. */
async function reachable(context: string | undefined): Promise<Cluster | undefined> {
    try {
        return await reachCluster(context);
    } catch (error) {
        if (error instanceof FailedError) return undefined;
        throw error;
    }
}

/**
 * What `up` would find that was stopped, removed or disconnected by hand, as lines for people. Whatever keeps it from looking is no reason
 * to fail.
 */
async function lookForChanges(
    session: ConfiguredSession,
    engine: Engine,
    output: Output,
    signal: AbortSignal,
): Promise<string[]> {
    const { config, engineKind, project, stack } = session;
    // The Pulumi CLI takes a second to read its state, and another host may take as long to answer.
    if (config.target !== "docker" || engineKind !== "embedded" || !stacksWithState(project).includes(stack.name))
        return [];
    try {
        const [{ connectDocker }, { changedByHand, containersOf }] = await Promise.all([
            import("@groundwork/engine/docker"),
            import("../docker/drift.js"),
        ]);
        const { docker, local } = connectDocker(config.docker.host === undefined ? {} : { host: config.docker.host });
        if (!local) return [];
        const [state, containers] = await Promise.all([engine.exportState(), containersOf(docker, stack.name, signal)]);
        const changed = changedByHand(containers, state);
        if (changed.length === 0) return [];
        return [
            `Not as the state says: ${changed.join(", ")}; "gw up${stackFlag(session)}" reads what really runs first.`,
        ];
    } catch (error) {
        if (output.verbose && !signal.aborted)
            output.note(`What really runs was not looked at: ${(error as Error).message}`);
        return [];
    }
}

/** What was found so far, or a moment after; later it is given up. */
async function unlessLate(looking: Promise<string[]>, aside: AbortController): Promise<string[]> {
    const timer = setTimeout(() => aside.abort(), PATIENCE_MS);
    const late = new Promise<string[]>((resolve) => aside.signal.addEventListener("abort", () => resolve([])));
    try {
        return await Promise.race([looking, late]);
    } finally {
        clearTimeout(timer);
    }
}
