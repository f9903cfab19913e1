import { relative } from "node:path";

import type { UntypedDeployment } from "@groundwork/engine/api";
import { shellWord } from "@groundwork/engine/shell";

import { changedByHand, containersOf } from "../docker/drift";
import { followEngine } from "../docker/moved";
import { checkPorts } from "../docker/ports";
import { isOwnAuthority, saveCa } from "../runtime/certificate";
import { reachCluster } from "../kubernetes/client";
import { openRuntime } from "../runtime/open";
import type { Runtime } from "../runtime/runtime";
import type { StackStatus } from "../runtime/status";
import { type ConfiguredSession, openEngine } from "../session";
import { expectDone } from "../backups/outcome";
import { EXIT, FailedError, UsageError } from "../errors";
import { remember } from "../images/resolve";
import type { RunOptions } from "../options";
import { stacksWithState } from "../project";
import { healthAddress } from "../smoke/routes";
import { scheduledBackups, STACK_CONFIGURATION } from "../../../../systems/backup";
import { renderFateOfPlanned } from "../ui/fate-of-data";
import { changeCount, summarise } from "../ui/operations";
import { showWaiting } from "../ui/reporter";
import type { Output } from "../ui/output";
import { countShown } from "../ui/progress";
import { renderPreview } from "../ui/preview";
import { ask, requireAnswerable, unchanged } from "../ui/prompt";
import { renderHints, renderServices, renderTroubles } from "../ui/services";
import { duration } from "../ui/text";
import type { Engine, Outputs } from "../engines/engine";
import { buildImages } from "../runs/build-images";
import { expectPrerequisites } from "../runs/prerequisites";
import { nameUnknown, refuseForeignStack, refuseOtherSystem } from "../runs/ownership";
import { prepare, type Prepared } from "../runs/prepare";
import { quietly, watched } from "../runs/watch";
import { asCalled, stackFlag } from "../words";

/** Brings a stack up, or up to date. */
export async function up(options: RunOptions, output: Output): Promise<number> {
    const prepared = await prepare(options, output);
    const { session, images } = prepared;
    const { config, stack } = session;
    requireAnswerable(output, options.yes, `bring up ${stack.name}`);
    const engine = await openEngine(session, options);
    const changed: string[] = [];
    const state = await stateOf(session, engine);
    if (state !== undefined) refuseOtherSystem(stack.name, config.system, state);
    if (config.target === "docker") {
        changed.push(...(await lookForChanges(prepared, engine, state, output)));
        await checkPorts(await prepared.docker(), stack.name, config.edge);
    }
    await expectPrerequisites(config, () => reachCluster(config.kubernetes.context));
    if (images.reason !== undefined) output.progress(images.reason);
    await buildImages(prepared, output);
    if (changed.length > 0) {
        output.progress(`Not as the state says: ${changed.join(", ")}. Reading what really runs first.`);
        await quietly(output, (run) => engine.refresh({}, run), "reading what really runs");
    }

    let total: number | undefined;
    if (options.yes !== true) {
        const digest = await quietly(output, (run) => engine.preview({}, run), "comparing with what runs");
        total = countShown(digest.steps);
        const view = { diff: false, columns: output.columns, style: output.style };
        if (changeCount(digest.changeSummary) > 0 && !(await agreed(output, session, digest, view))) {
            return unchanged(output);
        }
    }
    const { result, reporter } = await watched(output, (run) => engine.up(run), {
        total,
        next:
            `What succeeded is kept and what ran before goes on. See more with "gw logs${stackFlag(session)}" and "gw status${stackFlag(session)}";\n` +
            `once the cause is gone, "gw up${stackFlag(session)}" goes on from here.`,
    });
    if (images.override) remember(session.project, stack.name, { ...images, reason: undefined });
    if (session.system.backup && changeCount(result.changes) > 0) await backUpConfiguration(session, output);
    const seconds = (Date.now() - reporter.model.startedAt) / 1000;
    await report(session, engine, { changes: result.changes, outputs: result.outputs, seconds }, output);
    return EXIT.done;
}

/** Absent where there is none. */
async function stateOf({ project, stack }: ConfiguredSession, engine: Engine): Promise<UntypedDeployment | undefined> {
    const isNew = engine.kind === "embedded" && !stacksWithState(project).includes(stack.name);
    return isNew ? undefined : engine.exportState();
}

/**
 * An engine compares the program with the state, so it would not see a container that was stopped, removed or disconnected by hand.
 * @returns what is not as the state says, by which the state has to be corrected first
 * @throws UsageError when the stack on the Docker engine is somebody else's
 */
async function lookForChanges(
    { session, docker }: Prepared,
    engine: Engine,
    state: UntypedDeployment | undefined,
    output: Output,
): Promise<string[]> {
    const { config, project, stack } = session;
    const containers = await containersOf((await docker()).docker, stack.name);
    const { stateDir } = project;
    if (state !== undefined && engine.kind === "embedded")
        await followEngine({ stack: stack.name, state, host: config.docker.host, runsProgram: true });
    const ownership = { stack: stack.name, stateDir, dockerHost: config.docker.host, state, containers };
    refuseForeignStack(ownership);
    if (state === undefined) return [];
    nameUnknown({ ...ownership, state }, output);
    return changedByHand(containers, state);
}

/**
 * What has just changed may be a secret that the stack made itself, which is in its state alone: it does not wait for tonight. What is up
 * stays up where that fails.
 */
async function backUpConfiguration(session: ConfiguredSession, output: Output): Promise<void> {
    const { config, stack, system } = session;
    // One in the stack itself is lost with it.
    if (config.backup.bucket?.kind === "local") return;
    const [schedule] = scheduledBackups(system).find(({ store }) => store === STACK_CONFIGURATION)?.schedules ?? [];
    if (schedule === undefined) return;
    const wait = showWaiting(output, "backing up its settings and secrets");
    try {
        const toolbox = await (await openRuntime(stack.name, config)).toolbox();
        const args = ["run", STACK_CONFIGURATION, "--tier", schedule.name];
        expectDone(await toolbox.ask(args, STACK_CONFIGURATION));
    } catch (error) {
        if (!(error instanceof UsageError || error instanceof FailedError)) throw error;
        const why = error.hint === undefined ? error.message : `${error.message} ${error.hint}`;
        output.note(
            `Its settings and secrets are not backed up yet, which is tried again at its next schedule: ${why}`,
        );
    } finally {
        wait();
    }
}

async function agreed(
    output: Output,
    { stack, config }: ConfiguredSession,
    digest: Parameters<typeof renderPreview>[0],
    view: Parameters<typeof renderPreview>[1],
): Promise<boolean> {
    output.note(
        `Stack ${output.style.bold(stack.name)} (${config.system}, ${config.environment}, ${config.target}): ` +
            `${summarise(digest.changeSummary, "plan", output.style)}.`,
        ...renderFateOfPlanned(digest, output),
    );
    for (;;) {
        const answer = await ask("Go ahead?", ["yes", "details", "no"]);
        if (answer !== "details") return answer === "yes";
        output.note(...renderPreview(digest, view));
    }
}

interface Outcome {
    changes: Parameters<typeof summarise>[0];
    outputs: Outputs;
    seconds: number;
}

async function report(session: ConfiguredSession, engine: Engine, outcome: Outcome, output: Output): Promise<void> {
    const { stack, config } = session;
    const urls = (outcome.outputs["urls"]?.value ?? {}) as Record<string, string>;
    const runtime = await openRuntime(stack.name, config);
    const status = await runtime.inspect();
    if (output.json) {
        const { changes, seconds } = outcome;
        output.printJson({ stack: stack.name, engine: engine.kind, changes, seconds, urls, services: status.services });
        return;
    }
    const { style } = output;
    const view = { width: output.columns, style };
    output.print("", ...renderServices(status.services, urls, view), ...renderTroubles(status.services, view), "");
    const flag = stackFlag(session);
    const gw = (words: string): string => asCalled(`gw ${words}`);
    output.print(
        `${style.green("✓")} ${style.bold(stack.name)} is up: ${summarise(outcome.changes, "done", style)}, in ${duration(outcome.seconds)}.`,
        "",
        ...renderHints(
            [
                ["Reach it", runtime.wayIn(config) ?? ""],
                ["Open", urls["platform"] ?? ""],
                ["With curl", await curlHint(session, runtime, status, urls["platform"])],
                ["Check it", gw(`smoke${flag}`)],
                ["Look further", gw(`status${flag}`)],
                ["", gw(`logs${flag} -f`)],
                ["Stop it", gw(`destroy${flag}`)],
            ].filter((hint): hint is [string, string] => hint[1] !== ""),
            style,
        ),
    );
}

/** Keeps the edge's root certificate where curl can be pointed at it. */
async function curlHint(
    { config, project, stack, system }: ConfiguredSession,
    runtime: Runtime,
    status: StackStatus,
    url: string | undefined,
): Promise<string> {
    const hasEdge = status.services.some((s) => s.component === "edge" && s.replicas.length > 0);
    if (url === undefined || !hasEdge || !isOwnAuthority(config)) return "";
    const path = saveCa(project, stack.name, await runtime.edgeCertificate(status));
    const near = relative(process.cwd(), path);
    const { host, path: health } = healthAddress(system, config.domain);
    const { port } = new URL(url);
    return `curl --cacert ${shellWord(near.startsWith("..") ? path : near)} https://${host}${port && `:${port}`}${health}`;
}
