/** Judges what is in files by the rules of the policy pack. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { evaluate } from "@groundwork/policies/core/evaluate";
import type { Results } from "@groundwork/policies/core/results";
import type { Environment } from "@groundwork/policies/core/rule";
import { type Configuration, problemsOf } from "@groundwork/policies/core/settings";
import type { Waivers } from "@groundwork/policies/core/waivers";
import { RULES } from "@groundwork/policies/rules";
import { fromPath } from "@groundwork/policies/sources/directory";
import { readWaivers } from "@groundwork/policies/sources/waivers";
import type { Unreadable } from "@groundwork/policies/sources/yaml";

import { UsageError } from "../errors";
import type { Trend } from "./baseline";

/** How things are judged, whatever they are. */
export interface JudgingOptions {
    /** A file as `pulumi --policy-pack-config` takes it. */
    configuration?: string;
    /** A file of waivers. */
    waivers?: string;
}

export interface FileJudging extends JudgingOptions {
    /** Files and directories. */
    paths: string[];
    environment: Environment;
}

export interface Judged extends Results {
    /** What was judged, as it was named: paths, stacks. */
    subjects: string[];
    /** Names of the stacks that were judged; none where files were. */
    stacks: string[];
    files: number;
    unreadable: Unreadable[];
    /** Beside earlier results, where there are any. */
    trend?: Trend;
}

const LOOKED_FOR =
    "Files are judged that hold objects of Kubernetes' (.yaml, .yml, .json), services of Compose's, or are named Dockerfile or Containerfile.";

/** @throws UsageError when a path or a file of settings is not there, or wrong */
export function judge({ paths, environment, configuration, waivers }: FileJudging): Judged {
    const missing = paths.find((path) => !existsSync(path));
    if (missing !== undefined) throw new UsageError(`There is no ${missing}.`);
    const found = paths.map(fromPath);
    const nothing = found.findIndex(({ resources, unreadable }) => resources.length + unreadable.length === 0);
    if (nothing !== -1) throw new UsageError(`There is nothing to judge in ${paths[nothing]}.`, LOOKED_FOR);
    const stack = { resources: found.flatMap(({ resources }) => resources), waivers: waiversOf(waivers) };
    const results = evaluate(RULES, stack, { environment, configuration: configurationOf(configuration) });
    return {
        ...results,
        subjects: paths,
        stacks: [],
        files: found.reduce((sum, { files }) => sum + files, 0),
        unreadable: found.flatMap(({ unreadable }) => unreadable),
    };
}

/** The file of waivers that the policy pack of a project has for its stacks; undefined: it has none. */
export function packWaivers(projectDir: string): string | undefined {
    const file = join(projectDir, "policies", "waivers.yaml");
    return existsSync(file) ? file : undefined;
}

/** @throws UsageError when the file is not there, or no list of waivers */
export function waiversOf(file: string | undefined): Waivers | undefined {
    if (file === undefined) return undefined;
    if (!existsSync(file)) throw new UsageError(`There is no ${file}.`);
    try {
        return readWaivers(file);
    } catch (error) {
        throw new UsageError((error as Error).message);
    }
}

/** @throws UsageError when the file cannot be read, or sets what no rule has */
export function configurationOf(file: string | undefined): Configuration {
    if (file === undefined) return {};
    let read: unknown;
    try {
        read = JSON.parse(readFileSync(file, "utf8"));
    } catch (error) {
        throw new UsageError(`The policy configuration ${file} cannot be read: ${(error as Error).message}`);
    }
    const problems = problemsOf(read, RULES);
    if (problems.length > 0) throw new UsageError(`The policy configuration ${file} is wrong:`, problems.join("\n"));
    return read as Configuration;
}
