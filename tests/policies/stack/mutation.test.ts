/** From a stack that keeps every rule on stacks, one thing is broken: exactly the rule that is about it says so. */
import { describe, expect, test } from "vitest";

import { evaluate } from "../../../policies/core/evaluate";
import type { Resource } from "../../../policies/core/resource";
import { stackRules } from "../../../policies/stack";
import { plain } from "../support/aws";
import { backupSchedule, deployment, object, platform, running, serving } from "../support/whole-stack";

const PASSING: Resource[] = [
    ...[plain(), running({ cpus: "1", memory: 1024 }), deployment(2, { cpu: "1", memory: "1Gi" })],
    ...[platform([{ volume: "db-data" }]), serving(), backupSchedule()],
];

function broken(...more: Resource[]): string[] {
    const { violations } = evaluate(stackRules, { resources: [...PASSING, ...more] }, { environment: "prod" });
    return [...new Set(violations.map(({ rule }) => rule.id))];
}

/** Much of what the price table has, little of what the budget counts; and the other way round. */
const BROKEN: Record<string, Resource[]> = {
    "GW-STK-001": [running({ memory: 300 * 1024 }, "large")],
    "GW-STK-002": [object("core/v1:PersistentVolumeClaim", { resources: { requests: { storage: "100Ti" } } })],
    "GW-STK-003": [running({ ports: [{ internal: 80 }] }, "open")],
    "GW-STK-004": [{ ...plain({}, "second"), options: {} }],
    "GW-STK-005": [platform([{ volume: "files" }])],
    "GW-STK-006": [backupSchedule({ crons: ["0 2 * * *"] })],
    "GW-STK-007": [backupSchedule({ retention: {} })],
    "GW-STK-009": [serving({ url: undefined })],
    "GW-STK-010": [backupSchedule({ alert: undefined })],
    "GW-STK-011": [platform([], { tls: { edge: "internal", stores: {} } })],
    "GW-STK-012": [serving({ replicas: 1 })],
    "GW-STK-008": [{ ...object("core/v1:PersistentVolumeClaim", {}), urn: "urn:pulumi:prod::shop::claim::db-data" }],
};

describe("a stack that keeps every rule on stacks", () => {
    test("breaks none", () => expect(broken()).toEqual([]));

    test("is broken here for each of them", () => {
        expect(Object.keys(BROKEN).sort()).toEqual(stackRules.map(({ id }) => id).sort());
    });

    for (const [id, more] of Object.entries(BROKEN)) {
        test(`with what breaks ${id} breaks no other`, () => expect(broken(...more)).toEqual([id]));
    }
});
