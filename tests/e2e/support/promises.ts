/** What a stack keeps wherever it runs, read from what `gw` printed. */
import { expect } from "vitest";

import { expectCode, type Result } from "./sandbox";

/** @param result of `gw smoke --json` */
export function expectSmokePassed(result: Result): void {
    expectCode(result, 0);
    const { checks } = JSON.parse(result.stdout) as { checks: { name: string; status: string }[] };
    // A system whose edge routes no WebSocket has none to check.
    const due = checks.filter((check) => check.name !== "WebSocket");
    expect(due.filter((check) => check.status !== "passed")).toEqual([]);
    expect(checks.filter((check) => check.status === "failed")).toEqual([]);
    expect(due.length).toBeGreaterThanOrEqual(6);
}

/**
 * @param result of `gw preview --json`
 * @param least more resources than this must have been looked at
 */
export function expectNothingToDo(result: Result, least: number): void {
    expectCode(result, 0);
    const { steps } = JSON.parse(result.stdout) as { steps: { op: string; urn: string }[] };
    expect(steps.filter((step) => step.op !== "same")).toEqual([]);
    expect(steps.length).toBeGreaterThan(least);
}
