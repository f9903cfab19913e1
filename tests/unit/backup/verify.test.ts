import { afterEach, expect, test, vi } from "vitest";

import { PartReader } from "../../../packages/backup/src/repository/parts";
import { verify } from "../../../packages/backup/src/verify";
import { entryOf, stored, toolboxOf } from "./toolbox";

afterEach(() => {
    vi.restoreAllMocks();
});

test("the newest backup of each store is verified, not the copy from before a restore", async () => {
    const scheduled = entryOf("projects", "2026-11-24T02:00:00.000Z");
    const safety = entryOf("projects", "2026-11-24T03:00:00.000Z", "safety");
    stored([scheduled, safety, entryOf("projects", "2026-11-23T02:00:00.000Z")]);
    vi.spyOn(PartReader.prototype, "verify").mockResolvedValue();
    const config = toolboxOf(["projects"]);
    expect(await verify(config, { at: "latest", local: false, readData: false })).toEqual([scheduled.id]);
    // By its name it is.
    const named = { store: "projects", at: safety.id, local: false, readData: false };
    expect(await verify(config, named)).toEqual([safety.id]);
});
