import { describe, expect, it } from "vitest";

import { changesOf, comparedStack, type PlannedStack } from "../../../../packages/cli/src/report/changes";
import { verdictOf, headline } from "../../../../packages/cli/src/report/verdict";
import type { PreviewStep, ResourceState } from "../../../../packages/engine/src/api";

const VOLUME = "docker:index/volume:Volume";
const CONTAINER = "docker:index/container:Container";

function state(stack: string, type: string, name: string, more: Partial<ResourceState> = {}): ResourceState {
    return { urn: `urn:pulumi:${stack}::groundwork::${type}::${name}`, custom: true, type, inputs: {}, ...more };
}

function step(
    op: PreviewStep["op"],
    old: ResourceState | undefined,
    now?: ResourceState,
    more: Partial<PreviewStep> = {},
): PreviewStep {
    return { op, urn: (now ?? old)!.urn, oldState: old, newState: now, ...more };
}

/** @param before what the base made, protection and all; the steps' own old states have none of it */
function planned(
    stack: string,
    steps: PreviewStep[],
    before: ResourceState[] = [],
    temporaryVolumes: string[] = [],
): PlannedStack {
    const registered = { base: [], head: [] };
    return { stack, steps, before: new Map(before.map((each) => [each.urn, each])), registered, temporaryVolumes };
}

const update = (stack: string, from: unknown, to: unknown, path = "memory"): PreviewStep =>
    step(
        "update",
        state(stack, CONTAINER, `gw-${stack}-api`, { inputs: { [path]: from } }),
        state(stack, CONTAINER, `gw-${stack}-api`, { inputs: { [path]: to } }),
        { detailedDiff: { [path]: { kind: "update", inputDiff: true } } },
    );

describe("the changes of several stacks", () => {
    it("are one where they are the same but for the stack's own name, and name its stacks", () => {
        const changes = changesOf([
            planned("dev", [update("dev", "gw-dev-a", "gw-dev-b")]),
            planned("opshub-dev", [update("opshub-dev", "gw-opshub-dev-a", "gw-opshub-dev-b")]),
            planned("prod", [update("prod", "gw-prod-a", "gw-prod-c")]),
        ]);
        expect(changes.map(({ name, lines, places }) => [name, lines, places.map(({ stack }) => stack)])).toEqual([
            ["gw-<stack>-api", ['- memory: "gw-<stack>-a"', '+ memory: "gw-<stack>-b"'], ["dev", "opshub-dev"]],
            ["gw-prod-api", ['- memory: "gw-prod-a"', '+ memory: "gw-prod-c"'], ["prod"]],
        ]);
    });

    it("come with what ends data first, and what is new last", () => {
        const volume = state("dev", VOLUME, "gw-dev-postgres-data");
        const container = (name: string): ResourceState => state("dev", CONTAINER, name);
        const kinds = changesOf([
            planned("dev", [
                step("create", undefined, container("new")),
                update("dev", 1, 2),
                step("replace", container("replaced"), container("replaced")),
                step("delete", container("gone")),
                step("replace", state("dev", VOLUME, "gw-dev-redis-data"), state("dev", VOLUME, "gw-dev-redis-data")),
                step("delete", volume),
            ]),
        ]).map(({ kind, stateful }) => `${kind}${stateful ? " of data" : ""}`);
        expect(kinds).toEqual(["delete of data", "replace of data", "delete", "replace", "update", "create"]);
    });

    it("do not count what only groups others", () => {
        const component = { ...state("dev", "groundwork:components:Postgres", "gw-dev-postgres"), custom: false };
        const stack = planned("dev", [
            step("create", undefined, component),
            step("same", state("dev", VOLUME, "v"), state("dev", VOLUME, "v")),
        ]);
        expect(changesOf([stack])).toEqual([]);
        expect(comparedStack(stack).counts).toEqual({ create: 0, update: 0, replace: 0, delete: 0, same: 1 });
    });
});

describe("a resource with data", () => {
    const protectedVolume = state("prod", VOLUME, "gw-prod-postgres-data", { protect: true, retainOnDelete: true });
    const open = { ...protectedVolume, protect: undefined };

    it("that is protected is said to keep `up` from it, unless the head takes the protection away with it", () => {
        const places = (now: ResourceState): unknown =>
            changesOf([planned("prod", [step("replace", open, now)], [protectedVolume])]).map(({ kind, places }) => [
                kind,
                places[0]!.refused,
            ]);
        expect(places(protectedVolume)).toEqual([["replace", true]]);
        expect(places(open)).toEqual([
            ["replace", false],
            ["unprotect", false],
        ]);
        const [gone] = changesOf([planned("prod", [step("delete", open)], [protectedVolume])]);
        expect(gone).toMatchObject({ kind: "delete", stateful: true, places: [{ refused: true, kept: true }] });
    });

    it("that only loses its protection is told of", () => {
        const changes = changesOf([planned("prod", [step("same", open, open)], [protectedVolume])]);
        expect(changes).toMatchObject([{ kind: "unprotect", stateful: true }]);
        expect(changesOf([planned("prod", [step("same", open, protectedVolume)], [protectedVolume])])).toEqual([]);
    });

    it.each([
        [VOLUME, "gw-dev-postgres-data", [], true],
        [VOLUME, "gw-dev-caddy-log", ["caddy-log"], false],
        ["kubernetes:core/v1:PersistentVolumeClaim", "repos", ["repos"], false],
        ["kubernetes:core/v1:PersistentVolumeClaim", "redis-data", ["repos"], true],
        ["kubernetes:core/v1:Namespace", "gw-dev", [], true],
        ["random:index/randomPassword:RandomPassword", "gw-dev-secrets-postgres-password", [], true],
        ["kubernetes:postgresql.cnpg.io/v1:Cluster", "postgres", [], true],
        ["aws:s3/bucket:Bucket", "gw-dev-backups", [], true],
        [CONTAINER, "gw-dev-postgres", [], false],
    ])(
        "is known by its type and the systems' data where nothing protects it: %s %s",
        (type, name, temporary, stateful) => {
            const [change] = changesOf([planned("dev", [step("delete", state("dev", type, name))], [], temporary)]);
            expect(change!.stateful).toBe(stateful);
        },
    );

    it("is no volume of files that come with their container", () => {
        const labels = [{ label: "dev.groundwork.component", value: "files" }];
        const files = state("dev", VOLUME, "gw-dev-api-etc", { inputs: { labels } });
        expect(changesOf([planned("dev", [step("delete", files)])])[0]!.stateful).toBe(false);
    });
});

describe("a verdict", () => {
    const report = (changes: ReturnType<typeof changesOf>) => {
        const revision = { ref: "main", commit: "0".repeat(40), uncommitted: 0 };
        const stacks = [comparedStack(planned("prod", []))];
        return {
            base: revision,
            head: revision,
            notes: [],
            stacks,
            changes,
            policies: { found: [], fixed: [] },
            failures: [],
        };
    };

    it("is about data as soon as any would go, and says when something keeps it", () => {
        const volume = state("prod", VOLUME, "gw-prod-postgres-data");
        const going = (before: ResourceState) =>
            report(changesOf([planned("prod", [step("delete", volume)], [before])]));
        const [lost, kept] = [going(volume), going({ ...volume, protect: true })];
        expect([verdictOf(lost), verdictOf(kept)]).toEqual(["data", "data"]);
        expect(headline(lost)).toMatch(/^1 resource with data would be destroyed/);
        expect(headline(kept)).toMatch(/^1 resource with data would go, were it not protected or kept/);
    });

    it("is quiet without changes, and never when a stack could not be compared", () => {
        const quiet = report([]);
        expect([verdictOf(quiet), headline(quiet)]).toEqual(["none", "No change in 1 stack."]);
        const failed = { ...quiet, failures: [{ revision: "head" as const, stacks: ["prod"], message: "no" }] };
        expect([verdictOf(failed), headline(failed)]).toEqual(["failed", "1 stack could not be compared."]);
    });
});
