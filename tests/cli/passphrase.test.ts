import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, it } from "vitest";

import { UsageError } from "../../packages/cli/src/errors";
import { passphraseFor, type PassphraseUse, wrongPassphraseHint } from "../../packages/cli/src/passphrase";
import { findProject } from "../../packages/cli/src/project";
import { DEV, gw, listing, project } from "../unit/cli/fixtures";

const SALT = "v1:AAAAAAAAAAA=:v1:AAAAAAAAAAAAAAAA:D7IHuP+AFy64OusnBvZtZsZjVI7APQ==";
const manifest = { time: new Date(0).toISOString(), magic: "", version: "" };
const root = {
    urn: "urn:pulumi:dev::groundwork::pulumi:pulumi:Stack::groundwork-dev",
    custom: false,
    type: "pulumi:pulumi:Stack",
};

function use(more: Partial<PassphraseUse> = {}): PassphraseUse {
    return { project: findProject(project()), environment: "dev", env: {}, ...more };
}

/** A project with a state that was encrypted with the passphrase of SALT. */
function withState(): string {
    const dir = project();
    mkdirSync(join(dir, ".groundwork", "state"), { recursive: true });
    const secrets_providers = { type: "passphrase", state: { salt: SALT } };
    const state = { version: 3, deployment: { manifest, secrets_providers, resources: [root] } };
    writeFileSync(join(dir, ".groundwork", "state", "dev.json"), JSON.stringify(state));
    return dir;
}

describe("the passphrase", () => {
    it("is the environment's, else that of a file, else in dev one that is made once", () => {
        const mine = use();
        const { dir, dataDir } = mine.project;
        const from = (env: NodeJS.ProcessEnv) => passphraseFor({ ...mine, environment: "prod", env });
        expect(from({ PULUMI_CONFIG_PASSPHRASE: "" })).toEqual({ text: "", from: "PULUMI_CONFIG_PASSPHRASE" });
        const file = join(dir, "secret");
        writeFileSync(file, "from a file\n");
        expect(from({ PULUMI_CONFIG_PASSPHRASE_FILE: file }).text).toBe("from a file");
        const own = passphraseFor(mine);
        expect(own.text).toMatch(/^[\w-]{43}$/);
        expect(passphraseFor(mine)).toEqual(own);
        const path = join(dataDir, "passphrase");
        expect(own.from).toBe(path);
        expect(statSync(path).mode & 0o777).toBe(0o600);
        expect(readFileSync(path, "utf8").trim()).toBe(own.text);
    });

    it("is not written by what only looks", async () => {
        const mine = use({ passing: true });
        expect(passphraseFor(mine).text).toMatch(/^[\w-]{43}$/);
        expect(existsSync(mine.project.dataDir)).toBe(false);
        const dir = project();
        const before = listing(dir);
        const looks = [["outputs"], ["state", "export"], ["destroy", "--preview-only"]];
        const ended = await Promise.all(looks.map((words) => gw([...words, "--cwd", dir])));
        // A stack that was never brought up has no outputs to show.
        expect(ended.map(({ code }) => code)).toEqual([1, 0, 0]);
        expect(listing(dir)).toEqual(before);
    });

    it("must be given outside of dev", () => {
        expect(() => passphraseFor(use({ environment: "prod" }))).toThrow(UsageError);
        const env = { PULUMI_CONFIG_PASSPHRASE_FILE: "/nonexistent" };
        expect(() => passphraseFor(use({ env }))).toThrow(/PULUMI_CONFIG_PASSPHRASE_FILE/);
    });

    it("is not made anew where a state or a salt was made with another one", async () => {
        const dir = withState();
        const before = listing(dir);
        const { code, stderr } = await gw(["outputs", "--cwd", dir]);
        expect(stderr).toMatch(
            /a new one would not open the secrets in the state of dev in .*\nSet PULUMI_CONFIG_PASSP/,
        );
        expect(stderr).not.toContain("--verbose");
        expect(code).toBe(2);
        expect(listing(dir)).toEqual(before);
        expect(() => passphraseFor(use({ saltedFile: "Pulumi.dev.yaml" }))).toThrow(/in Pulumi\.dev\.yaml/);
    });

    it("is made anew where a state was destroyed", () => {
        const dir = withState();
        const state = { version: 3, deployment: { manifest, resources: [] } };
        writeFileSync(join(dir, ".groundwork", "state", "dev.json"), JSON.stringify(state));
        expect(passphraseFor(use({ project: findProject(dir) })).text).toMatch(/^[\w-]{43}$/);
    });

    it("that is wrong is told with where it came from and where another one is", async () => {
        const dir = withState();
        writeFileSync(join(dir, ".groundwork", "passphrase"), "another\n");
        const [own, given] = await Promise.all([
            gw(["outputs", "--cwd", dir]),
            gw(["outputs", "--cwd", dir], { env: { PULUMI_CONFIG_PASSPHRASE: "x" } }),
        ]);
        const path = join(dir, ".groundwork", "passphrase");
        const problem = "error: The passphrase does not open the secrets of this stack.\n";
        expect(own.stderr.startsWith(`${problem}It came from ${path}.\nPut back the ${path} that`)).toBe(true);
        expect(given.stderr).toContain(`${problem}It came from PULUMI_CONFIG_PASSPHRASE.\n`);
        expect(given.stderr).toContain(`Without that variable, it would come from ${path}`);
        for (const { code, stderr } of [own, given]) {
            expect(stderr).not.toContain("--verbose");
            expect(code).toBe(1);
        }
        rmSync(path);
        expect(wrongPassphraseHint({ text: "", from: "X" }, use())).not.toContain("Without that variable");
    });

    it("that does not open a stack file's secrets is told so too", async () => {
        const text = `encryptionsalt: ${SALT}\n${DEV}  groundwork:secrets:\n    A:\n      secure: v1:AAAA:AAAA\n`;
        const dir = project({ dev: text });
        const args = ["up", "--yes", "--cwd", dir, "--images", "local"];
        const { code, stderr } = await gw(args, { env: { PULUMI_CONFIG_PASSPHRASE: "x" } });
        expect(stderr).toMatch(
            /Pulumi\.dev\.yaml: The passphrase does not open.*\nIt came from PULUMI_CONFIG_PASSPHRASE/,
        );
        expect(code).toBe(2);
        expect(existsSync(join(dir, ".groundwork"))).toBe(false);
    });
});

describe("a damaged state file", () => {
    it("is told with how to get the one before it back", async () => {
        const dir = withState();
        const path = join(dir, ".groundwork", "state", "dev.json");
        writeFileSync(`${path}.bak`, readFileSync(path));
        writeFileSync(path, readFileSync(path, "utf8").slice(0, 40));
        writeFileSync(join(dir, ".groundwork", "passphrase"), "correct horse\n");
        const { code, stderr } = await gw(["outputs", "--cwd", dir]);
        expect(stderr).toMatch(/dev\.json is not JSON: .*\nThe state before it, of \d{4}-.*put it back with:\n/);
        expect(stderr).toContain(`  cp ${path}.bak ${path}\n`);
        expect(stderr).not.toContain("--verbose");
        expect(code).toBe(1);
        rmSync(`${path}.bak`);
        expect((await gw(["outputs", "--cwd", dir])).stderr).toMatch(/There is no dev\.json\.bak beside it/);
    });
});
