import { EXIT } from "../errors";
import type { CommonOptions } from "../options";
import { findProject } from "../project";
import { toMarkdown } from "../report/markdown";
import { makeReport } from "../report/compare";
import { headline, verdictOf } from "../report/verdict";
import type { Output } from "../ui/output";
import { quietly } from "../runs/watch";

export interface ReportOptions extends CommonOptions {
    base: string;
    head: string;
    format: "markdown" | "json";
    stack?: string;
    system?: string;
    environment?: string;
}

/** Says what a revision would change of every stack that was deployed at another one. Asks nothing that runs, and opens no secret. */
export async function report(options: ReportOptions, output: Output): Promise<number> {
    const project = findProject(options.cwd);
    const settings = { ...options, verbose: output.verbose };
    const made = await quietly(
        output,
        (run) => makeReport(project, settings, run, (line) => output.note(line)),
        "planning every stack at both revisions",
    );
    if (options.format === "json") output.printJson({ verdict: verdictOf(made), headline: headline(made), ...made });
    else output.print(toMarkdown(made).trimEnd());
    for (const { revision, stacks, message } of made.failures) {
        const { ref } = made[revision];
        output.note(
            `${output.style.red("error:")} ${stacks.join(", ")} cannot be planned at ${ref}:`,
            ...message.split("\n"),
        );
    }
    return made.failures.length > 0 ? EXIT.failed : EXIT.done;
}
