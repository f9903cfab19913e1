import { expect, test } from "vitest";

import { serviceSegments } from "../../../../components/settings/segments";
import { SYSTEMS } from "../../../../systems";

const debtOs = SYSTEMS["debt-os"];
const api = debtOs.services.find((s) => s.name === "api")!;
const worker = debtOs.services.find((s) => s.name === "worker")!;

test("a worker that calls out gets a network for it, and no way in from the edge", () => {
    expect(serviceSegments(worker, debtOs)).toEqual(["data", "egress"]);
    expect(serviceSegments({ ...worker, outbound: false }, debtOs)).toEqual(["data"]);
    expect(serviceSegments({ ...api, dependsOn: [] }, debtOs)).toEqual(["edge"]);
});
