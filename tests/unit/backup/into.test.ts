import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { placeFor, writableFolder } from "../../../packages/backup/src/stores/volume/restore";

describe("the place of a restore beside the live data", () => {
    let volume: string;
    beforeEach(() => (volume = mkdtempSync(join(tmpdir(), "into-"))));
    afterEach(() => rmSync(volume, { recursive: true }));

    test("is a folder on the store's volume by its name, or anywhere by its path", () => {
        const other = join(volume, "other", "look");
        expect(writableFolder(placeFor("look", volume))).toBe(join(volume, "look"));
        expect(writableFolder(placeFor(other, volume))).toBe(other);
        expect([join(volume, "look"), other].every((place) => existsSync(place))).toBe(true);
    });

    test("that cannot be made is told with what to name instead", () => {
        writeFileSync(join(volume, "file"), "");
        expect(() => writableFolder(placeFor("file/look", volume))).toThrow(
            expect.objectContaining({
                message: expect.stringContaining(`${join(volume, "file/look")} cannot be written`) as string,
                remedy: expect.stringContaining("--into /tmp/look") as string,
            }),
        );
    });
});
