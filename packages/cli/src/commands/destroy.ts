import type { ResourceState, UntypedDeployment } from "@groundwork/engine/api";

import { rmSync } from "node:fs";

import type { Engine } from "../engines/engine";
import { EXIT, FailedError } from "../errors";
import { forget } from "../images/resolve";
import type { RunOptions } from "../options";
import { stacksWithState } from "../project";
import { caPath } from "../runtime/certificate";
import { openSession, openState, type Session } from "../session";
import { renderFateOfData } from "../ui/fate-of-data";
import { summarise } from "../ui/operations";
import { renderPreview } from "../ui/preview";
import type { Output } from "../ui/output";
import { ask, requireAnswerable, unchanged } from "../ui/prompt";
import { duration, plural, wrap } from "../ui/text";
import { parseUrn } from "../ui/urn";
import { containersOf } from "../docker/drift";
import { followEngine } from "../docker/moved";
import { dockerHostOf, runtimeOf } from "../runtime/deployed";
import { nameUnknown } from "../runs/ownership";
import { quietly, watched } from "../runs/watch";
import { stackFlag } from "../words";

interface DestroyOptions extends RunOptions {
    excludeProtected?: boolean;
    previewOnly?: boolean;
}

/** Deletes what a stack made. Protected resources are refused by name before anything is touched. */
export async function destroy(options: DestroyOptions, output: Output): Promise<number> {
    const session = await openSession(options, output);
    const { stack, project } = session;
    if (options.previewOnly !== true) requireAnswerable(output, options.yes, `delete ${stack.name}`);
    const engine = await openState(session, options);
    const state = await engine.exportState();
    const { resources = [] } = state.deployment;
    const own = resources.filter((r) => !r.external && !isOwnBookkeeping(r));
    if (own.length === 0) {
        const others = stacksWithState(project).filter((name) => name !== stack.name);
        output.print(`There is nothing to delete: stack ${stack.name} has no resources.`);
        if (others.length > 0) output.note(`Stacks with state: ${others.join(", ")}.`);
        return EXIT.done;
    }
    const kept = resources.filter((r) => r.protect === true);
    if (kept.length > 0 && options.excludeProtected !== true) throw refusal(stack.name, kept, stackFlag(session));
    const going = own.filter((r) => !kept.includes(r));
    if (options.previewOnly === true) return plan(engine, going, options, output);
    await reach(going, session, engine.kind === "embedded" ? state : undefined, output);
    describe(going, stack.name, output);
    if (options.yes !== true && (await ask("Delete all of this?", ["yes", "no"])) !== "yes") {
        return unchanged(output);
    }
    const { excludeProtected } = options;
    const { result, reporter } = await watched(output, (run) => engine.destroy({ excludeProtected }, run), {
        total: going.filter((r) => r.custom).length,
        next: `What was deleted is gone from the state too; "gw destroy${stackFlag(session)}" deletes the rest.`,
    });
    if (kept.length === 0) {
        forget(project, stack.name);
        rmSync(caPath(project, stack.name), { force: true });
    }
    const seconds = (Date.now() - reporter.model.startedAt) / 1000;
    if (output.json) {
        output.printJson({ stack: stack.name, changes: result.changes, seconds, kept: kept.map((r) => r.urn) });
        return EXIT.done;
    }
    const { style } = output;
    const rest = kept.length > 0 ? ` ${plural(kept.length, "protected resource")} stayed.` : "";
    output.print(
        `${style.green("✓")} ${style.bold(stack.name)} is gone: ${summarise(result.changes, "done", style)}, in ${duration(seconds)}.${rest}`,
    );
    return EXIT.done;
}

/** Shows what would be deleted. With `--json`: exactly the digest, the same for both engines. */
async function plan(
    engine: Engine,
    going: ResourceState[],
    { excludeProtected }: DestroyOptions,
    output: Output,
): Promise<number> {
    const digest = await quietly(output, (run) => engine.preview({ destroy: { excludeProtected } }, run));
    if (output.json) output.printJson(digest);
    else {
        const { columns, style } = output;
        output.print(...renderPreview(digest, { diff: false, columns, style }), ...renderFateOfData(going, output));
    }
    return EXIT.done;
}

/** The stack itself and its providers are records of the engine's, not things that run. */
function isOwnBookkeeping(resource: ResourceState): boolean {
    return resource.type === "pulumi:pulumi:Stack" || resource.type.startsWith("pulumi:providers:");
}

function refusal(stack: string, kept: ResourceState[], flag: string): FailedError {
    const names = kept.map((r) => `  ${parseUrn(r.urn).name} (${parseUrn(r.urn).shortType})`);
    return new FailedError(
        `Stack ${stack} has ${plural(kept.length, "protected resource")}, so nothing was deleted:\n${names.join("\n")}`,
        `Keep them and delete the rest with "gw destroy${flag} --exclude-protected",\n` +
            `or give up their data: set groundwork:protect to false in the stack's file, "gw up${flag}", then destroy.`,
    );
}

function describe(going: ResourceState[], stack: string, output: Output): void {
    const counts = new Map<string, number>();
    for (const resource of going) {
        if (!resource.custom) continue;
        const { shortType } = parseUrn(resource.urn);
        counts.set(shortType, (counts.get(shortType) ?? 0) + 1);
    }
    const { style, columns } = output;
    const list = [...counts].sort(([a], [b]) => a.localeCompare(b)).map(([type, n]) => `${n} ${type}`);
    output.progress(`${style.bold(`Stack ${stack}`)} would be deleted:`, ...wrap(list, "  ", columns));
    output.progress(...renderFateOfData(going, output));
}

/**
 * What deletes the resources must answer before the state is touched.
 * @param state of the embedded engine, which deletes by the address that its state has
 */
async function reach(
    going: ResourceState[],
    session: Session,
    state: UntypedDeployment | undefined,
    output: Output,
): Promise<void> {
    for (const target of ["docker", "kubernetes"] as const) {
        if (!going.some(({ type }) => type.startsWith(`${target}:`))) continue;
        if (target === "docker" && state !== undefined) await reachDockerOf(session, state, output);
        else await runtimeOf(session, target);
    }
}

/** A container that the state does not know stays, and keeps the networks that it is on. */
async function reachDockerOf(session: Session, state: UntypedDeployment, output: Output): Promise<void> {
    const { project, stack } = session;
    const host = dockerHostOf(session);
    const docker = await followEngine({ stack: stack.name, state, host, runsProgram: false });
    if (docker === undefined) return;
    const containers = await containersOf(docker, stack.name);
    nameUnknown({ stack: stack.name, stateDir: project.stateDir, dockerHost: host, state, containers }, output);
}
