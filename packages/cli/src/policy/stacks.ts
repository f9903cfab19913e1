/**
 * Judges what the programs of stacks ask for, by a preview with providers that reach nothing: no cluster, no cloud and no secret is needed.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { basename, join } from "node:path";

import { evaluate } from "@groundwork/policies/core/evaluate";
import type { Results } from "@groundwork/policies/core/results";
import { RULES } from "@groundwork/policies/rules";
import type { Unreadable } from "@groundwork/policies/sources/yaml";
import pLimit from "p-limit";

import type { Run } from "../engines/engine";
import { describeError } from "../errors";
import type { Project } from "../project";
import { planStack, RevisionError } from "../report/plan";
import { closedConfig, givenTo, type StackName } from "../report/stacks";
import type { EngineConfig } from "../stack/config";
import { resolveStack } from "../stack/resolve";
import { configurationOf, type Judged, type JudgingOptions, waiversOf } from "./judge";
import { asJudged, fallbackPlace } from "./registered";

export interface StackJudging extends JudgingOptions {
    verbose: boolean;
}

/**
 * A stack whose program fails is in the results as something that cannot be read.
 * @throws UsageError when a file of settings is wrong
 */
export async function judgeStacks(
    project: Project,
    stacks: StackName[],
    options: StackJudging,
    run: Run,
): Promise<Judged> {
    const configuration = configurationOf(options.configuration);
    const waivers = waiversOf(options.waivers);
    const stateDir = mkdtempSync(join(tmpdir(), "gw-policy-"));
    const unreadable: Unreadable[] = [];
    const failed = ({ stack }: StackName, error: unknown): void => {
        const file = basename(resolveStack(project, { stack }).file);
        const message = describeError(error, options.verbose).join("\n");
        unreadable.push({ file, line: 1, message: `${stack}: ${message}` });
    };
    try {
        const programs = await given(project, stacks, failed, run);
        const limit = pLimit(availableParallelism());
        const judged = programs.map(({ name, config }) =>
            limit(async (): Promise<Results[]> => {
                try {
                    const head = { dir: project.dir, config };
                    const stack = name.stack;
                    const { registered } = await planStack({ stack, head, stateDir: join(stateDir, stack), run });
                    const resources = asJudged(registered.head, project.dir);
                    // Nothing weaker is assumed of a stack that does not say.
                    const environment = name.environment ?? "prod";
                    return [
                        inStack(project, name, evaluate(RULES, { resources, waivers }, { environment, configuration })),
                    ];
                } catch (error) {
                    if (!(error instanceof RevisionError)) throw error;
                    failed(name, error.cause);
                    return [];
                }
            }),
        );
        const results = (await Promise.all(judged)).flat();
        return {
            ...merged(results),
            subjects: stacks.map(({ stack }) => stack),
            stacks: stacks.map(({ stack }) => stack),
            files: 0,
            unreadable,
        };
    } finally {
        rmSync(stateDir, { recursive: true, force: true });
    }
}

/** What each program is given: its file's settings, and made-up texts in the place of secrets. */
async function given(
    project: Project,
    stacks: StackName[],
    failed: (stack: StackName, error: unknown) => void,
    run: Run,
): Promise<{ name: StackName; config: EngineConfig }[]> {
    const read: { name: StackName; config: EngineConfig }[] = [];
    for (const name of stacks) {
        try {
            read.push({ name, config: await closedConfig(project, name.stack) });
        } catch (error) {
            if (!(error instanceof Error && error.name === "ConfigError")) throw error;
            failed(name, error);
        }
    }
    const answers = await givenTo(
        project.dir,
        read.map(({ config }) => config),
        run.signal,
    );
    return read.map(({ name }, i) => ({ name, config: answers[i]!.config }));
}

/** With the stack's name, and with a place for what no line of the program made. */
function inStack(project: Project, name: StackName, results: Results): Results {
    const { stack } = name;
    const location = fallbackPlace(project, name);
    const placed = <T extends { location?: Results["violations"][number]["location"] }>(each: T) => ({
        ...each,
        stack,
        location: each.location ?? location,
    });
    return {
        ...results,
        violations: results.violations.map(placed),
        waived: results.waived.map(placed),
        notEvaluated: results.notEvaluated.map((each) => ({ ...each, stack })),
    };
}

/** Rules that ran for any of them. */
function merged(results: readonly Results[]): Results {
    const ran = new Set(results.flatMap(({ rules }) => rules));
    return {
        rules: RULES.filter((rule) => ran.has(rule)),
        resources: results.reduce((sum, { resources }) => sum + resources, 0),
        violations: results.flatMap(({ violations }) => violations),
        notEvaluated: results.flatMap(({ notEvaluated }) => notEvaluated),
        waived: results.flatMap(({ waived }) => waived),
    };
}
