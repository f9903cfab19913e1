import { describe, expect, it } from "vitest";

import type { EngineEvent } from "../../../../packages/engine/src/api";
import { countShown, ProgressModel, renderEntry, renderLive } from "../../../../packages/cli/src/ui/progress";
import { PLAIN } from "../../../../packages/cli/src/ui/style";
import { displayWidth } from "../../../../packages/cli/src/ui/text";
import { diagnostic, done, failed, pre, urnOf } from "../events";

const view = { columns: 100, rows: 20, style: PLAIN, frame: 0 };

function run(model: ProgressModel, ...events: [EngineEvent, number][]) {
    return events.flatMap(([event, now]) => model.apply(event, now));
}

describe("progress", () => {
    it("shows a running step with its newest message and how long it takes", () => {
        const model = new ProgressModel(0, 3);
        run(
            model,
            [pre("create", "gw-dev-postgres"), 1000],
            [diagnostic("gw-dev-postgres", "waiting for healthy (2 s)"), 2000],
        );
        expect(renderLive(model, 3500, view)).toEqual([
            `⠋  gw-dev-postgres${" ".repeat(27)}docker:Container       waiting for healthy (2 s)  2.5 s`,
            "⠋  0 of 3 done · 1 running · 3.5 s",
        ]);
    });

    it("keeps every line within the terminal, however narrow", () => {
        const model = new ProgressModel(0);
        const long = `gw-dev-${"x".repeat(80)}`;
        run(model, [pre("create", long), 0], [diagnostic(long, "m".repeat(200)), 0]);
        for (const columns of [20, 40, 79, 80, 119, 120]) {
            for (const line of renderLive(model, 1000, { ...view, columns })) {
                expect(displayWidth(line)).toBeLessThanOrEqual(columns);
            }
        }
    });

    it("shows no more running steps than there are rows, and says how many are left out", () => {
        const model = new ProgressModel(0);
        for (let i = 0; i < 10; i++) model.apply(pre("create", `c${i}`), i);
        const lines = renderLive(model, 1000, { ...view, rows: 6 });
        expect(lines).toHaveLength(5);
        expect(lines[3]).toBe("   and 7 more");
    });

    it("says that the program starts while there is nothing else to say", () => {
        expect(renderLive(new ProgressModel(0), 1200, view)).toEqual(["⠋  starting the program · 1.2 s"]);
    });

    it("leaves a line for each ended step, with what was done and how long it took", () => {
        const model = new ProgressModel(0);
        const entries = run(model, [pre("create", "gw-dev-api"), 0], [done("create", "gw-dev-api"), 4100]);
        expect(entries).toHaveLength(1);
        expect(renderEntry(entries[0]!, { columns: 80, style: PLAIN })[0]).toMatch(
            /^\+ {2}gw-dev-api +docker:Container +created {2}4\.1 s$/,
        );
        expect(model.running.size).toBe(0);
        expect(model.finished).toBe(1);
    });

    it("counts a failed step as failed", () => {
        const model = new ProgressModel(0);
        const entries = run(model, [pre("update", "gw-dev-api"), 0], [failed("update", "gw-dev-api"), 2000]);
        expect(renderEntry(entries[0]!, { columns: 80, style: PLAIN })[0]).toMatch(
            /^x {2}gw-dev-api .*updating failed {2}2\.0 s$/,
        );
        expect([model.failed, model.finished]).toEqual([1, 0]);
    });

    it("passes over what does no work: components, unchanged resources, the stack, providers", () => {
        const model = new ProgressModel(0);
        run(
            model,
            [pre("same", "a"), 0],
            [pre("create", "b", { custom: false, type: "groundwork:platform:Platform" }), 0],
            [pre("create", "c", { type: "pulumi:providers:docker" }), 0],
            [pre("replace", "d"), 0],
        );
        expect(model.running.size).toBe(0);
    });

    it("says a lasting message once, and keeps passing ones off the page", () => {
        const model = new ProgressModel(0);
        const warning = diagnostic(undefined, "disk is nearly full", { severity: "warning", ephemeral: false });
        const entries = run(
            model,
            [warning, 0],
            [warning, 1],
            [diagnostic(undefined, "pulling", { severity: "info", ephemeral: true }), 2],
        );
        expect(entries).toHaveLength(1);
        expect(renderEntry(entries[0]!, view)).toEqual(["warning disk is nearly full"]);
    });

    it("takes control characters out of messages", () => {
        const model = new ProgressModel(0);
        const entries = run(model, [diagnostic(undefined, "\u001B[2Jboo", { severity: "error", ephemeral: false }), 0]);
        expect(renderEntry(entries[0]!, view)).toEqual(["error boo"]);
    });

    it("names policy, resource and enforcement of a violation", () => {
        const policyEvent = {
            resourceUrn: urnOf("gw-dev-api"),
            message: "needs a memory limit\nset resources",
            color: "never",
            policyName: "limits",
            policyPackName: "groundwork",
            policyPackVersion: "1",
            policyPackVersionTag: "1",
            enforcementLevel: "mandatory" as const,
        };
        const [entry] = new ProgressModel(0).apply({ sequence: 1, timestamp: 0, policyEvent }, 0);
        expect(renderEntry(entry!, view)).toEqual([
            "policy limits gw-dev-api: needs a memory limit",
            "    set resources",
        ]);
    });

    it("counts of a preview what it is going to show", () => {
        const state = (type: string, custom = true) => ({ urn: urnOf("x", type), type, custom });
        const container = "docker:index/container:Container";
        expect(
            countShown([
                { op: "create", urn: urnOf("a"), newState: state(container) },
                { op: "same", urn: urnOf("b"), newState: state(container) },
                {
                    op: "create",
                    urn: urnOf("c", "groundwork:platform:Platform"),
                    newState: state("groundwork:platform:Platform", false),
                },
                { op: "replace", urn: urnOf("d"), newState: state(container) },
            ]),
        ).toBe(2);
    });
});
