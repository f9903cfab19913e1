import type { UntypedDeployment } from "@groundwork/engine/src/api";

import { EXIT } from "../errors";
import type { StackOptions } from "../options";
import { findProject, stacksWithState } from "../project";
import type { StackStatus } from "../runtime/status";
import { isWell } from "../runtime/status";
import type { Session } from "../session";
import { openSession, openState } from "../session";
import type { Output } from "../ui/output";
import { renderJobs, renderReplicas, renderTroubles } from "../ui/services";
import { displayWidth } from "../ui/text";
import { openDeployed, runtimeOf } from "./deployed";

interface StatusOptions extends StackOptions {
    all?: boolean;
}

interface Found extends StackStatus {
    urls: Record<string, string>;
    healthy: boolean;
}

/** What runs. Exit code 1 when something is not well, or a stack is not up. */
export async function status(options: StatusOptions, output: Output): Promise<number> {
    const sessions = options.all === true ? await allSessions(options, output) : [await openDeployed(options, output)];
    const found = await Promise.all(sessions.map(look));
    const others = found.some((s) => s.services.length > 0) ? [] : stacksWithState(findProject(options.cwd));
    if (output.json) output.printJson(options.all === true ? found : found[0]);
    else {
        if (found.length === 0) output.print("No stack is up. gw up brings one up.");
        found.forEach((stack, i) => output.print(...(i > 0 ? [""] : []), ...render(stack, output)));
        if (others.length > 0) output.note(`Stacks with state: ${others.join(", ")}. gw status --all shows them.`);
    }
    return found.every((stack) => stack.healthy) ? EXIT.done : EXIT.failed;
}

function allSessions(options: StatusOptions, output: Output): Promise<Session[]> {
    const stacks = stacksWithState(findProject(options.cwd));
    return Promise.all(
        stacks.map((stack) => openSession({ ...options, stack, system: undefined, env: undefined }, output)),
    );
}

async function look(session: Session): Promise<Found> {
    const [state, { runtime, actual }] = await Promise.all([
        openState(session).then((engine) => engine.exportState()),
        runtimeOf(session).then(async (runtime) => ({ runtime, actual: await runtime.inspect({ usage: true }) })),
    ]);
    const missing = runtime.addMissing(actual, state);
    const replicas = actual.services.flatMap((s) => s.replicas);
    const failedJobs = actual.jobs.some((job) => job.state === "failed");
    const healthy = replicas.length > 0 && missing === 0 && replicas.every(isWell) && !failedJobs;
    return { ...actual, urls: urlsOf(state), healthy };
}

function urlsOf(state: UntypedDeployment): Record<string, string> {
    const root = (state.deployment.resources ?? []).find((r) => r.type === "pulumi:pulumi:Stack");
    return (root?.outputs?.["urls"] ?? {}) as Record<string, string>;
}

function render(stack: Found, output: Output): string[] {
    const { style } = output;
    const title = `${style.bold(stack.stack)}${stack.system === "" ? "" : style.dim(` ${stack.system}`)}`;
    if (stack.services.length === 0) return [`${title} is not up. gw up brings it up.`];
    const view = { width: output.columns, style };
    const mark = stack.healthy ? style.green("✓ healthy") : style.red("✗ not healthy");
    const url = stack.urls["platform"] ?? "";
    const head = `${title}  ${mark}`;
    const fits = displayWidth(`${head}  ${url}`) <= output.columns;
    return [
        ...(fits ? [`${head}  ${url}`.trimEnd()] : [head, url]),
        "",
        ...renderReplicas(stack.services, view),
        ...renderTroubles(stack.services, view),
        ...renderJobs(stack.jobs, view),
    ];
}
