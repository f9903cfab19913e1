import { chmodSync, existsSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, it } from "vitest";

import { FailedError, UsageError } from "../../../packages/cli/src/errors";
import { expectDirectoryOf, makeDirectory, writeWhole } from "../../../packages/cli/src/files";
import { temporary } from "./fixtures";

describe("a file that is written whole", () => {
    it("keeps the mode of the one before, unless another is wanted", () => {
        const file = join(temporary(), "a.yaml");
        writeFileSync(file, "before");
        chmodSync(file, 0o664);
        writeWhole(file, "after");
        expect([readFileSync(file, "utf8"), statSync(file).mode & 0o777]).toEqual(["after", 0o664]);
        writeWhole(file, "secret", { mode: 0o600 });
        expect(statSync(file).mode & 0o777).toBe(0o600);
        expect(readdirSync(join(file, ".."))).toEqual(["a.yaml"]);
    });

    it("goes through a symlink to the file behind it", () => {
        const dir = temporary();
        writeFileSync(join(dir, "real"), "before");
        symlinkSync("real", join(dir, "link"));
        writeWhole(join(dir, "link"), "after");
        expect(readFileSync(join(dir, "real"), "utf8")).toBe("after");
    });

    it("is left as something else has written it meanwhile", () => {
        const file = join(temporary(), "a.yaml");
        writeFileSync(file, "theirs");
        expect(() => writeWhole(file, "mine", { before: "read before" })).toThrow(/was changed by something else/);
        expect(readFileSync(file, "utf8")).toBe("theirs");
        expect(readdirSync(join(file, ".."))).toEqual(["a.yaml"]);
    });

    it("does not put a file into the place of a device", () => {
        writeWhole("/dev/null", "gone");
        expect(statSync("/dev/null").isCharacterDevice()).toBe(true);
    });

    it("names the place and the remedy where it cannot be written", () => {
        const place = join(temporary(), "no", "such");
        const refused = (write: () => void): FailedError => {
            try {
                write();
            } catch (error) {
                return error as FailedError;
            }
            throw new Error("it was written");
        };
        const error = refused(() => writeWhole(join(place, "a.yaml"), "text"));
        expect(error).toBeInstanceOf(FailedError);
        expect(error.message).toContain(`${join(place, "a.yaml")} cannot be written: ENOENT`);
        expect(error.hint).toMatch(/^Make it/);
        writeFileSync(join(place, "..", "..", "file"), "");
        const below = join(place, "..", "..", "file", "directory");
        expect(refused(() => makeDirectory(below)).hint).toMatch(/no directory/);
        expect(existsSync(place)).toBe(false);
    });

    it("is refused before anything long begins where there is no directory for it", () => {
        const dir = temporary();
        expect(() => expectDirectoryOf(join(dir, "a.json"), "--out")).not.toThrow();
        expect(() => expectDirectoryOf(join(dir, "absent", "a.json"), "--out")).toThrow(UsageError);
    });
});
