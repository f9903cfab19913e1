import { execFileSync } from "node:child_process";
import { lstatSync, mkdirSync, readFileSync, readlinkSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, it } from "vitest";

import { checkOut, Workspace } from "../../../../packages/cli/src/report/checkout";
import { Repository } from "../../../../packages/cli/src/report/git";
import { makeReport } from "../../../../packages/cli/src/report/compare";
import { projectAt } from "../../../../packages/cli/src/project";
import { gw, listing, temporary } from "../fixtures";

function git(dir: string, ...args: string[]): string {
    const who = ["-c", "user.name=test", "-c", "user.email=test@example.com", "-c", "commit.gpgsign=false"];
    return execFileSync("git", [...who, ...args], { cwd: dir, encoding: "utf8", stdio: "pipe" }).trim();
}

/** A repository whose project is in `at`, with one commit of these files. */
function repository(files: Record<string, string> = {}, at = "."): { dir: string; project: string } {
    const dir = temporary();
    const project = join(dir, at);
    mkdirSync(project, { recursive: true });
    git(dir, "init", "--quiet", "--initial-branch=main");
    for (const [name, text] of Object.entries({ "Pulumi.yaml": "name: groundwork\nruntime: nodejs\n", ...files }))
        writeFileSync(join(project, name), text);
    git(dir, "add", "--all");
    git(dir, "commit", "--quiet", "--message", "first");
    return { dir, project };
}

describe("a report", () => {
    it.each([
        ["a base that is not there", { base: "nowhere" }, /--base: there is no commit "nowhere"/],
        ["a head that is not there", { head: "nowhere" }, /--head: there is no commit "nowhere"/],
        ["an option in the place of a revision", { base: "--exec=x" }, /--base: there is no commit "--exec=x"/],
        ["a stack that is not there", { stack: "nope" }, /There is no stack "nope"/],
    ])("is refused for %s as wrong usage, and touches nothing", async (_what, settings, message) => {
        const { project } = repository({ ".gitignore": "node_modules\n", "package-lock.json": "{}\n" });
        mkdirSync(join(project, "node_modules"));
        const before = listing(project);
        const asked = { base: "main", head: "worktree", verbose: false, ...settings };
        const made = makeReport(projectAt(project), asked, {}, expect.fail);
        await expect(made).rejects.toMatchObject({ name: "UsageError", message: expect.stringMatching(message) });
        expect(listing(project)).toEqual(before);
    });

    it("ends gw with 2 where there are no revisions", async () => {
        const dir = temporary();
        writeFileSync(join(dir, "Pulumi.yaml"), "name: groundwork\nruntime: nodejs\n");
        const options = { env: { GIT_CEILING_DIRECTORIES: join(dir, "..") } };
        const { code, stderr, stdout } = await gw(["report", "--cwd", dir, "--base", "main"], options);
        expect([code, stdout, stderr]).toEqual([2, "", expect.stringContaining("is in no git repository")]);
    });
});

describe("a work tree", () => {
    it("with conflicts is refused, with what they are in", async () => {
        const { dir } = repository({ file: "a\n" });
        git(dir, "checkout", "--quiet", "-b", "other");
        for (const [branch, text] of [
            ["other", "b\n"],
            ["main", "c\n"],
        ] as const) {
            git(dir, "checkout", "--quiet", branch);
            writeFileSync(join(dir, "file"), text);
            git(dir, "commit", "--quiet", "--all", "--message", branch);
        }
        expect(() => git(dir, "merge", "other")).toThrow();
        const found = await Repository.of(dir);
        await expect(found.revision("--head", "worktree")).rejects.toThrow(/conflicts that are not settled: file/);
        await expect(found.revision("--base", "main")).resolves.toMatchObject({ isWorktree: false });
    });

    it("is told of with what is in no commit, of its project alone", async () => {
        const { dir, project } = repository({}, "infra");
        writeFileSync(join(dir, "elsewhere"), "");
        writeFileSync(join(project, "new file"), "");
        const head = await (await Repository.of(project)).revision("--head", "worktree");
        expect(head).toMatchObject({ isWorktree: true, uncommitted: ["infra/new file"] });
    });
});

describe("a revision's checkout", () => {
    it("has its files and this tree's packages, but its own of the workspace, and leaves nothing anywhere", async () => {
        const { dir, project } = repository({ ".gitignore": "node_modules\n", "package-lock.json": "{}\n" }, "infra");
        mkdirSync(join(project, "node_modules", "@pulumi", "pulumi"), { recursive: true });
        mkdirSync(join(project, "node_modules", "@groundwork"));
        symlinkSync("../../packages/engine", join(project, "node_modules", "@groundwork", "engine"));
        writeFileSync(join(project, "Pulumi.yaml"), "name: changed\nruntime: nodejs\n");
        const before = listing(dir);
        const found = await Repository.of(project);
        const workspace = new Workspace();
        const options = { repository: found, project: projectAt(project), workspace, note: expect.fail };
        const out = await checkOut(await found.revision("--base", "main"), "base", options);
        expect(readFileSync(join(out, "Pulumi.yaml"), "utf8")).toContain("name: groundwork");
        expect(readlinkSync(join(out, "node_modules", "@pulumi", "pulumi"))).toBe(
            join(project, "node_modules/@pulumi/pulumi"),
        );
        expect(readlinkSync(join(out, "node_modules", "@groundwork", "engine"))).toBe("../../packages/engine");
        expect(await checkOut(await found.revision("--head", "worktree"), "head", options)).toBe(project);
        workspace.remove();
        expect(() => lstatSync(out)).toThrow(/ENOENT/);
        expect(listing(dir)).toEqual(before);
    });
});
