/** A whole smoke test of a stack: its checks, one after the other. */
import { setTimeout as sleep } from "node:timers/promises";

import { FailedError } from "../errors";
import { isOwnAuthority, saveCa } from "../runtime/certificate";
import type { Runtime } from "../runtime/runtime";
import type { ConfiguredSession } from "../session";
import type { Output } from "../ui/output";
import { stackFlag } from "../words";
import { type Outcome, runCheck } from "./check";
import { checksOf } from "./checks";
import { EdgeClient } from "./edge";
import { givenTrust } from "./trust";

/** For each check. */
const DEFAULT_MS = 10_000;

/** For services to find a store again that was away; they look for it every few seconds. */
const RECONNECT_MS = 60_000;
const AGAIN_MS = 2_000;

/** What each check came to. @throws FailedError when the stack is not up */
export async function smokeOutcomes(
    session: ConfiguredSession,
    runtime: Runtime,
    output: Output,
    timeoutMs = DEFAULT_MS,
): Promise<Outcome[]> {
    const { config, system, stack, project } = session;
    const status = await runtime.inspect();
    const isUp = status.services.some((s) => s.component === "edge" && s.replicas.length > 0);
    if (!isUp) throw new FailedError(`Stack ${stack.name} is not up.`, `gw up${stackFlag(session)} brings it up.`);
    const own = isOwnAuthority(config) ? await runtime.edgeCertificate(status) : undefined;
    if (own !== undefined) saveCa(project, stack.name, own);
    const access = await runtime.reachEdge(config, status);
    if (access.note !== undefined) output.note(output.style.dim(access.note));
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
    for (const until = Date.now() + RECONNECT_MS; ; await sleep(AGAIN_MS)) {
        const outcomes = await smokeOutcomes(session, runtime, output);
        const failed = outcomes.filter(({ status }) => status === "failed");
        if (failed.length === 0 || Date.now() > until) return failed.map(({ name, detail }) => `${name}: ${detail}`);
    }
}
