import { spawnSync } from "node:child_process";
import { join } from "node:path";

import { expect, it } from "vitest";

import { REPOSITORY } from "../unit/cli/fixtures";

it("npm run bench starts, and names the benchmarks where it knows none of that name", () => {
    const tsx = join(REPOSITORY, "node_modules/.bin/tsx");
    const { status, stderr } = spawnSync(tsx, ["tests/bench/main.ts", "--only", "nonsense"], {
        cwd: REPOSITORY,
        encoding: "utf8",
    });
    expect(stderr).toMatch(/^No benchmark "nonsense"\. There are: .*engine\..*kubernetes\..*backup\..*policies\b/);
    expect(status).toBe(2);
});
