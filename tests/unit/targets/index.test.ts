/** Which target a stack gets. `tsx/cjs` lets the `require` in there read TypeScript, as Pulumi's own loader does in a program. */
import "tsx/cjs";

import { createRequire } from "node:module";

import { expect, test } from "vitest";

import { targetOf } from "../../../targets";
import { stackConfig } from "../components/fixtures";
import { record } from "../components/harness";

const identity = { stack: "s", system: "debt-os", environment: "dev", version: "1", prefix: "gw-s" } as const;

test("Docker, on the engine that the stack names", async () => {
    const config = stackConfig("debt-os", { docker: { host: "ssh://deploy@host" } });
    const [target, recording] = await record(() => targetOf(config, identity));
    expect(target.kind).toBe("docker");
    expect(recording.one("docker").inputs).toEqual({ host: "ssh://deploy@host" });
    // Which takes its time to load, and belongs to the other.
    const loaded = Object.keys(createRequire(__filename).cache);
    expect(loaded.filter((file) => file.includes("@pulumi/kubernetes"))).toEqual([]);
    expect(loaded.filter((file) => file.includes("@pulumi/docker"))).not.toEqual([]);
});

test("Kubernetes, on the cluster that the stack names", async () => {
    const { kubernetes } = stackConfig("debt-os");
    const config = stackConfig("debt-os", { target: "kubernetes", kubernetes: { ...kubernetes, context: "prod-eu" } });
    const [target, recording] = await record(() => targetOf(config, identity));
    expect(target.kind).toBe("kubernetes");
    expect(recording.one("kubernetes").inputs).toMatchObject({ context: "prod-eu" });
});
