import { readCaRoot, saveCa } from "../docker/ca";
import { reachDocker } from "../docker/client";
import { inspectStack } from "../docker/inventory";
import { EXIT, FailedError, UsageError } from "../errors";
import type { StackOptions } from "../options";
import { configure } from "../session";
import type { Outcome } from "../smoke/check";
import { runCheck } from "../smoke/check";
import { checksOf } from "../smoke/checks";
import { EdgeClient } from "../smoke/edge";
import { givenTrust } from "../smoke/trust";
import type { Output } from "../ui/output";
import { table } from "../ui/table";
import { plural } from "../ui/text";
import { openDeployed } from "./deployed";

interface SmokeOptions extends StackOptions {
    /** Seconds for each check. */
    timeout?: number;
}

const WILDCARDS = ["0.0.0.0", "::"];

/** Checks a stack from outside, one check after the other. Exit code 1 when one fails. */
export async function smoke(options: SmokeOptions, output: Output): Promise<number> {
    const session = await configure(await openDeployed(options, output));
    const { config, system, stack, project } = session;
    if (config.target !== "docker") throw new UsageError(`Stack ${stack.name} does not run on Docker.`);
    const { docker, local } = await reachDocker(config.docker.host);
    const status = await inspectStack(docker, stack.name);
    const edge = status.services.find((s) => s.component === "edge")?.replicas[0];
    if (!edge) throw new FailedError(`Stack ${stack.name} is not up.`, "gw up brings it up.");
    const own = config.tls.mode === "internal" ? await readCaRoot(docker, edge.id) : undefined;
    if (own !== undefined) saveCa(project, stack.name, own);
    const { address, httpPort, httpsPort } = config.edge;
    const timeoutMs = (options.timeout ?? 10) * 1000;
    const client = new EdgeClient({
        // On this machine the name need not resolve; elsewhere it must, as it must for its users.
        address: local ? (WILDCARDS.includes(address) ? "127.0.0.1" : address) : undefined,
        httpPort,
        httpsPort,
        ca: own ?? givenTrust(config, session.engineConfig),
        timeoutMs,
    });
    const outcomes: Outcome[] = [];
    for (const check of checksOf({ system, config, status, docker, edge: client, timeoutMs })) {
        outcomes.push(await runCheck(check));
    }
    const failed = outcomes.filter((o) => o.status === "failed").length;
    if (output.json) output.printJson({ stack: stack.name, passed: failed === 0, checks: outcomes });
    else output.print(...render(outcomes, stack.name, output));
    return failed === 0 ? EXIT.done : EXIT.failed;
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
