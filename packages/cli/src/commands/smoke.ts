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
}

/** Checks a stack from outside, one check after the other. Exit code 1 when one fails. */
export async function smoke(options: SmokeOptions, output: Output): Promise<number> {
    const session = await configure(await openDeployed(options, output));
    const { stack } = session;
    const timeoutMs = options.timeout === undefined ? undefined : options.timeout * 1000;
    const outcomes = await smokeOutcomes(session, await runtimeOf(session), output, timeoutMs);
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
