import { describe, expect, it } from "vitest";

import { shellWord } from "../../../packages/engine/src/shell";

describe("commands for users", () => {
    it.each([
        [".groundwork/ca/dev.crt", ".groundwork/ca/dev.crt"],
        ["/home/me/my clone/dev.crt", "'/home/me/my clone/dev.crt'"],
        ["/it's", "'/it'\\''s'"],
        ["", "''"],
    ])("have %j as one word", (text, word) => expect(shellWord(text)).toBe(word));
});
