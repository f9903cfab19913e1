/**
 * Runs the probe's own shell text with a `redis-cli` that tells how it was called. Cannot prove what the real one answers: every end-to-end
 * test does.
 */
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, expect, it } from "vitest";

import { redisProbe } from "../../../systems/shared/probes";

const PASSWORD = " a\\b $c\"' ";
const PASSWORD_FILE = "/run/secrets/REDIS_PASSWORD";
let directory: string;

beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), "gw-probe-"));
    writeFileSync(
        join(directory, "redis-cli"),
        '#!/bin/sh\nprintf "%s [%s] %s" "$$" "$REDISCLI_AUTH" "$*"\nexit "$STATUS"\n',
        {
            mode: 0o755,
        },
    );
    writeFileSync(join(directory, "password"), PASSWORD);
});
afterAll(() => rmSync(directory, { recursive: true }));

/** What the probe of the dev stack prints and ends with, and the process that Docker would kill if it took too long. */
function run(status: number): Promise<{ code: number; printed: string; pid: number }> {
    const { dev } = redisProbe();
    if (dev?.kind !== "exec") throw new Error("the probe runs no command");
    const [file, ...args] = dev.command.map((word) => word.replace(PASSWORD_FILE, join(directory, "password")));
    const env = { PATH: `${directory}:${process.env["PATH"]}`, STATUS: String(status) };
    return new Promise((resolve) => {
        const child = execFile(file!, args, { env }, (error, stdout) =>
            resolve({ code: error === null ? 0 : Number(error.code), printed: stdout.trim(), pid: child.pid! }),
        );
    });
}

it("asks Redis with the password as it is, in one process that leaves none behind when it is killed", async () => {
    const { printed, pid } = await run(0);
    expect(printed).toBe(`${pid} [${PASSWORD}] -h 127.0.0.1 --no-auth-warning -e ping`);
});

it.each([0, 1])("ends with what redis-cli ends with: %d", async (status) => {
    expect((await run(status)).code).toBe(status);
});
