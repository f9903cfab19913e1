/** Resources that no API would take: no rule fails on them, and none takes what it cannot read for right. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { evaluate } from "../../policies/core/evaluate";
import { resource, type Resource } from "../../policies/core/resource";
import { RULES } from "../../policies/rules";
import { fromYaml } from "../../policies/sources/yaml";
import { asResource, goodStack, type Manifest } from "./support/good";
import { junk, places, put } from "./support/junk";
import { UNKNOWN } from "./support/spec";

const STACK = Object.values(goodStack());
const PLACES = STACK.map((manifest) =>
    places(manifest).filter(([first]) => first !== undefined && !/^(apiVersion|kind)$/.test(first)),
);

/** One of the good stack's objects with junk in one to three places. */
const malformed: fc.Arbitrary<Resource> = fc
    .record({
        which: fc.nat(STACK.length - 1),
        changes: fc.array(fc.record({ at: fc.nat(1_000_000), value: junk }), { minLength: 1, maxLength: 3 }),
    })
    .map(({ which, changes }) => {
        const manifest = structuredClone(STACK[which]) as Manifest;
        for (const { at, value } of changes) put(manifest, PLACES[which]![at % PLACES[which]!.length]!, value);
        return asResource(manifest);
    });

describe("malformed resources", () => {
    test("do not make a rule fail: 10,000 of them", () => {
        fc.assert(
            fc.property(fc.array(malformed, { minLength: 20, maxLength: 20 }), (resources) => {
                const { violations } = evaluate(RULES, { resources }, { environment: "prod" });
                const failed = violations.filter(({ message }) => message.includes("rule failed"));
                expect(failed.map(({ rule, resource: name, message }) => `${rule.id} ${name} ${message}`)).toEqual([]);
            }),
            { numRuns: 500 },
        );
    });

    test("whatever they are: the properties themselves may be anything that is a map", () => {
        const types = [...new Set(STACK.map((manifest) => asResource(manifest).type))];
        fc.assert(
            fc.property(fc.constantFrom(...types), fc.dictionary(fc.string(), junk), (type, props) => {
                const judged = resource({ type, name: "it", props });
                const { violations } = evaluate(RULES, { resources: [judged] }, { environment: "prod" });
                expect(violations.filter(({ message }) => message.includes("rule failed"))).toEqual([]);
            }),
            { numRuns: 1000 },
        );
    });

    /** What must be true or false, or a list; a rule that is about it. */
    const READ: [keys: string[], rule: string, not: string][] = [
        [["containers", "0", "securityContext", "privileged"], "GW-K8S-001", "boolean"],
        [["containers", "0", "securityContext", "allowPrivilegeEscalation"], "GW-K8S-015", "boolean"],
        [["containers", "0", "securityContext", "readOnlyRootFilesystem"], "GW-K8S-020", "boolean"],
        [["containers", "0", "securityContext", "capabilities", "drop"], "GW-K8S-018", "object"],
        [["containers", "0", "env"], "GW-K8S-040", "object"],
        [["containers", "0", "image"], "GW-K8S-035", "string"],
        [["containers"], "GW-K8S-001", "object"],
        [["hostNetwork"], "GW-K8S-002", "boolean"],
        [["volumes"], "GW-K8S-006", "object"],
        [["automountServiceAccountToken"], "GW-K8S-021", "boolean"],
    ];

    test.each(READ)("%s of another type is no pass of %s", (keys, id, not) => {
        fc.assert(
            fc.property(
                junk.filter((value) => value !== null && value !== UNKNOWN && typeof value !== not),
                (value) => {
                    const manifest = goodStack()["api"] as Manifest;
                    put(manifest, ["spec", "template", "spec", ...keys], value);
                    const { violations } = evaluate(
                        RULES,
                        { resources: [asResource(manifest)] },
                        { environment: "prod" },
                    );
                    expect(violations.map(({ rule }) => rule.id)).toContain(id);
                },
            ),
        );
    });

    test("files of anything are read or named as unreadable", () => {
        fc.assert(
            fc.property(fc.string({ unit: fc.constantFrom(..."a:-[]{}&*!|>'\"%@`\n \t#,?~1".split("")) }), (text) => {
                const found = fromYaml(`apiVersion: v1\nkind: Pod\n---\n${text}`, "a.yaml");
                expect(found.resources.length + found.unreadable.length).toBeGreaterThan(0);
            }),
            { numRuns: 1000 },
        );
    });
});
