import { RunError } from "@pulumi/pulumi";
import { expect, test } from "vitest";

import { targetOf } from "../../../targets";
import { stackConfig, thrown } from "../components/fixtures";
import { record } from "../components/harness";

const identity = { stack: "s", system: "debt-os", environment: "dev", version: "1", prefix: "gw-s" } as const;

test("Docker, on the engine that the stack names", async () => {
    const config = stackConfig("debt-os", { docker: { host: "ssh://deploy@host" } });
    const [target, recording] = await record(() => targetOf(config, identity));
    expect(target.kind).toBe("docker");
    expect(recording.one("docker").inputs).toEqual({ host: "ssh://deploy@host" });
});

test("a target that is not there is an error that says what to set", () => {
    const error = thrown(() => targetOf(stackConfig("debt-os", { target: "kubernetes" }), identity));
    expect(RunError.isInstance(error)).toBe(true);
    expect(error.message).toContain("pulumi config set groundwork:target docker");
});
