/**
 * The pack under Pulumi's own protocol, as the Pulumi CLI runs it and as the embedded engine does, says the same as the rules in this
 * process.
 */
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { evaluate } from "../../policies/core/evaluate";
import { policyName } from "../../policies/core/rule";
import { RULES } from "../../policies/rules";
import { fromPulumi, notEvaluatedText, type PulumiResource, violationText } from "../../policies/sources/pulumi";
import * as sdk from "../../policies/sources/sdk";
import { type Diagnostic, Pack, PACK } from "./support/analyzer";
import { STACK } from "./support/stack";

/** The number of an enforcement level of Pulumi's. */
const REMEDIATE = 3;

/** What the rules say in this process, as the protocol words it. */
function inProcess(resources: PulumiResource[]): Diagnostic[] {
    const { violations, notEvaluated } = evaluate(
        RULES,
        { resources: resources.map(fromPulumi) },
        { environment: "staging" },
    );
    return [
        ...violations.map(({ rule, level, urn = "", path, message }) => ({
            policy: policyName(rule),
            urn,
            level,
            message: `${rule.id}: ${rule.title}.\n${violationText(path, message)}`,
        })),
        ...notEvaluated.map(({ rule, urn = "", path }) => ({
            policy: policyName(rule),
            urn,
            level: "advisory",
            message: notEvaluatedText(path),
        })),
    ].sort(order);
}

function order(a: Diagnostic, b: Diagnostic): number {
    return JSON.stringify(a) < JSON.stringify(b) ? -1 : 1;
}

async function asked(pack: Pack, resources: PulumiResource[]): Promise<Diagnostic[]> {
    const said = await Promise.all(resources.map((resource) => pack.analyze(resource)));
    return [...said.flat(), ...(await pack.analyzeStack(resources))].sort(order);
}

describe.each([
    ["Pulumi's runner", false],
    ["itself", true],
])("the pack under Pulumi's protocol, started by %s", (_, byItself) => {
    let pack: Pack;
    beforeAll(async () => {
        pack = await Pack.start({ "groundwork:environment": "staging" }, byItself);
    });
    afterAll(() => pack.stop());

    test("says the same of a stack as the rules in this process, word for word", async () => {
        const expected = inProcess(STACK);
        expect(expected.length).toBeGreaterThan(5);
        expect(expected.some(({ level }) => level === "mandatory")).toBe(true);
        expect(expected.some(({ message }) => message.startsWith("not evaluated: "))).toBe(true);
        expect(await asked(pack, STACK)).toEqual(expected);
    });

    test("mends what has one remedy, where it is enforced so, and nothing else", async () => {
        const container = STACK.find(({ type }) => type === "docker:index/container:Container")!;
        expect(await pack.remediate(container)).toBeUndefined();
        const rule = RULES.find(({ id }) => id === "GW-DOC-004")!;
        await pack.configure({ [policyName(rule)]: { level: REMEDIATE, properties: {} } });
        expect(await pack.remediate(container)).toEqual({
            ...container.props,
            securityOpts: ["no-new-privileges:true"],
        });
        await pack.configure({});
    });

    test("has every rule, with its title, severity and remedy", async () => {
        const policies = (await pack.info()).getPoliciesList();
        expect(policies.map((policy) => policy.getName())).toEqual(RULES.map(policyName));
        expect(policies.map((policy) => policy.getDisplayname())).toEqual(RULES.map(({ title }) => title));
        expect(policies.map((policy) => policy.getRemediationSteps())).toEqual(RULES.map(({ remedy }) => remedy));
    });
});

describe("the pack's bundle", () => {
    test("has all that @pulumi/policy asks of the SDK", () => {
        const directory = dirname(require.resolve("@pulumi/policy"));
        const sources = readdirSync(directory).filter((name) => name.endsWith(".js"));
        const asked = sources.flatMap((name) => {
            const text = readFileSync(join(directory, name), "utf8");
            const variable = /(\w+) = require\("@pulumi\/pulumi"\)/.exec(text)?.[1];
            return variable
                ? [...text.matchAll(new RegExp(`\\b${variable}\\.(\\w+)`, "g"))].map(([, key]) => key!)
                : [];
        });
        expect(new Set(asked)).toContain("asset");
        expect(Object.keys(sdk)).toEqual(expect.arrayContaining([...new Set(asked)]));
    });

    test("says what is wrong when it cannot start", () => {
        const env = { ...process.env, PULUMI_CONFIG: JSON.stringify({ "groundwork:environment": "moon" }) };
        const { status, stderr } = spawnSync(process.execPath, ["launch.cjs"], { cwd: PACK, env, encoding: "utf8" });
        expect([status, stderr]).toEqual([1, expect.stringMatching(/^No environment "moon": .*must be one of/)]);
    });
});
