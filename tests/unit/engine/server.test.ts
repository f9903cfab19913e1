import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { afterEach, expect, it, vi } from "vitest";

import { MonitorServer } from "../../../packages/engine/src/server";
import { temporaryDir } from "../../fixtures/engine/harness";

/** No process has a number this high. */
const DEAD = 2 ** 22 + 1;

afterEach(() => {
    vi.unstubAllEnvs();
    vi.restoreAllMocks();
});

/** Names that are in the temporary directory when an engine has started and ended there. */
function leftAfter(...before: string[]): string[] {
    const dir = temporaryDir();
    vi.stubEnv("TMPDIR", dir);
    for (const name of before) {
        mkdirSync(join(dir, name));
        writeFileSync(join(dir, name, "monitor.sock"), "");
    }
    new MonitorServer().close();
    return readdirSync(dir).sort();
}

it("removes what an engine that was killed left behind, and nothing of one that lives or of anybody else's", () => {
    const kept = [`gw-engine-${process.ppid}-a`, `gw-engine-x-${DEAD}`];
    expect(leftAfter(`gw-engine-${DEAD}-a`, ...kept)).toEqual(kept.sort());
});

it("leaves alone what another user's engine left, which it may not even look into", () => {
    const own = process.getuid!();
    vi.spyOn(process, "getuid").mockReturnValue(own + 1);
    expect(leftAfter(`gw-engine-${DEAD}-a`)).toEqual([`gw-engine-${DEAD}-a`]);
});
