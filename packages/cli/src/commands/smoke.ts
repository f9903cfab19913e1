import { EXIT, FailedError } from "../errors";
import type { StackOptions } from "../options";
import { isOwnAuthority, saveCa } from "../runtime/certificate";
import type { Runtime } from "../runtime/runtime";
import type { ConfiguredSession } from "../session";
import { configure } from "../session";
import type { Outcome } from "../smoke/check";
import { runCheck } from "../smoke/check";
import { checksOf } from "../smoke/checks";
import { EdgeClient } from "../smoke/edge";
import { givenTrust } from "../smoke/trust";
import type { Output } from "../ui/output";
import { table } from "../ui/table";
import { plural } from "../ui/text";
import { stackFlag } from "../words";
import { openDeployed, runtimeOf } from "../runtime/deployed";

/** For each check. */
const DEFAULT_SECONDS = 10;

interface SmokeOptions extends StackOptions {
    /** Seconds for each check. */
    timeout?: number;
}

/** Checks a stack from outside, one check after the other. Exit code 1 when one fails. */
export async function smoke(options: SmokeOptions, output: Output): Promise<number> {
    const session = await configure(await openDeployed(options, output));
    const { stack } = session;
    const timeoutMs = (options.timeout ?? DEFAULT_SECONDS) * 1000;
    const outcomes = await smokeOutcomes(session, await runtimeOf(session), output, timeoutMs);
    const failed = outcomes.filter((o) => o.status === "failed").length;
    if (output.json) output.printJson({ stack: stack.name, passed: failed === 0, checks: outcomes });
    else output.print(...render(outcomes, stack.name, output));
    return failed === 0 ? EXIT.done : EXIT.failed;
}

/** What each check came to. @throws FailedError when the stack is not up */
export async function smokeOutcomes(
    session: ConfiguredSession,
    runtime: Runtime,
    output: Output,
    timeoutMs = DEFAULT_SECONDS * 1000,
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

function render(outcomes: Outcome[], stack: string, output: Output): string[] {
    const { style } = output;
    const marks = { passed: style.green("✓"), failed: style.red("✗"), skipped: style.dim("-") };
    const columns = [
        { title: " " },
        { title: "CHECK" },
        { title: "MS", align: "end" as const },
        { title: "", min: 20 },
    ];
    const rows = outcomes.map((o) => [
        marks[o.status],
        o.name,
        String(o.milliseconds),
        o.status === "failed" ? style.red(o.detail) : style.dim(o.detail),
    ]);
    const count = (status: Outcome["status"]): number => outcomes.filter((o) => o.status === status).length;
    const failures = outcomes.filter((o) => o.status === "failed");
    return [
        ...table(columns, rows, { width: output.columns, style }),
        "",
        `${count("failed") > 0 ? style.red("✗") : style.green("✓")} ${stack}: ${plural(count("passed"), "check")} passed, ${count("failed")} failed, ${count("skipped")} skipped`,
        // The table may have cut them.
        ...failures.map((o) => `  ${o.name}: ${o.detail}`),
    ];
}
