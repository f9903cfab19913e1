/**
 * The five systems in dev, staging and prod keep every rule of the pack, as the embedded engine plans them on their targets; nothing is
 * created, and nothing reached. Cannot prove: what only a deployed resource says of itself.
 */
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { CATALOG } from "../../images/catalog";
import { asJudged } from "../../packages/cli/src/policy/registered";
import { projectAt } from "../../packages/cli/src/project";
import { planStack } from "../../packages/cli/src/report/plan";
import { closedConfig, givenTo, inOrder, type StackName, stacksOf } from "../../packages/cli/src/report/stacks";
import type { EngineConfig } from "../../packages/cli/src/stack/config";
import { evaluate } from "../../policies/core/evaluate";
import type { Results } from "../../policies/core/results";
import { RULES } from "../../policies/rules";
import { readWaivers } from "../../policies/sources/waivers";
import { SYSTEMS } from "../../systems";
import { type Environment, ENVIRONMENTS, imageKeys, SYSTEM_KEYS, type SystemKey } from "../../systems/types";
import { ROOT } from "../e2e/support/sandbox";

const waivers = readWaivers(join(ROOT, "policies/waivers.yaml"));
const stacks = SYSTEM_KEYS.flatMap((system) => ENVIRONMENTS.map((environment) => ({ system, environment })));
const directory = mkdtempSync(join(tmpdir(), "groundwork-policies-"));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** What only prod's owner has: the digests of what was tested. */
function pinned(config: EngineConfig, system: SystemKey): EngineConfig {
    const overrides = [...imageKeys(SYSTEMS[system]), "backup"].map((key) => {
        const reference = CATALOG[key]!.registry;
        return [key, `${reference}@sha256:${createHash("sha256").update(reference).digest("hex")}`];
    });
    const images = { value: JSON.stringify({ overrides: Object.fromEntries(overrides) }), secret: false };
    return { ...config, "groundwork:images": images };
}

describe("the stacks of this repository", () => {
    const configs = new Map<string, { stack: string; config: EngineConfig }>();

    beforeAll(async () => {
        const project = projectAt(ROOT);
        const names = inOrder(await stacksOf(project)).filter(({ system, environment }) => system && environment);
        const closed = await Promise.all(names.map(({ stack }) => closedConfig(project, stack)));
        const given = await givenTo(ROOT, closed);
        names.forEach(({ stack, system, environment }: StackName, n) => {
            const { config } = given[n]!;
            const complete = environment === "prod" ? pinned(config, system!) : config;
            configs.set(`${system} ${environment}`, { stack, config: complete });
        });
    });

    async function judge(system: SystemKey, environment: Environment): Promise<Results> {
        const { stack, config } = configs.get(`${system} ${environment}`)!;
        const run = { signal: new AbortController().signal, onEvent: () => undefined };
        const side = { dir: ROOT, config };
        // On Docker, as dev is, images and networks go by ids, which nobody knows before they are there.
        const base = environment === "dev" ? side : undefined;
        const { registered } = await planStack({ stack, base, head: side, stateDir: join(directory, stack), run });
        const resources = asJudged(registered.head, ROOT);
        return evaluate(RULES, { resources, waivers }, { environment });
    }

    test.each(stacks)(
        "$system in $environment keeps every rule but for what is waived with a reason",
        async ({ system, environment }) => {
            const { violations, notEvaluated, waived, resources } = await judge(system, environment);
            expect(resources).toBeGreaterThan(10);
            const told = violations.map(
                ({ rule, resource, path, message }) => `${rule.id} ${resource} ${path}: ${message}`,
            );
            expect(told).toEqual([]);
            for (const waiver of waived)
                for (const key of ["reason", "owner", "ticket", "expires"] as const) expect(waiver[key]).not.toBe("");
            expect([...new Set(notEvaluated.map(({ rule, path }) => `${rule.id} ${path}`))]).toEqual([]);
        },
    );
});
