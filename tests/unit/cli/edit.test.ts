import { describe, expect, it } from "vitest";

import { withoutValue, withValue } from "../../../packages/cli/src/stack/edit";

const UNIX = "config:\n  groundwork:system: debt-os # mine\n  groundwork:edge:\n    httpsPort: 9443\n";
const WINDOWS = UNIX.replaceAll("\n", "\r\n");

describe("a stack's file that gw changes", () => {
    it("keeps its line ends", () => {
        const changed = withValue(UNIX, ["edge", "httpsPort"], 9444);
        expect(changed).toBe(UNIX.replace("9443", "9444"));
        expect(withValue(WINDOWS, ["edge", "httpsPort"], 9444)).toBe(WINDOWS.replace("9443", "9444"));
        expect(withoutValue(WINDOWS, ["edge"])).toBe("config:\r\n  groundwork:system: debt-os # mine\r\n");
    });
});
