import { writeFileSync } from "node:fs";
import { resolve } from "node:path";

import type { Environment } from "../../../../systems/types";
import { EXIT } from "../errors";
import type { CommonOptions } from "../options";
import type { Judged } from "../policy/judge";
import { judge } from "../policy/judge";
import { asJson } from "../policy/json";
import { asJunit } from "../policy/junit";
import { asMarkdown } from "../policy/markdown";
import { asSarif } from "../policy/sarif";
import { asText } from "../policy/text";
import type { Output } from "../ui/output";
import { PLAIN } from "../ui/style";
import type { Style } from "../ui/style";

const FORMATS: Record<PolicyOptions["format"], (judged: Judged, style: Style) => string> = {
    text: asText,
    json: asJson,
    sarif: (judged) => asSarif(judged, process.cwd()),
    junit: asJunit,
    markdown: asMarkdown,
};

export interface PolicyOptions extends CommonOptions {
    path: string[];
    env: Environment;
    format: "text" | "json" | "sarif" | "junit" | "markdown";
    out?: string;
    config?: string;
    waivers?: string;
}

/** Judges files by the rules of the policy pack. Exit code 1: a mandatory rule is violated, or something could not be read. */
export async function policy(options: PolicyOptions, output: Output): Promise<number> {
    const { path, env, format, out, config, waivers } = options;
    const judged = judge({ paths: path, environment: env, configuration: config, waivers });
    const text = FORMATS[format](judged, out === undefined ? output.style : PLAIN);
    if (out === undefined) output.print(text.replace(/\n$/, ""));
    else {
        writeFileSync(resolve(out), text);
        output.print(`${judged.violations.length} violations, written to ${out}.`);
    }
    const failed = judged.unreadable.length > 0 || judged.violations.some(({ level }) => level === "mandatory");
    return failed ? EXIT.failed : EXIT.done;
}
