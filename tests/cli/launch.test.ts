import { copyFileSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, it } from "vitest";

import { gw, project, REPOSITORY, temporary } from "../unit/cli/fixtures";

/** A checkout by links whose esbuild cannot run, as one that was installed for another platform. */
function withoutEsbuild(): string {
    const root = temporary();
    mkdirSync(join(root, "packages", "cli"), { recursive: true });
    mkdirSync(join(root, "packages", "bundle"), { recursive: true });
    mkdirSync(join(root, "node_modules", "esbuild"), { recursive: true });
    mkdirSync(join(root, "node_modules", "@groundwork"), { recursive: true });
    // They find their repository by their own path, which a link would lead elsewhere.
    for (const entry of [
        "gw",
        "package.json",
        "packages/cli/launch.cjs",
        "packages/bundle/bundle.cjs",
        "packages/bundle/package.json",
    ])
        copyFileSync(join(REPOSITORY, entry), join(root, entry));
    symlinkSync(join(root, "packages/bundle"), join(root, "node_modules/@groundwork/bundle"));
    symlinkSync(join(REPOSITORY, "packages/cli/src"), join(root, "packages/cli/src"));
    const reason = 'throw new Error("You installed esbuild for another platform\\nmore");\n';
    writeFileSync(join(root, "node_modules/esbuild/index.js"), reason);
    for (const entry of readdirSync(join(REPOSITORY, "node_modules"))) {
        if (entry === "esbuild" || entry === "@groundwork") continue;
        symlinkSync(join(REPOSITORY, "node_modules", entry), join(root, "node_modules", entry));
    }
    for (const entry of readdirSync(join(REPOSITORY, "node_modules/@groundwork"))) {
        if (entry === "bundle") continue;
        symlinkSync(join(REPOSITORY, "node_modules/@groundwork", entry), join(root, "node_modules/@groundwork", entry));
    }
    return root;
}

describe("gw on a Node that is too old", () => {
    it("says which it needs, before anything that such a Node may not understand", async () => {
        const older = join(temporary(), "older.cjs");
        const versions = '{ ...process.versions, node: "20.18.3" }';
        writeFileSync(older, `Object.defineProperty(process, "versions", { value: ${versions} });\n`);
        const { code, stderr } = await gw(["--version"], { env: { NODE_OPTIONS: `--require ${older}` } });
        expect(code).toBe(1);
        expect(stderr).toMatch(/^gw needs Node 20\.19 or newer, and this is v[\d.]+\. See https:\/\/nodejs\.org\.\n$/);
    });
});

describe("gw without an esbuild that runs", () => {
    it("starts through the slower loader, and says so once to those who want to know more", async () => {
        const bin = join(withoutEsbuild(), "gw");
        const list = ["stack", "ls", "--cwd", project()];
        const [plain, verbose, debug] = await Promise.all([
            gw(list, { bin }),
            gw([...list, "--verbose"], { bin }),
            gw(list, { bin, env: { GW_DEBUG: "1" } }),
        ]);
        expect([plain.code, verbose.code, debug.code]).toEqual([0, 0, 0]);
        expect(plain.stdout).toContain("debt-os");
        expect(plain.stderr).toBe("");
        const said =
            "gw could not be bundled, and starts through a slower loader: You installed esbuild for another platform\n";
        expect(verbose.stderr).toBe(said);
        expect(debug.stderr).toBe(said);
    });
});
