import { existsSync, symlinkSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, it } from "vitest";

import { bundledProgram } from "../../../packages/cli/src/engines/program";
import { project, REPOSITORY, temporary } from "./fixtures";

describe("the program as one file", () => {
    it("is made once, also for a project that has it by a link", async () => {
        const bundle = await bundledProgram(REPOSITORY);
        expect(bundle).toMatch(/\/\.groundwork\/cache\/program\/[0-9a-f]{64}\.cjs$/);
        expect(existsSync(bundle!)).toBe(true);
        const linked = temporary();
        symlinkSync(join(REPOSITORY, "index.ts"), join(linked, "index.ts"));
        expect(await bundledProgram(linked)).toBe(bundle);
    });

    it("stands for no other project's program", async () => {
        expect(await bundledProgram(project())).toBeUndefined();
    });
});
