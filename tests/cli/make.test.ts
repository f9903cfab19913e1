import { execFile } from "node:child_process";
import { copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, it } from "vitest";

import { GW, project, REPOSITORY } from "../unit/cli/fixtures";

/** Runs a target of the Makefile in a project of its own, where everything is installed already. */
function make(...args: string[]): Promise<{ code: number; stderr: string }> {
    const dir = project();
    copyFileSync(join(REPOSITORY, "Makefile"), join(dir, "Makefile"));
    for (const file of ["package.json", "package-lock.json"]) writeFileSync(join(dir, file), "{}");
    mkdirSync(join(dir, "node_modules"));
    writeFileSync(join(dir, "node_modules", ".installed"), "");
    writeFileSync(join(dir, "here"), `#!/bin/sh\nexec ${GW} "$@" --cwd ${dir}\n`, { mode: 0o755 });
    return new Promise((done) => {
        const child = execFile("make", [...args, "GW=./here"], { cwd: dir }, (error, _stdout, stderr) =>
            done({ code: error === null ? 0 : Number(error.code), stderr }),
        );
        child.stdin?.end();
    });
}

describe("make", () => {
    it.each(["down", "down-all"])("%s says its own way to answer where nobody can be asked", async (target) => {
        const { code, stderr } = await make(target);
        expect(stderr).toMatch(/this is no terminal\.\nSay YES=1 to go ahead/);
        expect(stderr).not.toContain("--yes");
        expect(code).toBe(2);
    });

    it.each(["wrong", "debt-os opshub", ""])("refuses the system %j before anything is installed", async (system) => {
        const { code, stderr } = await make("up", `SYSTEM=${system}`, "--always-make");
        expect(stderr).toContain(`There is no system "${system}". SYSTEM is one of: opencode `);
        expect(code).toBe(2);
    });

    it("takes that answer", async () => {
        expect(await make("down", "YES=1")).toEqual({ code: 0, stderr: "" });
    });
});
