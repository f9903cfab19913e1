/** What our own systems' dev stacks make on Docker keeps every rule on Docker and on stacks, as the embedded engine plans it; nothing is created. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, describe, expect, test } from "vitest";

import { evaluate } from "../../../policies/core/evaluate";
import { dockerRules } from "../../../policies/docker";
import { stackRules } from "../../../policies/stack";
import { fromPulumi } from "../../../policies/sources/pulumi";
import { readWaivers } from "../../../policies/sources/waivers";
import { SYSTEM_KEYS } from "../../../systems/types";
import { ROOT } from "../../e2e/docker/support/sandbox";
import { embedded, stackOf } from "../../engine/support/stack";

/** It starts the program. */
const TIMEOUT = 400_000;

const directory = mkdtempSync(join(tmpdir(), "groundwork-policies-"));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

describe.each(SYSTEM_KEYS)("%s in dev on Docker", (key) => {
    test(
        "keeps every rule on Docker and on stacks but for what is waived with a reason",
        { timeout: TIMEOUT },
        async () => {
            const { steps } = await embedded(stackOf(`policies-${key}`, key), join(directory, key)).preview();
            const resources = steps.flatMap(({ urn, newState }) =>
                newState
                    ? fromPulumi({
                          ...{ urn, type: newState.type, name: urn.split("::").at(-1)!, props: newState.inputs ?? {} },
                          ...{
                              opts: { protect: newState.protect },
                              propertyDependencies: newState.propertyDependencies,
                          },
                      })
                    : [],
            );
            const waivers = readWaivers(join(ROOT, "policies/waivers.yaml"));
            const { violations, notEvaluated } = evaluate(
                [...dockerRules, ...stackRules],
                { resources, waivers },
                { environment: "dev" },
            );
            expect(violations.map(({ rule, resource, path, message }) => [rule.id, resource, path, message])).toEqual(
                [],
            );
            // Only ids that the engine gives are not known before: of images, networks, and of the containers that a label names.
            const ids = /^(?:image|networksAdvanced\[\d\]\.name|labels\[\d\]\.value)$/;
            expect(notEvaluated.map(({ path }) => path).filter((path) => !ids.test(path))).toEqual([]);
            expect(resources.filter(({ type }) => type === "docker:index/container:Container").length).toBeGreaterThan(
                3,
            );
        },
    );
});
