/** A whole smoke test of a stack: its checks, one after the other. */
import { setTimeout as sleep } from "node:timers/promises";

import { FailedError } from "../errors";
import { isOwnAuthority, saveCa } from "../runtime/certificate";
import type { Runtime } from "../runtime/runtime";
import type { StackStatus } from "../runtime/status";
import type { ConfiguredSession } from "../session";
import type { Output } from "../ui/output";
import { stackFlag } from "../words";
import { type Outcome, runCheck } from "./check";
import { checksOf } from "./checks";
import { EdgeClient } from "./edge";
import { givenTrust } from "./trust";

/** For services to find a store again that was brought back; they look for it every few seconds. */
const AFTER_RESTORE_SECONDS = 60;
const AGAIN_SECONDS = 2;

interface Patience {
    /** Seconds in which all checks are made again while one of them fails; default 30. */
    wait?: number;
    /** Called with what failed when checks are made again. */
    again?: (reason: string) => void;
}

/**
 * What each check came to: the last time, where checks were made again.
 * @throws FailedError when the stack is not up
 */
export async function smokeOutcomes(
    session: ConfiguredSession,
    runtime: Runtime,
    output: Output,
    { timeout = 10, ...patience }: Patience & { /** Seconds for each check; default 10. */ timeout?: number } = {},
): Promise<Outcome[]> {
    const timeoutMs = timeout * 1000;
    expectUp(session, await runtime.inspect());
    return untilNoneFails((isFirst) => checkOnce(session, runtime, { timeoutMs, output, isFirst }), patience);
}

function expectUp({ stack }: ConfiguredSession, { services }: StackStatus): void {
    const isUp = services.some(({ component, replicas }) => component === "edge" && replicas.length > 0);
    if (!isUp) throw new FailedError(`Stack ${stack.name} is not up.`, `gw up${stackFlag({ stack })} brings it up.`);
}

/**
 * The outcomes of the first round in which no check fails, or of the last one when time is up.
 * @throws FailedError when the last one could not be made, as where no pod of the edge is ready
 */
export async function untilNoneFails(
    round: (isFirst: boolean) => Promise<Outcome[]>,
    { wait = 30, again }: Patience,
): Promise<Outcome[]> {
    const until = Date.now() + wait * 1000;
    for (let isFirst = true; ; isFirst = false) {
        const isLast = (): boolean => Date.now() + AGAIN_SECONDS * 1000 > until;
        try {
            const outcomes = await round(isFirst);
            const failed = outcomes.find(({ status }) => status === "failed");
            if (failed === undefined || isLast()) return outcomes;
            again?.(`${failed.name}: ${failed.detail}`);
        } catch (error) {
            if (!(error instanceof FailedError) || isLast()) throw error;
            again?.(error.message);
        }
        await sleep(AGAIN_SECONDS * 1000);
    }
}

async function checkOnce(
    session: ConfiguredSession,
    runtime: Runtime,
    { timeoutMs, output, isFirst }: { timeoutMs: number; output: Output; isFirst: boolean },
): Promise<Outcome[]> {
    const { config, system, stack, project } = session;
    const status = await runtime.inspect();
    const own = isOwnAuthority(config) ? await runtime.edgeCertificate(status) : undefined;
    if (own !== undefined) saveCa(project, stack.name, own);
    const access = await runtime.reachEdge(config, status);
    if (isFirst && access.note !== undefined) output.note(output.style.dim(access.note));
    const { httpPort, httpsPort } = config.edge;
    const edge = new EdgeClient({
        address: access.address,
        ports: access.ports,
        httpPort,
        httpsPort,
        ca: own ?? givenTrust(config, session.engineConfig),
        timeoutMs,
    });
    const outcomes: Outcome[] = [];
    try {
        for (const check of checksOf({ system, config, status, runtime, edge, timeoutMs })) {
            outcomes.push(await runCheck(check));
        }
    } finally {
        await access.close();
    }
    return outcomes;
}

/** What fails still, in words, when services have had the time to find a restored store again; empty when all is well. */
export async function failuresAfterRestore({
    session,
    runtime,
    output,
    say,
}: {
    session: ConfiguredSession;
    runtime: Runtime;
    output: Output;
    say: (text: string) => void;
}): Promise<string[]> {
    say("checking the stack from outside");
    const outcomes = await smokeOutcomes(session, runtime, output, { wait: AFTER_RESTORE_SECONDS });
    return outcomes.filter(({ status }) => status === "failed").map(({ name, detail }) => `${name}: ${detail}`);
}
