import { mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import type { Command } from "commander";
import { describe, expect, it } from "vitest";

import { buildProgram } from "../../packages/cli/src/command-line";
import { StackLock } from "../../packages/engine/src/state/lock";
import { DEV, gw, GW, listing, project, temporary } from "../unit/cli/fixtures";

/** No line of a message may be a frame of a stack trace. */
const STACK_TRACE = /^\s+at .*:\d+:\d+\)?$/m;

function everyCommand(command: Command): Command[] {
    return [command, ...command.commands.flatMap(everyCommand)];
}

describe("gw", () => {
    it("documents every command with its options and examples", async () => {
        const [{ code, stdout }, up] = await Promise.all([gw(["--help"]), gw(["up", "--help"])]);
        expect(code).toBe(0);
        for (const command of [
            "up",
            "preview",
            "destroy",
            "refresh",
            "status",
            "outputs",
            "logs",
            "smoke",
            "doctor",
            "config",
            "state",
            "stack",
            "images",
        ]) {
            expect(stdout).toMatch(new RegExp(`^  ${command}\\b`, "m"));
        }
        expect(stdout).toContain("Exit codes: 0 done, 1 failed, 2");
        expect(up.stdout).toContain("Examples:");
        for (const option of [
            "--engine",
            "--stack",
            "--system",
            "--target",
            "--images",
            "--yes",
            "--json",
            "--parallel",
            "--cwd",
            "--no-color",
        ]) {
            expect(up.stdout).toContain(option);
        }
    });

    it("runs from any directory and through symlinks", async () => {
        const dir = temporary();
        symlinkSync(GW, join(dir, "first"));
        symlinkSync("first", join(dir, "second"));
        const { code, stdout } = await gw(["stack", "ls", "--json"], { cwd: dir, bin: join(dir, "second") });
        expect(code).toBe(0);
        expect((JSON.parse(stdout) as { name: string }[]).map((s) => s.name)).toContain("dev");
    });

    it.each([
        [["upp"], /unknown command 'upp'[\s\S]*Did you mean up/],
        [["up", "--sistem", "opencode"], /unknown option '--sistem'[\s\S]*Did you mean --system/],
        [["up", "--system", "nope"], /Allowed choices are opencode, opencode-acp/],
        [["up", "--parallel", "0"], /whole number from 1 to 1000/],
        [["up", "--system", "opencode", "--stack", "dev"], /cannot be used with option '-s, --stack/],
        [["stack", "init"], /missing required argument 'name'/],
    ])("ends with 2 on wrong usage: %j", async (args, message) => {
        const { command, run } = buildProgram();
        let said = "";
        const writeErr = (text: string): void => void (said += text);
        for (const each of everyCommand(command)) each.configureOutput({ writeErr });
        expect(await run(["node", "gw", ...args])).toBe(2);
        expect(said).toMatch(message);
    });

    it("ends the process with that code", async () => {
        const { code, stdout, stderr } = await gw(["stack", "init", "bad-name"]);
        expect([code, stdout]).toEqual([2, ""]);
        expect(stderr).toMatch(/is not <system>-<environment>/);
        expect(stderr).not.toMatch(STACK_TRACE);
    });

    it.each([
        ["a wrong value", `${DEV}  groundwork:edge:\n    httpsPort: 0\n`, /groundwork:edge\.httpsPort/],
        [
            "a plain secret",
            `${DEV}  groundwork:secrets:\n    OPENAI_API_KEY: canary-7c1\n`,
            /groundwork:secrets\.OPENAI_API_KEY/,
        ],
    ])("ends with 2 on %s, names the key, and touches nothing", async (_what, text, key) => {
        const dir = project({ dev: text });
        const before = listing(dir);
        const { code, stderr, stdout } = await gw(["up", "--yes", "--cwd", dir, "--engine", "embedded"]);
        expect(stderr).toMatch(key);
        expect([code, stdout]).toEqual([2, ""]);
        expect(stderr).not.toMatch(STACK_TRACE);
        expect(stderr).not.toContain("canary-7c1");
        expect(listing(dir)).toEqual(before);
    });

    it("asks nobody where there is nobody: 2 without --yes", async () => {
        const dir = project();
        const { code, stderr } = await gw(["up", "--cwd", dir, "--images", "local"]);
        expect(stderr).toMatch(/this is no terminal[\s\S]*--yes/);
        expect(code).toBe(2);
        expect(listing(dir)).toEqual(["Pulumi.dev.yaml", "Pulumi.yaml"]);
    });

    it("says what to do when no Docker engine answers", async () => {
        const { code, stderr } = await gw(["up", "--yes", "--cwd", project()]);
        expect(stderr).toMatch(/Docker engine at unix:\/\/\/nonexistent\/docker\.sock does not answer[\s\S]*gw doctor/);
        expect(code).toBe(1);
        expect(stderr).not.toMatch(STACK_TRACE);
    });

    it("says how to get the Pulumi CLI when there is none, and that there is another way", async () => {
        const { code, stderr } = await gw(["preview", "--cwd", project(), "--engine", "pulumi", "--images", "local"]);
        expect(stderr).toMatch(/not on PATH[\s\S]*get\.pulumi\.com[\s\S]*--engine embedded/);
        expect(code).toBe(2);
    });

    it("speaks to the Pulumi CLI where that is the engine, with options over the file in a copy of it", async () => {
        const dir = project();
        const bin = temporary();
        const calls = join(bin, "calls");
        const digest = '{"steps":[],"duration":1,"changeSummary":{"same":3}}';
        const script = `#!/bin/sh\necho "$@" >>${calls}\ncase "$1" in version) echo v3.248.0;; preview) echo '${digest}';; esac\n`;
        writeFileSync(join(bin, "pulumi"), script, { mode: 0o755 });
        const PATH = `${bin}:${process.execPath.replace(/\/[^/]*$/, "")}:/usr/bin:/bin`;
        const args = [
            "preview",
            "--cwd",
            dir,
            "--engine",
            "pulumi",
            "--images",
            "local",
            "--json",
            "--expect-no-changes",
        ];
        const { code, stdout, stderr } = await gw(args, { env: { PATH } });
        expect([code, stderr]).toEqual([0, ""]);
        expect(JSON.parse(stdout)).toEqual(JSON.parse(digest));
        const preview = readFileSync(calls, "utf8")
            .split("\n")
            .find((line) => line.startsWith("preview"));
        const file = join(dir, ".groundwork", "overrides", "Pulumi.dev.yaml");
        expect(preview).toMatch(/^preview --json .*--event-log \S+ --non-interactive --color never$/);
        expect(preview).toContain(` --stack dev --config-file ${file} `);
        expect(readFileSync(file, "utf8")).toMatch(/groundwork:images:\n +source: local/);
    });

    it("ends with 4 and names who holds the lock", async () => {
        const dir = project();
        const stateDir = join(dir, ".groundwork", "state");
        mkdirSync(stateDir, { recursive: true });
        const lock = new StackLock(stateDir, "dev");
        lock.acquire("up");
        const file = join(dir, "state.json");
        const manifest = { time: new Date(0).toISOString(), magic: "", version: "" };
        writeFileSync(file, JSON.stringify({ version: 3, deployment: { manifest, resources: [] } }));
        const importing = ["state", "import", file, "--yes", "--cwd", dir];
        const locked = await gw(importing);
        expect(locked.stderr).toContain(`process ${process.pid}`);
        expect(locked.code).toBe(4);
        const unlocked = await gw(["state", "unlock", "--yes", "--cwd", dir]);
        expect(unlocked.stdout).toMatch(/^Unlocked dev\. It was held by /);
        expect((await gw(importing)).code).toBe(0);
        const again = await gw(["state", "unlock", "--yes", "--cwd", dir]);
        expect(again.stdout).toBe("dev was not locked.\n");
    });

    it("has nothing to delete where there is nothing", async () => {
        const { code, stdout } = await gw(["destroy", "--yes", "--cwd", project()]);
        expect([code, stdout]).toEqual([0, "There is nothing to delete: stack dev has no resources.\n"]);
    });

    it("refuses to delete what is protected, by name, before anything is touched", async () => {
        const dir = project();
        const urn = "urn:pulumi:dev::groundwork::docker:index/volume:Volume::gw-dev-postgres-data";
        const root = {
            urn: "urn:pulumi:dev::groundwork::pulumi:pulumi:Stack::groundwork-dev",
            custom: false,
            type: "pulumi:pulumi:Stack",
        };
        const volume = {
            urn,
            custom: true,
            id: "gw-dev-postgres-data",
            type: "docker:index/volume:Volume",
            protect: true,
            inputs: {},
            outputs: {},
        };
        const group = { urn: `${urn}-group`, custom: false, type: "groundwork:components:Group", parent: root.urn };
        const manifest = { time: new Date(0).toISOString(), magic: "", version: "" };
        const file = join(dir, "state.json");
        writeFileSync(file, JSON.stringify({ version: 3, deployment: { manifest, resources: [root, volume, group] } }));
        expect((await gw(["state", "import", file, "--yes", "--cwd", dir])).code).toBe(0);
        const { code, stderr } = await gw(["destroy", "--yes", "--cwd", dir]);
        expect(code).toBe(1);
        expect(stderr).toMatch(
            /1 protected resource, so nothing was deleted:\n {2}gw-dev-postgres-data \(docker:Volume\)/,
        );
        expect(stderr).toContain("--exclude-protected");
        const shown = ["destroy", "--preview-only", "--exclude-protected", "--cwd", dir];
        const preview = await gw(shown);
        expect(preview.code).toBe(0);
        expect(preview.stdout).toMatch(/^- +gw-dev-postgres-data-group .* delete$[\s\S]*^Resources: - 2 to delete$/m);
        expect(JSON.parse((await gw([...shown, "--json"])).stdout)).toMatchObject({ changeSummary: { delete: 2 } });
        const { stdout } = await gw(["state", "export", "--cwd", dir]);
        expect(JSON.stringify(JSON.parse(stdout))).toContain(urn);
    });

    it("exports the state into a file that its owner alone can read, also where one was there", async () => {
        const dir = project();
        const file = join(dir, "dev.json");
        writeFileSync(file, "before", { mode: 0o644 });
        const { code, stderr } = await gw(["state", "export", "--show-secrets", "--file", file, "--cwd", dir]);
        expect([code, stderr]).toEqual([0, `0 resources of dev written to ${file}.\n`]);
        expect(statSync(file).mode & 0o777).toBe(0o600);
        expect(JSON.parse(readFileSync(file, "utf8"))).toMatchObject({ version: 3 });
        const refused = await gw(["state", "export", "--file", join(dir, "absent", "dev.json"), "--cwd", dir]);
        expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining("--file: ") as string]);
    });

    it("writes a stack's file once, and says what is still to be set", async () => {
        const dir = project({
            staging:
                "config:\n  groundwork:environment: staging\n  groundwork:system: debt-os\n  groundwork:domain: x.example.com\n",
        });
        const first = await gw(["stack", "init", "opencode-staging", "--cwd", dir]);
        expect(first.code).toBe(0);
        expect(first.stderr).toMatch(/Not taken over from Pulumi\.staging\.yaml: groundwork:domain/);
        expect(first.stderr).toMatch(/Still to be set:[\s\S]*groundwork:domain/);
        expect(first.stderr).not.toContain("Images without a digest");
        const second = await gw(["stack", "init", "opencode-staging", "--cwd", dir]);
        expect([second.code, second.stderr]).toEqual([2, expect.stringContaining("is there already") as string]);
    });

    it("names the images that a stack of prod does not pin by a digest", async () => {
        const pinned = `redis:7-alpine@sha256:${"a".repeat(64)}`;
        const dir = project({
            prod: `config:\n  groundwork:environment: prod\n  groundwork:system: debt-os\n  groundwork:images:\n    overrides:\n      redis-7-alpine: ${pinned}\n`,
        });
        const { code, stderr } = await gw(["stack", "init", "debt-os-prod", "--cwd", dir]);
        expect(code).toBe(0);
        const [, keys] = /Images without a digest, by their keys under groundwork:images\.overrides: (.*)\.$/m.exec(
            stderr,
        )!;
        expect(keys!.split(", ").sort()).toEqual([
            "backup",
            "caddy",
            "debt-os-api",
            "debt-os-worker",
            "postgres-pgvector",
        ]);
    });

    it("keeps colour out of what is no terminal, and lets it be asked for", async () => {
        const args = ["stack", "ls", "--cwd", project()];
        const [plain, forced, none] = await Promise.all([
            gw(args),
            gw(args, { env: { FORCE_COLOR: "1" } }),
            gw([...args, "--no-color"], { env: { FORCE_COLOR: "1" } }),
        ]);
        expect(plain.stdout).not.toContain("\u001B[");
        expect(forced.stdout).toContain("\u001B[");
        expect(none.stdout).not.toContain("\u001B[");
    });
});
