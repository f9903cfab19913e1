import { writeFileSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, test } from "vitest";

import { judgeState } from "../../packages/cli/src/policy/state";
import { gw, temporary } from "../unit/cli/fixtures";

const URN = "urn:pulumi:shop-staging::shop::docker:index/container:Container::api";
const closed = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", ciphertext: "v1:abc" };

function stateOf(inputs: object, more: object = {}): string {
    const resource = { urn: URN, custom: true, type: "docker:index/container:Container", inputs, ...more };
    const stack = {
        urn: "urn:pulumi:shop-staging::shop::pulumi:pulumi:Stack::shop",
        custom: false,
        type: "pulumi:pulumi:Stack",
    };
    const file = join(temporary(), "state.json");
    writeFileSync(file, JSON.stringify({ version: 3, deployment: { resources: [stack, resource] } }, null, 4));
    return file;
}

const ids = (found: { rule: { id: string } }[]) => found.map(({ rule }) => rule.id);

describe("a state", () => {
    test("is judged as its stack's name ends, each violation at the line of its resource", () => {
        const file = stateOf({ privileged: true });
        const { violations, stacks } = judgeState({ file });
        expect(stacks).toEqual(["shop-staging"]);
        expect(violations.find(({ rule }) => rule.id === "GW-DOC-001")).toMatchObject({
            ...{ level: "mandatory", stack: "shop-staging", resource: "Container/api" },
            location: { file, line: 11 },
        });
        // Pinned by digest is for prod alone.
        expect(ids(violations)).not.toContain("GW-DOC-061");
        expect(ids(judgeState({ file: stateOf({ image: "app:1" }), environment: "prod" }).violations)).toContain(
            "GW-DOC-061",
        );
    });

    test("names the line of the program where the Pulumi CLI has noted it", () => {
        const file = stateOf({ privileged: true }, { sourcePosition: "project:///targets/docker/index.ts#12,5" });
        const found = judgeState({ file }).violations.find(({ rule }) => rule.id === "GW-DOC-001");
        expect(found?.location).toEqual({ file: "targets/docker/index.ts", line: 12 });
    });

    test("is not opened: rules have no verdict on what is encrypted, and what is in plaintext is judged and not shown", () => {
        const hidden = judgeState({ file: stateOf({ envs: closed }) });
        expect(hidden.notEvaluated).toContainEqual(
            expect.objectContaining({ resource: "Container/api", path: "envs" }),
        );
        expect(ids(hidden.violations)).not.toContain("GW-DOC-070");
        const plaintext = JSON.stringify(["DB_PASSWORD=hunter2-of-nobody"]);
        const shown = judgeState({ file: stateOf({ envs: { ...closed, ciphertext: undefined, plaintext } }) });
        expect(ids(shown.violations)).toContain("GW-DOC-070");
        expect(JSON.stringify(shown.violations)).not.toContain("hunter2");
    });

    const broken: [string, unknown, string][] = [
        ["a resource without a URN", [{ type: "a:b:C" }], "deployment.resources[0].urn"],
        ["a URN that is none", [{ urn: "api", type: "a:b:C" }], "must begin with urn:pulumi:"],
        ["a resource that is a text", [{ urn: URN, type: "a:b:C" }, "api"], "deployment.resources[1]"],
        ["inputs that are a list", [{ urn: URN, type: "a:b:C", inputs: [] }], "deployment.resources[0].inputs"],
        ["a type that is a number", [{ urn: URN, type: 3 }], "deployment.resources[0].type"],
        ["ignoreChanges of a text", [{ urn: URN, type: "a:b:C", ignoreChanges: "all" }], "resources[0].ignoreChanges"],
        ["resources that are a map", {}, "deployment.resources"],
    ];

    test.each(broken)("that was broken by hand is refused, by the place: %s", (_what, resources, place) => {
        const file = join(temporary(), "state.json");
        writeFileSync(file, JSON.stringify({ version: 3, deployment: { resources } }));
        expect(() => judgeState({ file })).toThrow(
            expect.objectContaining({
                name: "UsageError",
                message: `${file} is no state that can be read:`,
                hint: expect.stringContaining(place),
            }),
        );
    });

    test("may have null where something is empty, and a secret that cannot be read", () => {
        const file = stateOf(
            { privileged: true, envs: { ...closed, plaintext: "[" } },
            { propertyDependencies: { envs: null }, sourcePosition: "project:///100%.ts#12" },
        );
        const { violations, notEvaluated } = judgeState({ file });
        expect(violations.find(({ rule }) => rule.id === "GW-DOC-001")?.location).toEqual({
            file: "100%.ts",
            line: 12,
        });
        expect(notEvaluated).toContainEqual(expect.objectContaining({ path: "envs" }));
        const none = stateOf({}, { inputs: null });
        expect(judgeState({ file: none }).resources).toBe(2);
    });

    test("is judged without what waits to be deleted", () => {
        expect(ids(judgeState({ file: stateOf({ privileged: true }, { delete: true }) }).violations)).toEqual([]);
    });
});

describe("gw policy", () => {
    test("takes a state, and reports what it is not", async () => {
        const file = stateOf({ privileged: true });
        const { code, stdout } = await gw(["policy", "--state", file]);
        expect(code).toBe(1);
        expect(stdout).toContain("GW-DOC-001");
        expect(stdout).toContain("2 resources in 1 stack");
        writeFileSync(file, "{}");
        const wrong = await gw(["policy", "--state", file]);
        expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringContaining("is no deployment of version 3")]);
    });

    test.each([
        [["--path", ".", "--stack", "dev"], "cannot be used with option '-s, --stack <name>'"],
        [["--state", "a", "--all"], "cannot be used with option '--all'"],
        [["--stack", "nowhere"], 'There is no stack "nowhere"'],
        [["--state", "nowhere.json"], "--state: nowhere.json cannot be read"],
    ])("ends with 2 for %j", async (args, message) => {
        const { code, stderr } = await gw(["policy", ...args]);
        expect([code, stderr]).toEqual([2, expect.stringContaining(message)]);
    });
});
