import { describe, expect, it } from "vitest";

import { renderFateOfPlanned } from "../../../../packages/cli/src/ui/fate-of-data";
import { PLAIN } from "../../../../packages/cli/src/ui/style";
import type { PreviewStep } from "../../../../packages/engine/src/api";

const VIEW = { columns: 80, style: PLAIN };

function step(op: PreviewStep["op"], id: string, retainOnDelete: boolean, component = "volume"): PreviewStep {
    const type = "docker:index/volume:Volume";
    const urn = `urn:pulumi:dev::groundwork::${type}::${id}`;
    const inputs = { labels: [{ label: "groundwork.component", value: component }] };
    return { op, urn, oldState: { urn, type, id, custom: true, retainOnDelete, inputs } };
}

function rendered(steps: PreviewStep[]): string[] {
    return renderFateOfPlanned({ steps, duration: 0, changeSummary: {} }, VIEW);
}

describe("what a run says of data", () => {
    it("names the volumes that would be deleted, once each, and those that stay", () => {
        const steps = [
            step("delete", "lost-data", false),
            step("delete-replaced", "old-data", false),
            step("replace", "old-data", false),
            step("delete", "kept-data", true),
        ];
        expect(rendered(steps)).toEqual([
            "The data on these volumes would be lost:",
            "  lost-data, old-data",
            "These volumes stay on the Docker engine:",
            "  kept-data",
        ]);
    });

    it("says nothing where data stays where it is, and of files that are made anew", () => {
        expect(rendered([step("update", "data", false), step("delete", "secrets", false, "secrets")])).toEqual([]);
    });
});
