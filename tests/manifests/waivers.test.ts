import { expect, test } from "vitest";

import type { Verdict } from "./verdict";
import { parseWaivers, settle, type Waiver } from "./waivers";

const REASON = "Because that is how it is meant to be, for good reason.";

function verdict(check: string, workload: string, more: Partial<Verdict> = {}): Verdict {
    const object = `Deployment ${workload}`;
    return { tool: "checkov", check, stack: "opencode-acp-prod", workload, object, passed: false, said: "", ...more };
}

function waiver(workloads: string[], checks = ["checkov/A"]): Waiver {
    return { checks, workloads, reason: REASON };
}

test("a failure is explained by a waiver of its check and its workload, and by no other", () => {
    const failures = [verdict("A", "api"), verdict("B", "api"), verdict("A", "web")];
    const { failed, waived } = settle(failures, [waiver(["api"])]);
    expect([failed, waived]).toEqual([failures.slice(1), failures.slice(0, 1)]);
    expect(settle([verdict("A", "api", { tool: "kube-score" })], [waiver(["api"])]).failed).toHaveLength(1);
});

test("a waiver may be for one system alone, or for every workload", () => {
    expect(settle([verdict("A", "api")], [waiver(["opencode-acp/api"])]).failed).toEqual([]);
    expect(settle([verdict("A", "api")], [waiver(["opencode/api"])]).failed).toHaveLength(1);
    expect(settle([verdict("A", "api"), verdict("A", "web")], [waiver(["*"])]).failed).toEqual([]);
});

test("a waiver that explains nothing is told of, for each check and workload", () => {
    const waivers = [waiver(["api", "web"], ["checkov/A", "checkov/B"])];
    expect(settle([verdict("A", "api"), verdict("B", "web", { passed: true })], waivers).unused).toEqual([
        "checkov/A of web",
        "checkov/B of api",
        "checkov/B of web",
    ]);
});

test("a waiver without a reason is refused", () => {
    const text = (reason: string) => `- checks: [checkov/A]\n  workloads: [api]\n${reason}`;
    expect(parseWaivers(text(`  reason: ${REASON}\n`))).toEqual([waiver(["api"])]);
    for (const bad of ["", '  reason: ""\n', "  reason: deliberate\n"])
        expect(() => parseWaivers(text(bad))).toThrow("reason");
    expect(() => parseWaivers("- checks: [trivy/A]\n  workloads: [api]\n")).toThrow("checks");
});
