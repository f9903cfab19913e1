import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { readProject } from "../../../packages/engine/src/project";

describe("a project whose program is in a folder below it", () => {
    let directory: string;
    beforeEach(() => {
        directory = mkdtempSync(join(tmpdir(), "project-"));
        mkdirSync(join(directory, "program"));
        writeFileSync(
            join(directory, "Pulumi.yaml"),
            "name: example\nmain: program\nruntime: { name: nodejs, options: { tsconfig: tsconfig.program.json } }\n",
        );
    });
    afterEach(() => rmSync(directory, { recursive: true }));

    test("has the tsconfig of that folder, as with the Pulumi CLI", () => {
        const tsconfig = join(directory, "program", "tsconfig.program.json");
        writeFileSync(tsconfig, "{}");
        expect(readProject(directory)).toMatchObject({ programDir: join(directory, "program"), tsconfig });
    });

    test("has none where there is no such file in it", () => {
        writeFileSync(join(directory, "tsconfig.program.json"), "{}");
        expect(readProject(directory).tsconfig).toBeUndefined();
    });
});
