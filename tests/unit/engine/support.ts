import { rmSync } from "node:fs";

import { afterAll } from "vitest";

import { temporaryDirs } from "./harness";

export * from "./harness";

afterAll(() => {
    for (const dir of temporaryDirs) rmSync(dir, { recursive: true, force: true });
});
