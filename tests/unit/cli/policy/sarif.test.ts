import schema from "@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json";
import Ajv from "ajv-draft-04";
import { describe, expect, test } from "vitest";

import { trendOf } from "../../../../packages/cli/src/policy/baseline";
import { asSarif } from "../../../../packages/cli/src/policy/sarif";
import { judged, pod } from "./judged";

const validate = new Ajv({ strict: false, unicodeRegExp: false, validateFormats: false }).compile(schema);

function problemsOf(log: unknown) {
    return validate(log) ? [] : validate.errors;
}

describe("SARIF", () => {
    const results = judged({ "pod.yaml": pod("a b<>&\"'%20é"), "broken.yaml": "a: [\n" });

    test("is valid by the schema of version 2.1.0, with violations and a file that cannot be read", () => {
        const log = JSON.parse(asSarif(results, "/"));
        expect(problemsOf(log)).toEqual([]);
        expect(log.runs[0].results).toHaveLength(results.violations.length);
        expect(log.runs[0].invocations[0]).toMatchObject({ executionSuccessful: false });
        // The schema finds what is wrong.
        log.runs[0].results[0].baselineState = "old";
        expect(problemsOf(log)).not.toEqual([]);
    });

    test("names files by addresses that lead to them, whatever is in their names", () => {
        const name = "a #1?%20:b.yaml";
        const [first] = JSON.parse(asSarif(judged({ [name]: pod() }), "/")).runs[0].results;
        const { uri } = first.locations[0].physicalLocation.artifactLocation;
        expect(decodeURIComponent(new URL(uri, "file:///").pathname.split("/").at(-1)!)).toBe(name);
    });

    test("is valid beside a baseline, and where there is nothing", () => {
        const past = { rule: "GW-K8S-001", title: "", severity: "low", enforcement: "advisory" } as const;
        const fixed = { ...past, resource: "Pod/shop/gone", path: "", message: "must not be" };
        const log = JSON.parse(asSarif({ ...results, trend: trendOf(results, [fixed]) }, "/"));
        expect(problemsOf(log)).toEqual([]);
        expect(log.runs[0].results.at(-1)).toMatchObject({ baselineState: "absent", ruleId: "GW-K8S-001" });
        expect(problemsOf(JSON.parse(asSarif({ ...results, violations: [] }, "/")))).toEqual([]);
    });

    test("tells every result apart, as GitHub asks for", () => {
        const twice = judged({ "a.yaml": pod(), "b.yaml": pod() });
        const { results: found } = JSON.parse(asSarif(twice, "/")).runs[0] as {
            results: { partialFingerprints: { primaryLocationLineHash: string } }[];
        };
        const fingerprints = found.map(({ partialFingerprints }) => partialFingerprints.primaryLocationLineHash);
        expect(new Set(fingerprints).size).toBe(twice.violations.length);
    });
});
