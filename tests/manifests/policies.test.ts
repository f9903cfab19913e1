/** What the rules of the policy pack say of the prod stacks' manifests, with the waivers of the repository. */
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { judge, type Judged } from "../../packages/cli/src/policy/judge";
import { SYSTEM_KEYS } from "../../systems/types";
import { ROOT } from "../e2e/support/sandbox";
import { Renderings } from "./rendered";

const MINUTE = 60_000;

describe("the manifests of the prod stacks", () => {
    const renderings = new Renderings();
    let judged: Judged;

    beforeAll(async () => {
        const paths: string[] = [];
        for (const system of SYSTEM_KEYS) {
            await renderings.complete(system, "prod");
            paths.push(await renderings.render(system, "prod"));
        }
        const waivers = join(ROOT, "policies", "waivers.yaml");
        judged = judge({ paths, environment: "prod", waivers });
    }, 30 * MINUTE);

    afterAll(() => renderings.remove());

    test("violate no rule that is not waived, advice included, and every waiver is needed", () => {
        expect(judged.resources).toBeGreaterThan(200);
        const told = judged.violations.map(
            ({ rule, resource, path, message }) => `${rule.id} ${resource} ${path} ${message}`,
        );
        expect(told).toEqual([]);
        expect(judged.waived).not.toEqual([]);
    });

    test("are judged wholly: nothing is unknown, nothing unreadable", () => {
        expect([judged.notEvaluated, judged.unreadable]).toEqual([[], []]);
    });
});
