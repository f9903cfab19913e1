import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, test } from "vitest";

import { readBaseline, trendOf } from "../../../../packages/cli/src/policy/baseline";
import type { Judged } from "../../../../packages/cli/src/policy/judge";
import { asJson } from "../../../../packages/cli/src/policy/json";
import { asJunit } from "../../../../packages/cli/src/policy/junit";
import { asMarkdown } from "../../../../packages/cli/src/policy/markdown";
import { asSarif } from "../../../../packages/cli/src/policy/sarif";
import { asText } from "../../../../packages/cli/src/policy/text";
import { PLAIN } from "../../../../packages/cli/src/ui/style";
import { gw, temporary } from "../fixtures";
import { judged, pod } from "./judged";

const GOOD = pod().replace("privileged: true", "privileged: false");
const WAIVER = `- rule: GW-K8S-001
  resource: Pod/shop/*
  reason: It changes the node's own settings.
  owner: platform
  ticket: OPS-1
  expires: 2999-12-31
`;

function baselineOf(results: Judged) {
    const file = join(temporary(), "baseline.json");
    writeFileSync(file, asJson(results));
    return readBaseline(file);
}

function since(before: Judged, now: Judged) {
    const { isNew, fixed, notJudged } = trendOf(now, baselineOf(before));
    return {
        isNew: [...isNew].map(({ rule }) => rule.id),
        fixed: fixed.map(({ rule }) => rule),
        notJudged: notJudged.map(({ rule }) => rule),
    };
}

describe("results beside a baseline", () => {
    const bad = judged({ "pod.yaml": pod() });
    const good = judged({ "pod.yaml": GOOD });

    test.each([
        ["what the baseline has not is new", good, bad, { isNew: ["GW-K8S-001"], fixed: [], notJudged: [] }],
        ["what is violated no more is fixed", bad, good, { isNew: [], fixed: ["GW-K8S-001"], notJudged: [] }],
        [
            "what has moved to other lines is neither",
            bad,
            judged({ "pod.yaml": `# above\n\n${pod()}` }),
            { isNew: [], fixed: [], notJudged: [] },
        ],
        [
            "what is waived by now is neither",
            bad,
            judged({ "pod.yaml": pod(), "waivers.yaml": WAIVER }),
            { isNew: [], fixed: [], notJudged: [] },
        ],
        [
            "what was waived and is no more is new",
            judged({ "pod.yaml": pod(), "waivers.yaml": WAIVER }),
            bad,
            { isNew: ["GW-K8S-001"], fixed: [], notJudged: [] },
        ],
    ])("%s", (_what, before, now, expected) => {
        expect(since(before, now)).toEqual(expected);
    });

    test("two that are alike in all but their place are two", () => {
        const twice = judged({ "a.yaml": pod(), "b.yaml": pod() });
        // What is said of their namespace is said once.
        const more = twice.violations.length - bad.violations.length;
        expect(more).toBeGreaterThan(bad.violations.length / 2);
        expect(since(bad, twice).isNew).toHaveLength(more);
        expect(since(twice, bad).fixed).toHaveLength(more);
    });

    test("what nobody has judged is not said to be fixed: a rule that is off, a stack not looked at", () => {
        const { rules, ...rest } = good;
        const off = { ...rest, rules: rules.filter(({ id }) => id !== "GW-K8S-001") };
        expect(since(bad, off)).toEqual({ isNew: [], fixed: [], notJudged: ["GW-K8S-001"] });
        const inStack = {
            ...bad,
            stacks: ["prod"],
            violations: bad.violations.map((each) => ({ ...each, stack: "prod" })),
        };
        expect(since(inStack, { ...inStack, stacks: ["dev"], violations: [] }).fixed).toEqual([]);
        expect(since(inStack, { ...inStack, violations: [] }).fixed).not.toEqual([]);
    });

    test("every format says what is new and what is fixed", () => {
        const renamed = judged({ "pod.yaml": pod("other") });
        renamed.trend = trendOf(renamed, baselineOf(bad));
        const json = JSON.parse(asJson(renamed));
        expect(json.violations[0]).toMatchObject({ baselineState: "new", resource: "Pod/shop/other" });
        expect(json.fixed[0]).toMatchObject({ rule: "GW-K8S-001", resource: "Pod/shop/app" });
        const states = JSON.parse(asSarif(renamed, "/")).runs[0].results.map(
            (result: { baselineState: string }) => result.baselineState,
        );
        expect(new Set(states)).toEqual(new Set(["new", "absent"]));
        expect(asText(renamed, PLAIN)).toMatch(
            /\n {2}new .*Pod\/shop\/other[^]*\nfixed: GW-K8S-001 Pod\/shop\/app[^]* new, \d+ fixed\.\n$/,
        );
        expect(asMarkdown(renamed)).toMatch(
            /Since the baseline: \d+ new, \d+ fixed\.[^]*\*\*new\*\* GW-K8S-001[^]*Fixed since the baseline:/,
        );
        const junit = asJunit(renamed);
        expect(junit).toContain('<failure type="new, mandatory"');
        expect(junit).toContain('name="Pod/shop/app spec.containers[0].securityContext.privileged"/>');
    });
});

describe("gw policy --baseline", () => {
    test("with --fail-on new ends with 1 for what the baseline has not alone", async () => {
        const dir = temporary();
        writeFileSync(join(dir, "pod.yaml"), pod());
        const args = ["policy", "--path", "pod.yaml"];
        const first = await gw([...args, "--format", "json", "--out", "base.json"], { cwd: dir });
        expect(first.code).toBe(1);
        const again = [...args, "--baseline", "base.json", "--fail-on", "new"];
        const same = await gw(again, { cwd: dir });
        expect([same.code, same.stdout]).toEqual([0, expect.stringContaining(" 0 new, 0 fixed.")]);
        writeFileSync(join(dir, "pod.yaml"), pod().replace("hostNetwork", "hostPID: true\n  hostNetwork"));
        expect((await gw(again, { cwd: dir })).code).toBe(1);
        // The baseline itself may be what is written anew.
        await gw([...again, "--format", "json", "--out", "base.json"], { cwd: dir });
        expect(readFileSync(join(dir, "base.json"), "utf8")).toContain('"baselineState": "new"');
        expect((await gw(again, { cwd: dir })).code).toBe(0);
    });

    test.each([
        [["--fail-on", "new"], "--fail-on new: --baseline must say what is not new."],
        [["--baseline", "none.json"], "--baseline: none.json cannot be read"],
        [["--baseline", "pod.yaml"], "--baseline: pod.yaml cannot be read"],
        [["--baseline", "other.json"], "--baseline: other.json holds no results: violations: "],
    ])("ends with 2 for %j", async (args, message) => {
        const dir = temporary();
        writeFileSync(join(dir, "pod.yaml"), pod());
        writeFileSync(join(dir, "other.json"), '{"a": 1}');
        const { code, stderr } = await gw(["policy", "--path", "pod.yaml", ...args], { cwd: dir });
        expect([code, stderr]).toEqual([2, expect.stringContaining(message)]);
    });

    test.each([
        ["any", 1],
        ["mandatory", 0],
        ["never", 0],
    ])("--fail-on %s ends with %i where advice alone is not followed", async (failOn, expected) => {
        const dir = temporary();
        writeFileSync(join(dir, "pod.yaml"), pod());
        writeFileSync(join(dir, "config.json"), '{"all": "disabled", "gw-k8s-001-privileged": "advisory"}');
        const args = ["policy", "--path", "pod.yaml", "--config", "config.json", "--fail-on", failOn];
        expect((await gw(args, { cwd: dir })).code).toBe(expected);
    });
});
