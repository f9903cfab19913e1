import type { UntypedDeployment } from "@groundwork/engine/api";

import { describeError, EXIT } from "../errors";
import type { StackOptions } from "../options";
import { findProject, stacksWithState } from "../project";
import { isWell, type StackStatus } from "../runtime/status";
import { openSession, openState, type Session } from "../session";
import type { Output } from "../ui/output";
import { renderJobs, renderReplicas, renderTroubles } from "../ui/services";
import { displayWidth } from "../ui/text";
import { asCalled, stackFlag } from "../words";
import { openDeployed, runtimeOf } from "../runtime/deployed";

interface StatusOptions extends StackOptions {
    all?: boolean;
}

interface Found extends StackStatus {
    urls: Record<string, string>;
    healthy: boolean;
}

/** A stack that could not be looked at. */
interface Unseen {
    stack: string;
    error: unknown;
}

/** What runs. Exit code 1 when something is not well, a stack is not up, or one of several cannot be looked at. */
export async function status(options: StatusOptions, output: Output): Promise<number> {
    const { found, unseen } =
        options.all === true
            ? await lookAtAll(options, output)
            : { found: [await look(await openDeployed(options, output))], unseen: [] };
    const others = found.some((s) => s.services.length > 0) ? [] : stacksWithState(findProject(options.cwd));
    if (output.json) output.printJson(options.all === true ? found : found[0]);
    else {
        if (found.length + unseen.length === 0) output.print(asCalled("No stack is up. gw up brings one up."));
        found.forEach((stack, i) => output.print(...(i > 0 ? [""] : []), ...render(stack, output)));
        if (others.length > 0) output.note(`Stacks with state: ${others.join(", ")}. gw status --all shows them.`);
    }
    for (const { stack, error } of unseen) {
        const [first = "", ...rest] = describeError(error, output.verbose);
        output.note(`${output.style.red("error:")} ${stack}: ${first}`, ...rest);
    }
    return unseen.length === 0 && found.every((stack) => stack.healthy) ? EXIT.done : EXIT.failed;
}

/** Each stack with state here; one that cannot be looked at keeps none of the others from being shown. */
async function lookAtAll(options: StatusOptions, output: Output): Promise<{ found: Found[]; unseen: Unseen[] }> {
    const looked = await Promise.all(
        stacksWithState(findProject(options.cwd)).map(async (stack): Promise<Found | Unseen> => {
            try {
                return await look(await openSession({ ...options, stack, system: undefined, env: undefined }, output));
            } catch (error) {
                return { stack, error };
            }
        }),
    );
    const isUnseen = (one: Found | Unseen): one is Unseen => "error" in one;
    return { found: looked.filter((one): one is Found => !isUnseen(one)), unseen: looked.filter(isUnseen) };
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
    if (stack.services.length === 0) {
        const flag = stackFlag({ stack: { name: stack.stack } });
        return [`${title} is not up. ${asCalled(`gw up${flag}`)} brings it up.`];
    }
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
