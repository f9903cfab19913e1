/**
 * Waivers, and what the rules about them say of good, bad and edge cases. Nothing of a waiver is ever unknown; of what it waives it may be.
 */
import { describe, expect, test } from "vitest";

import { evaluate } from "../../policies/core/evaluate";
import type { Resource } from "../../policies/core/resource";
import { parseWaivers, Waivers } from "../../policies/core/waivers";
import { RULES } from "../../policies/rules";
import { asResource, goodStack } from "./support/good";
import { container } from "./support/kubernetes";
import { UNKNOWN } from "./support/spec";

const NOW = new Date("2026-06-15T12:00:00Z");
const GOOD: Record<string, string> = {
    rule: "GW-K8S-001",
    resource: "Pod/shop/it",
    reason: "It loads the kernel module of the storage driver.",
    owner: "platform",
    ticket: "OPS-12",
    expires: "2026-06-15",
};
const PRIVILEGED = container({ securityContext: { privileged: true } });
const PLAIN = container({ image: "api:1" });

function yaml(...waivers: Record<string, string>[]): string {
    return waivers.map((waiver) => `- ${lines(waiver).join("\n  ")}\n`).join("");
}

function lines(waiver: Record<string, string>): string[] {
    return Object.entries(waiver).map(([key, value]) => `${key}: ${JSON.stringify(value)}`);
}

function judged(text: string, resources: Resource[] = [PRIVILEGED]) {
    const waivers = new Waivers(parseWaivers(text, "waivers.yaml"), NOW);
    const rules = RULES.filter(({ id }) => id === "GW-K8S-001" || id.startsWith("GW-WVR-"));
    const { violations, waived, notEvaluated } = evaluate(rules, { resources, waivers }, { environment: "prod" });
    const told = violations.map(({ rule, path, location }) =>
        [rule.id, path, location && `${location.file}:${location.line}`].filter(Boolean).join(" "),
    );
    return { told, waived: waived.map(({ rule, owner }) => `${rule.id} ${owner}`), notEvaluated };
}

const HELD = { told: [], waived: ["GW-K8S-001 platform"] };

describe("a waiver", () => {
    test.each([
        ["good: it says everything, on its last day", yaml(GOOD), HELD],
        ["good: for several by a star", yaml({ ...GOOD, resource: "Pod/*/it" }), HELD],
        [
            "edge: a star stands for no slash",
            yaml({ ...GOOD, resource: "Pod/*" }),
            { told: ["GW-K8S-001"], waived: [] },
        ],
        ["edge: no waivers", "", { told: ["GW-K8S-001"], waived: [] }],
    ])("%s", (_name, text, expected) => {
        const { told, waived } = judged(text);
        expect({ told: told.map((each) => each.split(" ")[0]), waived }).toEqual(expected);
    });

    test("edge: what is no list of maps is refused", () => {
        for (const text of ["rule: a", "- text", "- [", "{"]) expect(() => judged(text)).toThrow("waivers.yaml: ");
    });
});

describe("GW-WVR-001: waivers are complete", () => {
    test.each(Object.keys(GOOD))("bad: without %s it waives nothing", (key) => {
        const { [key]: _left, ...others } = GOOD;
        const { told, waived } = judged(yaml(others));
        expect(waived).toEqual([]);
        expect(told).toContain("GW-K8S-001 spec.containers[0].securityContext.privileged");
        expect(told.filter((each) => each.startsWith("GW-WVR-001"))).not.toEqual([]);
    });

    test.each([
        ["a reason that is none", { reason: "needed" }],
        ["a day that there is not", { expires: "2026-02-31" }],
        ["a rule that there is not", { rule: "GW-K8S-000" }],
        ["a key that none has", { approved: "yes" }],
        ["nothing but spaces", { owner: "  " }],
    ])("bad: %s, by its line", (_name, wrong) => {
        const { told } = judged(yaml(GOOD, { ...GOOD, ...wrong } as Record<string, string>));
        expect(told.filter((each) => each.startsWith("GW-WVR-001"))).toEqual([
            expect.stringMatching(/^GW-WVR-001 (rule )?waivers\.yaml:7$/),
        ]);
    });
});

describe("GW-WVR-002: waivers have not expired", () => {
    test("bad: the day after its last it waives nothing", () => {
        const { told, waived } = judged(yaml({ ...GOOD, expires: "2026-06-14" }));
        expect(told).toEqual([
            "GW-K8S-001 spec.containers[0].securityContext.privileged",
            "GW-WVR-002 expires waivers.yaml:1",
        ]);
        expect(waived).toEqual([]);
    });

    test("edge: one that was never complete expires all the same", () => {
        const { told } = judged(yaml({ ...GOOD, owner: "", expires: "2020-01-01" }), [PLAIN]);
        expect(told.map((each) => each.split(" ")[0])).toEqual(["GW-WVR-001", "GW-WVR-002"]);
    });
});

describe("GW-WVR-003: waivers waive something", () => {
    test("bad: what it was for is mended", () => {
        expect(judged(yaml(GOOD), [PLAIN]).told).toEqual(["GW-WVR-003 waivers.yaml:1"]);
    });

    test("edge: what it is for is not here", () => {
        expect(judged(yaml({ ...GOOD, resource: "Pod/other/it" }), [PLAIN]).told).toEqual([]);
    });

    test("unknown: whether it is still needed is not known, so it is neither used nor unused", () => {
        const { told, waived, notEvaluated } = judged(yaml(GOOD), [container({ securityContext: UNKNOWN })]);
        expect([told, waived]).toEqual([[], []]);
        expect(notEvaluated.map(({ rule }) => rule.id)).toEqual(["GW-K8S-001"]);
    });
});

describe("a stack that keeps every rule but one, which is waived", () => {
    const FULL = { ...GOOD, resource: "Deployment/shop/api", expires: "2026-12-31" };
    const stack = goodStack();
    stack["api"].spec.template.spec.containers[0].securityContext.privileged = true;
    const resources = Object.values(stack).map(asResource);

    /** @param more waivers beside the one that the stack needs */
    function violated(...more: Record<string, string>[]): string[] {
        const waivers = new Waivers(parseWaivers(yaml(FULL, ...more), "waivers.yaml"), NOW);
        const { violations } = evaluate(RULES, { resources, waivers }, { environment: "prod" });
        return [...new Set(violations.map(({ rule }) => rule.id))];
    }

    test("violates none, with a waiver more of the same too", () => {
        expect(violated()).toEqual([]);
        expect(violated(FULL)).toEqual([]);
    });

    test.each(Object.keys(FULL))("violates GW-WVR-001 alone where a waiver more has no %s", (key) => {
        const { [key]: _left, ...others } = FULL as Record<string, string>;
        expect(violated(others)).toEqual(["GW-WVR-001"]);
    });

    test("violates GW-WVR-002 alone where one has expired", () => {
        expect(violated({ ...FULL, expires: "2026-06-14" })).toEqual(["GW-WVR-002"]);
    });

    test("violates GW-WVR-003 alone where one is for what nobody finds", () => {
        expect(violated({ ...FULL, rule: "GW-K8S-002" })).toEqual(["GW-WVR-003"]);
    });
});
