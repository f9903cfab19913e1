import { readdirSync } from "node:fs";

import { expect, test } from "vitest";

import { readHistory, recordRun } from "../../../packages/backup/src/history";
import { toolboxOf } from "./toolbox";

test("of two that record a run at the same time neither is lost", async () => {
    const { stateDirectory: directory } = toolboxOf(["redis"]);
    let other = Promise.resolve();
    await recordRun(directory, "redis/daily", ({ failures }) => {
        other = recordRun(directory, "config/manual", () => ({ lastStart: 2 }));
        return { failures: failures + 1 };
    });
    await other;
    expect(readHistory(directory)).toEqual({
        "redis/daily": { lastStart: 0, failures: 1 },
        "config/manual": { lastStart: 2, failures: 0 },
    });
    expect(readdirSync(directory).sort(), "no drafts").toEqual(["history.json", "locks"]);
});
