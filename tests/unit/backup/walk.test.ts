import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { expect, test } from "vitest";

import { digestOfFolder } from "../../../packages/backup/src/repository/digest";
import { walk } from "../../../packages/backup/src/walk";
import { temporary } from "../../temporary";

test("a link is one entry, also where it leads to a folder, back to where it is, or nowhere", async () => {
    const directory = temporary("walk");
    mkdirSync(join(directory, "one/deep"), { recursive: true });
    writeFileSync(join(directory, "one/deep/file"), "text");
    symlinkSync("one", join(directory, "folder"));
    symlinkSync("../..", join(directory, "one/deep/back"));
    symlinkSync("nowhere", join(directory, "broken"));
    const entries = ["broken", "folder", "one", "one/deep", "one/deep/back", "one/deep/file"];
    expect((await walk(directory)).sort()).toEqual(entries);
    expect((await digestOfFolder(directory, "content")).entries).toBe(entries.length);
});
