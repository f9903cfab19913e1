/** As fuzz.test.ts, of containers, Compose files, Dockerfiles and AWS: no rule and no source fails on what nobody would take. */
import fc from "fast-check";
import { expect, test } from "vitest";

import { evaluate } from "../../policies/core/evaluate";
import type { Raw } from "../../policies/core/raw";
import { resource, type Resource } from "../../policies/core/resource";
import { RULES } from "../../policies/rules";
import { fromCompose } from "../../policies/sources/compose";
import { fromDockerfile } from "../../policies/sources/dockerfile";
import { allows, bucket, document, others, TLS_ONLY } from "./support/aws";
import { container, dockerfileWith } from "./support/docker";
import { junk, places, put } from "./support/junk";

const KINDS: readonly Resource[] = [
    container(),
    container({ volumes: [{ hostPath: "/a" }], devices: [{ hostPath: "/dev/a" }], mustRun: true, maxRetryCount: 1 }),
    dockerfileWith("ENV A=1", "RUN x", "ADD a b"),
    ...bucket(),
    ...others(),
    allows("s3:GetObject"),
    document("trust", { Effect: "Allow", Principal: { Service: "a" }, Action: "sts:AssumeRole" }),
    resource({
        ...{ type: "aws:iam/policy:Policy", name: "Policy/object" },
        props: { policy: { Statement: [TLS_ONLY] } },
    }),
];
const PLACES = KINDS.map(({ props }) => places(props).filter((keys) => keys.length > 0));

const malformed = fc
    .record({
        which: fc.nat(KINDS.length - 1),
        changes: fc.array(fc.record({ at: fc.nat(1_000_000), value: junk }), { minLength: 1, maxLength: 3 }),
    })
    .map(({ which, changes }) => {
        const kind = KINDS[which]!;
        const props = structuredClone(kind.props) as Record<string, unknown>;
        for (const { at, value } of changes) put(props, PLACES[which]![at % PLACES[which]!.length]!, value);
        return resource({ ...kind, props });
    });

function expectNoFailure(resources: readonly Resource[]): void {
    const { violations } = evaluate(RULES, { resources }, { environment: "prod" });
    const failed = violations.filter(({ message }) => message.includes("rule failed"));
    expect(failed.map(({ rule, resource: name, message }) => `${rule.id} ${name} ${message}`)).toEqual([]);
}

test("malformed containers, Dockerfiles, buckets and policies make no rule fail: 10,000 of them", () => {
    fc.assert(
        fc.property(fc.array(malformed, { minLength: 20, maxLength: 20 }), (resources) => expectNoFailure(resources)),
        { numRuns: 500 },
    );
});

const KEYS = [
    ...["privileged", "image", "ports", "volumes", "environment", "labels", "command", "deploy", "healthcheck"],
    ...["logging", "ulimits", "extends", "restart", "devices", "cap_add", "security_opt", "mem_limit", "depends_on"],
];

test("Compose files of anything are read, and no rule fails on them", () => {
    const service = fc.dictionary(fc.constantFrom(...KEYS), junk);
    fc.assert(
        fc.property(
            fc.dictionary(fc.constantFrom("a", "b", "__proto__", "x-c"), fc.oneof(service, junk)),
            (services) => {
                const text = JSON.stringify({ services, volumes: { data: null } } satisfies Raw);
                expectNoFailure(fromCompose(text, "compose.yaml", () => undefined).resources);
            },
        ),
        { numRuns: 1000 },
    );
});

test("Dockerfiles of anything are read, and no rule fails on them", () => {
    const words = fc.constantFrom(
        ...["FROM a", "RUN", "ENV", "ARG", "ADD", "USER", "<<E", "E", "\\", "$A", "${", "=", '"', "[", "#"],
    );
    fc.assert(
        fc.property(fc.array(fc.tuple(words, fc.constantFrom(" ", "\n", "")), { maxLength: 30 }), (parts) => {
            const text = parts.map(([word, after]) => word + after).join("");
            expectNoFailure(fromDockerfile(`FROM a:1\n${text}`, "Dockerfile").resources);
        }),
        { numRuns: 1000 },
    );
});
