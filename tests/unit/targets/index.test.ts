/** Which target a stack gets. `tsx/cjs` lets the `require` in there read TypeScript, as Pulumi's own loader does in a program. */
import "tsx/cjs";

import { execFileSync } from "node:child_process";
import { join } from "node:path";

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
});

test("Kubernetes, on the cluster that the stack names", async () => {
    const { kubernetes } = stackConfig("debt-os");
    const config = stackConfig("debt-os", { target: "kubernetes", kubernetes: { ...kubernetes, context: "prod-eu" } });
    const [target, recording] = await record(() => targetOf(config, identity));
    expect(target.kind).toBe("kubernetes");
    expect(recording.one("kubernetes").inputs).toMatchObject({ context: "prod-eu" });
});

/** In a process of its own, which has loaded nothing yet, as a program's. */
test("the packages of the other target, which take their time to load, are left alone", () => {
    const script = `
        const mocks = { newResource: ({ name, inputs }) => ({ id: name, state: inputs }), call: () => ({}) };
        require("@pulumi/pulumi").runtime.setMocks(mocks).then(() => {
            const { targetOf } = require("./targets");
            targetOf({ target: "docker", docker: {} }, ${JSON.stringify(identity)});
            const loaded = (name) => Object.keys(require.cache).some((file) => file.includes("@pulumi/" + name));
            process.stdout.write(JSON.stringify({ docker: loaded("docker"), kubernetes: loaded("kubernetes") }));
        });
    `;
    const args = ["--require", "tsx/cjs", "--eval", script];
    const printed = execFileSync(process.execPath, args, { cwd: join(__dirname, "../../.."), encoding: "utf8" });
    expect(JSON.parse(printed)).toEqual({ docker: true, kubernetes: false });
});
