import { expect, test } from "vitest";

import { storePort } from "../../../components/ports";
import { systemOf } from "../../../systems";

test.each([
    ["debt-os", "postgres", 5432],
    ["opshub", "postgres-replica", 5432],
    ["opshub", "pgbouncer", 6432],
    ["debt-os", "redis", 6379],
    ["opencode", "memgraph", 7687],
    ["opencode", "s3", 7070],
    ["debt-os", "memgraph", undefined],
    ["opencode", "backend", undefined],
] as const)("in %s, %s answers at %s", (system, name, port) => {
    expect(storePort(name, systemOf(system))).toBe(port);
});
