import { describe, expect, it } from "vitest";

import { fateOfData } from "../../../../packages/cli/src/runtime/data";
import type { ResourceState } from "../../../../packages/engine/src/api";

describe("the data of a Postgres that CloudNativePG runs", () => {
    const cluster = (retainOnDelete: boolean): ResourceState => ({
        urn: "urn:pulumi:dev::groundwork::kubernetes:postgresql.cnpg.io/v1:Cluster::postgres",
        type: "kubernetes:postgresql.cnpg.io/v1:Cluster",
        custom: true,
        retainOnDelete,
        inputs: { metadata: { name: "postgres", namespace: "gw-dev" } },
    });

    it("would be lost with its Cluster", () => {
        expect(fateOfData([cluster(false)])).toEqual([
            {
                heading: "The data on these clusters of CloudNativePG would be lost:",
                names: ["postgres"],
                lost: true,
            },
        ]);
    });

    it("stays with one that is kept, and runs on", () => {
        expect(fateOfData([cluster(true)])).toEqual([
            {
                heading:
                    "These clusters of CloudNativePG stay in the namespace gw-dev, run on, and have their volumes:",
                names: ["postgres"],
                lost: false,
            },
        ]);
    });
});
