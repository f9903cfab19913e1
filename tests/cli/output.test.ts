import { execFile } from "node:child_process";
import { chmodSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, it } from "vitest";

import { DEV, gw, GW, project, temporary } from "../unit/cli/fixtures";

/** No line of a message may be a frame of a stack trace. */
const STACK_TRACE = /^\s+at .*:\d+:\d+\)?$/m;

/** Runs a line of a shell in which `$GW` is gw. */
function shell(line: string, cwd: string): Promise<{ code: number; stdout: string; stderr: string }> {
    const env = { PATH: process.env["PATH"], HOME: process.env["HOME"], GW };
    return new Promise((done) => {
        execFile("bash", ["-o", "pipefail", "-c", line], { cwd, env, timeout: 280_000 }, (error, stdout, stderr) =>
            done({ code: error === null ? 0 : Number(error.code), stdout, stderr }),
        );
    });
}

describe("what gw prints", () => {
    it.each([
        ["is not taken for whole where the disk is full", '"$GW" stack ls --cwd . > /dev/full', 1],
        ["may be read in part", '"$GW" stack ls --cwd . | head -n 1', 0],
        ["may be read by nobody", '"$GW" stack ls --cwd . >&-', 0],
        ["of errors may be read by nobody, and the exit code tells", '"$GW" outputs --stack no --cwd . 2>&1 | true', 2],
        ["of errors may be lost, and the exit code tells", '"$GW" outputs --stack no --cwd . 2> /dev/full', 2],
    ])("%s", async (_, line, code) => {
        const ended = await shell(line, project());
        expect(ended.code).toBe(code);
        expect(ended.stderr).not.toMatch(STACK_TRACE);
        if (code === 1) expect(ended.stderr).toContain("error: What this printed could not be written: ENOSPC");
    });

    it("names gw as it was called, and the stack", async () => {
        const dir = project({ dev: DEV, other: DEV });
        symlinkSync(GW, join(dir, "gw"));
        const { code, stderr } = await shell("./gw outputs --stack other --cwd .", dir);
        expect(code).toBe(1);
        expect(stderr).toContain("./gw up --cwd . --stack other brings it up.");
        const absolute = await shell('"$GW" outputs --cwd .', dir);
        expect(absolute.stderr).toContain(`${GW} up --cwd . brings it up.`);
        const onPath = await shell(`PATH="${dir}:$PATH"; gw outputs --cwd .`, dir);
        expect(onPath.stderr).toMatch(/^gw up --cwd \. brings it up\.$/m);
    });
});

describe("an output", () => {
    it("is shown by the key that it is listed under", async () => {
        const dir = project();
        const outputs = { urls: { platform: "https://x.localhost" }, "a.b": "dotted" };
        const root = { urn: "urn:pulumi:dev::groundwork::pulumi:pulumi:Stack::groundwork-dev", custom: false };
        const resources = [{ ...root, type: "pulumi:pulumi:Stack", outputs }];
        const input = JSON.stringify({ version: 3, deployment: { resources } });
        await gw(["state", "import", "--yes", "--cwd", dir], { input });
        for (const [name, value] of [
            ["urls.platform", "https://x.localhost"],
            ["a.b", "dotted"],
            ["urls", '{"platform":"https://x.localhost"}'],
        ] as const)
            expect((await gw(["outputs", name, "--cwd", dir])).stdout).toBe(`${value}\n`);
        expect((await gw(["outputs", "urls.nobody", "--cwd", dir])).code).toBe(2);
    });
});

describe("one stack among others", () => {
    it("is listed beside one whose file is broken", async () => {
        const dir = project({ dev: DEV, broken: "config: [" });
        const { code, stdout, stderr } = await gw(["stack", "ls", "--cwd", dir]);
        expect(code).toBe(2);
        expect(stdout).toMatch(/^broken .*Pulumi\.broken\.yaml$/m);
        expect(stdout).toMatch(/^dev +debt-os +dev /m);
        expect(stderr).toContain("error: 1 problem in Pulumi.broken.yaml");
    });

    it("is told of though its file is gone", async () => {
        const dir = project();
        mkdirSync(join(dir, ".groundwork", "state"), { recursive: true });
        const state = { version: 3, deployment: { resources: [{ urn: "urn:a", type: "b:c:D" }] } };
        writeFileSync(join(dir, ".groundwork", "state", "lost.json"), JSON.stringify(state));
        const one = await gw(["destroy", "--yes", "--stack", "lost", "--cwd", dir]);
        expect(one.code).toBe(2);
        expect(one.stderr).toContain('has the state of the stack "lost"');
        expect(one.stderr).toContain("Put the file back.");
        const all = await gw(["status", "--all", "--cwd", dir]);
        expect(all.code).toBe(1);
        expect(all.stderr).toContain("error: lost: Pulumi.lost.yaml is gone");
    });
});

describe("what gw is given", () => {
    it.each([
        ['{"version":3,"deployment":{"resources":5}}', "deployment.resources: Invalid input: expected array"],
        [
            '{"version":3,"deployment":{"resources":[{"urn":1}]}}',
            "deployment.resources[0].urn: Invalid input: expected string",
        ],
        ['{"version":4}', "no deployment of version 3"],
        ["[", "is not JSON"],
    ])("is no state: %s", async (input, message) => {
        const dir = project();
        const { code, stderr } = await gw(["state", "import", "--yes", "--cwd", dir], { input });
        expect(code).toBe(2);
        expect(stderr).toContain(message);
        expect(stderr).toContain("gw state export");
        expect(stderr).not.toContain("--verbose");
    });

    it("is no address of a Docker engine", async () => {
        const env = { DOCKER_HOST: "foo://engine" };
        const { code, stderr } = await gw(["status", "--cwd", project()], { env });
        expect(code).toBe(2);
        expect(stderr).toContain('DOCKER_HOST is "foo://engine"');
    });

    it("is a directory that it may not write in", async (context) => {
        if (process.getuid?.() === 0) context.skip("root may write anywhere");
        const dir = project();
        chmodSync(dir, 0o555);
        const { code, stderr } = await gw(["config", "set", "edge.httpPort", "9080", "--cwd", dir]);
        chmodSync(dir, 0o755);
        expect(code).toBe(1);
        expect(stderr).toMatch(/Pulumi\.dev\.yaml cannot be written: EACCES[\s\S]*Give this user the right/);
        expect(readFileSync(join(dir, "Pulumi.dev.yaml"), "utf8")).toBe(DEV);
    });

    it("is a disk that is full", async () => {
        const dir = project();
        const out = join(temporary(), "out.json");
        symlinkSync("/dev/full", out);
        const { code, stderr } = await gw(["state", "export", "--file", out, "--cwd", dir]);
        expect(code).toBe(1);
        expect(stderr).toContain(`${out} cannot be written: ENOSPC`);
        expect(stderr).toContain("The disk is full: make room on it");
    });
});
