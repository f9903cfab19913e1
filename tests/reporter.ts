/** Writes what a vitest run counted, so that `tests/run.ts` can add up suites and name what was skipped and why. */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { stripVTControlCharacters } from "node:util";

import type { Reporter, TestCase, TestModule } from "vitest/node";

/** Most lines, and most characters, of a failure's reason in the sum. */
const LINES = 8;
const LONGEST = 800;

export interface Summary {
    passed: number;
    failed: number;
    skipped: { name: string; reason: string }[];
    failures: string[];
}

export default class SummaryReporter implements Reporter {
    private readonly summary: Summary = { passed: 0, failed: 0, skipped: [], failures: [] };

    onTestCaseResult(test: TestCase): void {
        const result = test.result();
        const name = `${test.module.relativeModuleId} > ${test.fullName}`;
        if (result.state === "passed") this.summary.passed += 1;
        else if (result.state === "skipped")
            this.summary.skipped.push({ name, reason: result.note ?? "no reason given" });
        else if (result.state === "failed") this.fail(`${name}: ${reasonOf(result.errors)}`);
    }

    onTestModuleEnd(module: TestModule): void {
        // A module that cannot be loaded has no test case to carry its failure.
        if (module.errors().length > 0) this.fail(module.relativeModuleId);
        for (const suite of module.children.allSuites()) {
            if (suite.errors().length > 0) this.fail(`${module.relativeModuleId} > ${suite.fullName}`);
        }
    }

    onTestRunEnd(_modules: readonly TestModule[], unhandled: readonly unknown[]): void {
        for (const error of unhandled) this.fail(`unhandled error: ${String((error as Error).message ?? error)}`);
        const file = process.env["GROUNDWORK_SUMMARY"];
        if (!file) return;
        mkdirSync(dirname(file), { recursive: true });
        writeFileSync(file, JSON.stringify(this.summary));
    }

    private fail(name: string): void {
        this.summary.failed += 1;
        this.summary.failures.push(name);
    }
}

/** The first error's first lines: the whole of it, with its place, stands in the suite's own output. */
function reasonOf(errors: readonly { message: string }[]): string {
    const text = stripVTControlCharacters(errors[0]?.message ?? "no error given");
    const lines = text.split("\n").filter((line) => line.trim() !== "");
    return lines.slice(0, LINES).join("\n    ").slice(0, LONGEST);
}
