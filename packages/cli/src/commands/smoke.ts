import { EXIT } from "../errors";
import type { StackOptions } from "../options";
import { openDeployed, runtimeOf } from "../runtime/deployed";
import { configure } from "../session";
import type { Outcome } from "../smoke/check";
import { smokeOutcomes } from "../smoke/smoke-test";
import type { Output } from "../ui/output";
import { table } from "../ui/table";
import { plural } from "../ui/text";

interface SmokeOptions extends StackOptions {
    /** Seconds for each check; default 10. */
    timeout?: number;
    /** Seconds to go on for while a check fails; default 30. */
    wait?: number;
}

/** Checks a stack from outside, one check after the other. Exit code 1 when one fails to the end. */
export async function smoke(options: SmokeOptions, output: Output): Promise<number> {
    const session = await configure(await openDeployed(options, output));
    const { stack } = session;
    const { timeout, wait } = options;
    const runtime = await runtimeOf(session);
    const outcomes = await smokeOutcomes(session, runtime, output, { timeout, wait, again: sayOnce(output) });
    const failed = outcomes.filter((o) => o.status === "failed").length;
    if (output.json) output.printJson({ stack: stack.name, passed: failed === 0, checks: outcomes });
    else output.print(...render(outcomes, stack.name, output));
    return failed === 0 ? EXIT.done : EXIT.failed;
}

/** Why it takes long, when checks are made again for the first time. */
function sayOnce(output: Output): (reason: string) => void {
    let isSaid = false;
    return (reason) => {
        if (!isSaid) output.note(output.style.dim(`trying again for a while; ${reason}`));
        isSaid = true;
    };
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
