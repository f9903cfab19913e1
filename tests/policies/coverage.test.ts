/** What is said of frameworks is true of the rules: no control is called covered that no rule looks at, and none is left without a word. */
import { describe, expect, test } from "vitest";

import { coverageOf, frameworksOf } from "../../policies/docs/coverage";
import { RULES } from "../../policies/rules";

const FRAMEWORKS = frameworksOf(RULES).map((framework) => [framework.name, framework] as const);

describe.each(FRAMEWORKS)("%s", (_name, framework) => {
    const controls = coverageOf(framework, RULES);

    test("says why no rule looks at a control, of each at which none does", () => {
        const silent = controls.filter(({ extent, limit }) => extent === "not" && limit === undefined);
        expect(silent.map(({ control }) => control)).toEqual([]);
    });

    test("limits only controls that it has", () => {
        expect(Object.keys(framework.limits).filter((control) => !(control in framework.controls))).toEqual([]);
    });

    test("counts a control as covered only where rules look at it and nothing is said against it", () => {
        for (const { extent, rules, limit } of controls) {
            if (extent === "covered")
                expect([rules.length > 0, limit, framework.limit]).toEqual([true, undefined, undefined]);
            else if (extent === "partly") expect(rules).not.toEqual([]);
            else expect(rules).toEqual([]);
        }
    });
});

test("the Pod Security Standards are covered, every control of baseline and restricted", () => {
    const [, standards] = FRAMEWORKS.find(([name]) => name === "Pod Security Standards")!;
    const controls = coverageOf(standards, RULES);
    expect(controls.filter(({ extent }) => extent !== "covered")).toEqual([]);
    expect(controls).toHaveLength(19);
});
