import { describe, expect, it } from "vitest";

import { reportOf } from "../../../packages/cli/src/commands/drill";
import { FailedError } from "../../../packages/cli/src/errors";

describe("a drill that failed", () => {
    const error = { message: "listing the snapshots: the repository is damaged", remedy: "Restore the local copy." };

    it("has a report where it got so far", () => {
        const report = { stack: "lab-dev", rows: [{ store: "redis", method: "snapshot", problem: "it is damaged" }] };
        expect(reportOf({ exitCode: 6, lines: [JSON.stringify(report)], error })).toEqual(report);
    });

    it("says why where it has none", () => {
        expect(() => reportOf({ exitCode: 6, lines: [], error })).toThrow(FailedError);
        expect(() => reportOf({ exitCode: 6, lines: [], error })).toThrow(error.message);
    });
});
