/** The rules of the policy pack over many objects. */
import { stringify } from "yaml";

import { evaluate } from "../../../policies/core/evaluate";
import { RULES } from "../../../policies/rules";
import { fromYaml } from "../../../policies/sources/yaml";
import { asResource, goodStack, type Manifest } from "../../policies/support/good";
import { type Bench, row, samples, seconds } from "../row";
import { besideOthers } from "./others";
import { overhead } from "./overhead";

const RUNS = 3;

/** Most that everything about 5,000 objects may take, in seconds. */
const MOST = 3;

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

function asYaml(count: number): string {
    return manifests(count)
        .map((manifest) => stringify(manifest, { aliasDuplicateObjects: false }))
        .join("---\n");
}

/** Views are remembered by resource, so each run has resources that no rule has seen. */
async function judging(count: number): Promise<number[]> {
    return samples(RUNS, () => {
        const resources = manifests(count).map(asResource);
        return seconds(async () => evaluate(RULES, { resources }, { environment: "prod" }));
    });
}

async function reading(count: number): Promise<number[]> {
    const text = asYaml(count);
    return samples(RUNS, () =>
        seconds(async () =>
            evaluate(RULES, { resources: fromYaml(text, "a.yaml").resources }, { environment: "prod" }),
        ),
    );
}

const JUDGING = ["policies.rules", "policies.yaml", "policies.checkov", "policies.kube-score"];

const run: Bench["run"] = async (say, asked) => {
    if (!JUDGING.some(asked)) return [];
    const [some, many] = [await judging(1000), await judging(5000)];
    const [someRead, manyRead] = [await reading(1000), await reading(5000)];
    const rules = `${RULES.length} rules`;
    return [
        row("policies.rules.1000", "s", some, { note: `${rules}, objects in memory` }),
        row("policies.rules.5000", "s", many, {
            against: { what: "five times 1,000 objects", runs: some.map((value) => 5 * value) },
            aim: { of: "value", most: MOST },
            note: `${rules}, objects in memory`,
        }),
        row("policies.yaml.1000", "s", someRead, { note: `${rules}, with reading the YAML` }),
        row("policies.yaml.5000", "s", manyRead, {
            against: { what: "five times 1,000 objects", runs: someRead.map((value) => 5 * value) },
            aim: { of: "value", most: MOST },
            note: `${rules}, with reading the YAML`,
        }),
        ...(await besideOthers(asYaml, say)),
    ];
};

export const policyBenches: Bench[] = [
    { id: "policies", run },
    { id: "policies.preview", run: overhead },
];
