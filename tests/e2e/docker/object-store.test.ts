/** The S3 server of a dev stack on a real Docker engine. */
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { localImageRef } from "../../../images/local";
import { createEmbeddedEngine } from "../../../packages/engine/src";
import { ENGINE, ROOT } from "../support/sandbox";
import { missingDocker, needsDocker, NOTHING, remains, sweep } from "./support/docker";

const run = promisify(execFile);
const STACK = "e2e-object-store";

describe(`an S3 server in a stack (${ENGINE}, on Docker)`, () => {
    needsDocker();
    const stateDir = mkdtempSync(join(tmpdir(), "groundwork-object-store-"));
    const engine = createEmbeddedEngine({
        projectDir: join(ROOT, "tests/fixtures/programs/object-store"),
        stateDir,
        stack: STACK,
        passphrase: "test",
        config: {},
    });
    let url = "";
    let keys = { accessKeyId: "", secretAccessKey: "" };

    beforeAll(async () => {
        if (await missingDocker()) return;
        await sweep(STACK);
        const { outputs } = await engine.up();
        keys = outputs.credentials!.value as typeof keys;
        url = `${outputs.endpoint!.value as string}/${outputs.bucket!.value as string}`;
    }, 900_000);
    afterAll(async () => {
        if (!(await missingDocker())) await sweep(STACK);
        rmSync(stateDir, { recursive: true, force: true });
    });

    /** A request from beside it: nothing comes in from the host. The status, then the body. */
    const request = async (user: string, ...args: string[]): Promise<string> => {
        const running = run("docker", [
            ...["run", "--rm", "-i", "--network", `gw-${STACK}-data`, "--entrypoint", "curl", localImageRef("node")],
            ...["--config", "-", "--silent", "--aws-sigv4", "aws:amz:us-east-1:s3", "--write-out", "\n%{http_code}"],
            ...args,
        ]);
        running.child.stdin!.end(`user = "${user}"\n`);
        const [status, ...body] = (await running).stdout.split("\n").reverse();
        return `${status} ${body.reverse().join("\n")}`;
    };
    const own = () => `${keys.accessKeyId}:${keys.secretAccessKey}`;

    it("keeps what is written with its keys, over a restart of the server, and gives it back", async () => {
        expect(await request(own(), "--request", "PUT", "--data-binary", "a pack", `${url}/repository/data/1`)).toBe(
            "200 ",
        );
        await run("docker", ["restart", "--time", "30", `gw-${STACK}-s3`]);
        await expect.poll(() => request(own(), `${url}/repository/data/1`), { timeout: 120_000 }).toBe("200 a pack");
    }, 900_000);

    it("gives and takes nothing with other keys", async () => {
        expect(await request(`${keys.accessKeyId}:wrong`, `${url}/repository/data/1`)).toMatch(/^403 /);
        expect(await request("somebody:else", "--request", "PUT", "--data", "x", `${url}/x`)).toMatch(
            /^404 .*XAdminUserNotFound/s,
        );
    }, 900_000);

    it("shows its keys to nobody who looks at the container or the state", async () => {
        const { stdout } = await run("docker", ["inspect", `gw-${STACK}-s3`]);
        const state = JSON.stringify(await engine.exportState());
        for (const secret of Object.values(keys)) {
            expect(secret.length).toBeGreaterThanOrEqual(20);
            expect(stdout).not.toContain(secret);
            expect(state).not.toContain(secret);
        }
    }, 900_000);

    it("has nothing to change right after, and leaves nothing behind", async () => {
        const { steps } = await engine.preview();
        expect(steps.filter(({ op }) => op !== "same")).toEqual([]);
        await engine.destroy();
        expect(await remains(STACK)).toEqual(NOTHING);
    }, 900_000);
});
