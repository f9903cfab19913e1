/** The rules of the policy pack over many objects, in this process. */
import { stringify } from "yaml";

import { evaluate } from "../../../policies/core/evaluate";
import { RULES } from "../../../policies/rules";
import { fromYaml } from "../../../policies/sources/yaml";
import { goodStack, asResource } from "../../policies/support/good";
import type { Manifest } from "../../policies/support/good";
import type { Bench, Row } from "../row";
import { row, samples, seconds } from "../row";

const RUNS = 3;

/** Copies of the good stack, each in a namespace of its own: this many objects. */
function manifests(count: number): Manifest[] {
    const made: Manifest[] = [];
    for (let n = 0; made.length < count; n++) {
        for (const manifest of Object.values(goodStack())) {
            manifest.metadata.namespace = `shop-${n}`;
            made.push(manifest);
        }
    }
    return made.slice(0, count);
}

/** Views are remembered by resource, so each run has resources that no rule has seen. */
async function judging(count: number): Promise<number[]> {
    return samples(RUNS, () => {
        const resources = manifests(count).map(asResource);
        return seconds(async () => evaluate(RULES, { resources }, { environment: "prod" }));
    });
}

async function run(): Promise<Row[]> {
    const [some, many] = [await judging(1000), await judging(5000)];
    const text = manifests(1000)
        .map((manifest) => stringify(manifest, { aliasDuplicateObjects: false }))
        .join("---\n");
    const files = await samples(RUNS, () =>
        seconds(async () =>
            evaluate(RULES, { resources: fromYaml(text, "a.yaml").resources }, { environment: "prod" }),
        ),
    );
    return [
        row("policies.rules.1000", "s", some, { note: `${RULES.length} rules, objects in memory` }),
        row("policies.rules.5000", "s", many, {
            against: { what: "five times 1,000 objects", runs: some.map((value) => 5 * value) },
            aim: { of: "value", most: 3 },
            note: `${RULES.length} rules, objects in memory`,
        }),
        row("policies.yaml.1000", "s", files, { note: "with reading the YAML" }),
    ];
}

export const policyBenches: Bench[] = [{ id: "policies", run }];
