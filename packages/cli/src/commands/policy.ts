import { resolve } from "node:path";

import type { Environment, SystemKey } from "../../../../systems/types";
import { EXIT, UsageError } from "../errors";
import { expectDirectoryOf, writeWhole } from "../files";
import type { CommonOptions } from "../options";
import { readBaseline, trendOf } from "../policy/baseline";
import { asHtml } from "../policy/html/page";
import { judge, type Judged, packWaivers } from "../policy/judge";
import { asJson } from "../policy/json";
import { asJunit } from "../policy/junit";
import { asMarkdown } from "../policy/markdown";
import { asSarif } from "../policy/sarif";
import { judgeStacks } from "../policy/stacks";
import { judgeState } from "../policy/state";
import { asText } from "../policy/text";
import { findProject } from "../project";
import { inOrder, stacksOf } from "../report/stacks";
import { resolveStack } from "../stack/resolve";
import type { Output } from "../ui/output";
import { PLAIN, type Style } from "../ui/style";
import { plural } from "../ui/text";
import { quietly } from "../runs/watch";

const FORMATS: Record<PolicyOptions["format"], (judged: Judged, style: Style) => string> = {
    text: asText,
    json: asJson,
    html: asHtml,
    sarif: (judged) => asSarif(judged, process.cwd()),
    junit: asJunit,
    markdown: asMarkdown,
};

export interface PolicyOptions extends CommonOptions {
    path?: string[];
    state?: string;
    stack?: string;
    system?: SystemKey;
    all?: boolean;
    env?: Environment;
    format: "text" | "json" | "html" | "sarif" | "junit" | "markdown";
    out?: string;
    config?: string;
    waivers?: string;
    baseline?: string;
    failOn: "mandatory" | "any" | "new" | "never";
}

/**
 * Judges files, a state or what the programs of stacks ask for by the rules of the policy pack. Exit code 1: what `failOn` says is
 * violated, or something could not be read.
 */
export async function policy(options: PolicyOptions, output: Output): Promise<number> {
    const { format, out, baseline, failOn } = options;
    if (failOn === "new" && baseline === undefined)
        throw new UsageError("--fail-on new: --baseline must say what is not new.");
    if (out !== undefined) expectDirectoryOf(out, "--out");
    // Before anything is judged: it may be the file that --out writes.
    const before = baseline === undefined ? undefined : readBaseline(baseline);
    const judged = await judgedOf(options, output);
    if (before) judged.trend = trendOf(judged, before);
    const text = FORMATS[format](judged, out === undefined ? output.style : PLAIN);
    if (out === undefined) output.print(text.replace(/\n$/, ""));
    else {
        writeWhole(resolve(out), text);
        output.print(`${plural(judged.violations.length, "violation")}, written to ${out}.`);
    }
    return judged.unreadable.length > 0 || fails(judged, failOn) ? EXIT.failed : EXIT.done;
}

async function judgedOf(options: PolicyOptions, output: Output): Promise<Judged> {
    const { path: paths, state, stack, system, env, config: configuration } = options;
    if (paths) return judge({ paths, environment: env ?? "prod", configuration, waivers: options.waivers });
    const project = findProject(options.cwd);
    const waivers = options.waivers ?? packWaivers(project.dir);
    if (state !== undefined) return judgeState({ file: state, environment: env, configuration, waivers });
    const known = inOrder(await stacksOf(project));
    const wanted = options.all
        ? known.filter((each) => (!system || each.system === system) && (!env || each.environment === env))
        : [resolveStack(project, { stack, system, env }).name].map(
              (name) => known.find((each) => each.stack === name) ?? { stack: name },
          );
    if (wanted.length === 0) throw new UsageError("There is no such stack.", 'See "gw stack ls".');
    const judging = { configuration, waivers, verbose: output.verbose };
    return quietly(output, (run) => judgeStacks(project, wanted, judging, run), "running programs to judge them");
}

function fails({ violations, trend }: Judged, failOn: PolicyOptions["failOn"]): boolean {
    switch (failOn) {
        case "mandatory":
            return violations.some(({ level }) => level === "mandatory");
        case "any":
            return violations.length > 0;
        case "new":
            return violations.some((violation) => violation.level === "mandatory" && trend?.isNew.has(violation));
        case "never":
            return false;
    }
}
