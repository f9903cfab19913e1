/**
 * The workflows on a pull request, as GitHub reads them. Cannot prove: that GitHub keeps to what they say.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, it } from "vitest";
import { parse } from "yaml";

import { MARKER, MOST_CHARACTERS } from "../../packages/cli/src/report/markdown";

const DIRECTORY = join(__dirname, "../../.github/workflows");

interface Workflow {
    on: Record<string, unknown>;
    permissions: Record<string, string>;
    jobs: Record<
        string,
        { steps: { uses?: string; run?: string; with?: Record<string, string> }[]; permissions?: unknown }
    >;
}

const workflow = (name: string): Workflow => parse(readFileSync(join(DIRECTORY, name), "utf8")) as Workflow;
const steps = ({ jobs }: Workflow) => Object.values(jobs).flatMap((job) => job.steps);

describe("a workflow", () => {
    it.each(readdirSync(DIRECTORY))("%s puts nothing of an event into a script, where it would be run", (name) => {
        for (const { run, with: args } of steps(workflow(name)))
            expect(`${run ?? ""}${args?.["script"] ?? ""}`).not.toContain("${{");
    });

    it.each(["test.yml", "preview.yml"])("%s leaves no token where a pull request's code could find it", (name) => {
        expect(steps(workflow(name))[0]).toMatchObject({ with: { "persist-credentials": false } });
    });

    it("that runs a pull request's code may only read, and has no secret", () => {
        const preview = workflow("preview.yml");
        expect(Object.keys(preview.on)).toEqual(["pull_request"]);
        expect(preview.permissions).toEqual({ contents: "read" });
        expect(Object.values(preview.jobs).map(({ permissions }) => permissions)).toEqual([undefined]);
        expect(readFileSync(join(DIRECTORY, "preview.yml"), "utf8")).not.toMatch(/secrets\.|github\.token/);
    });

    it("that may write comments and annotations runs nothing of a pull request", () => {
        const comment = workflow("preview-comment.yml");
        expect(Object.keys(comment.on)).toEqual(["workflow_run"]);
        expect(comment.permissions).toEqual({
            actions: "read",
            "pull-requests": "write",
            "security-events": "write",
        });
        expect(steps(comment).map(({ uses }) => uses?.split("@")[0])).toEqual([
            "actions/download-artifact",
            "actions/github-script",
            "actions/github-script",
        ]);
    });

    it("finds the comment of a report by the marker that a report begins with, and takes no longer one than there can be", () => {
        const script = steps(workflow("preview-comment.yml"))[1]!.with!["script"]!;
        expect(script).toContain(`const MARKER = "${MARKER}"`);
        expect(script).toContain(`const MOST_CHARACTERS = ${MOST_CHARACTERS}`);
    });
});
