import type Docker from "dockerode";
import { describe, expect, it } from "vitest";

import { nameUnknown, refuseForeignStack, refuseOtherSystem } from "../../../packages/cli/src/runs/ownership";
import { changedByHand, containersOf, type StackContainer, unknownTo } from "../../../packages/cli/src/docker/drift";
import { UsageError } from "../../../packages/cli/src/errors";
import type { Output } from "../../../packages/cli/src/ui/output";
import type { UntypedDeployment } from "../../../packages/engine/src/api";

function resource(id: string | undefined, name: string, more: object = {}): object {
    const type = "docker:index/container:Container";
    const urn = `urn:pulumi:s::p::${type}::${name}`;
    return { urn, type, custom: true, id, inputs: { mustRun: true, name }, outputs: { name }, ...more };
}

function stateOf(resources: object[], pending: object[] = []): UntypedDeployment {
    const pending_operations = pending.map((each) => ({ resource: each, type: "creating" }));
    return { version: 3, deployment: { resources, pending_operations } } as unknown as UntypedDeployment;
}

function container(id: string, name: string, state = "running", seconds = 0): StackContainer {
    return { id, name, state, created: new Date(Date.UTC(2026, 0, 1, 12, 0, seconds)), networks: ["gw-dev-data"] };
}

describe("what does not run as the state says", () => {
    it("is what was removed and what was stopped, by name", () => {
        const state = stateOf([resource("a", "gw-a"), resource("b", "gw-b"), resource("c", "gw-c")]);
        expect(changedByHand([container("a", "gw-a"), container("b", "gw-b", "exited")], state)).toEqual([
            "gw-b (exited)",
            "gw-c (missing)",
        ]);
    });

    it("is what was taken off a network, by name, and not what was put on another", () => {
        const on = (...names: string[]) => ({
            inputs: { mustRun: true, networksAdvanced: names.map((name) => ({ name })) },
        });
        const state = stateOf([
            resource("a", "gw-a", on("gw-dev-data")),
            resource("b", "gw-b", on("gw-dev-data", "gw-dev-edge")),
            resource("c", "gw-c", on()),
        ]);
        const containers = [container("a", "gw-a"), container("b", "gw-b"), container("c", "gw-c")];
        expect(changedByHand(containers, state)).toEqual(["gw-b (off gw-dev-edge)"]);
    });

    it("is nothing when all of it runs, and says nothing of jobs and of containers that the state does not know", () => {
        const state = stateOf([resource("a", "gw-a"), resource("job", "gw-job", { inputs: { mustRun: false } })]);
        expect(changedByHand([container("a", "gw-a"), container("x", "stranger", "exited")], state)).toEqual([]);
    });
});

describe("a stack that was brought up as one system", () => {
    const labelled = (...systems: string[]) =>
        stateOf(
            systems.map((value, i) =>
                resource(`${i}`, `gw-${i}`, { inputs: { labels: [{ label: "dev.groundwork.system", value }] } }),
            ),
        );

    it("does not become another one", () => {
        expect(() => refuseOtherSystem("mine", "debt-os", labelled("opshub"))).toThrow(
            "Stack mine was brought up as opshub, and groundwork:system is debt-os now. Nothing was changed.",
        );
    });

    it("does not become another one on Kubernetes either", () => {
        const inputs = { metadata: { name: "api", labels: { "dev.groundwork/system": "opshub" } } };
        const state = stateOf([resource("ns/api", "api", { type: "kubernetes:apps/v1:Deployment", inputs })]);
        expect(() => refuseOtherSystem("mine", "debt-os", state)).toThrow("brought up as opshub");
        expect(() => refuseOtherSystem("mine", "opshub", state)).not.toThrow();
    });

    it("goes on as what it is, and begins as any", () => {
        for (const state of [labelled("debt-os"), labelled("opshub", "debt-os"), stateOf([])])
            expect(() => refuseOtherSystem("mine", "debt-os", state)).not.toThrow();
    });
});

describe("the containers of a stack", () => {
    it("are asked for by its label, and come oldest first", async () => {
        const asked: object[] = [];
        const listed = [
            { Id: "2", Names: ["/gw-late"], State: "exited", Created: 20, NetworkSettings: { Networks: {} } },
            {
                Id: "1",
                Names: ["/gw-early"],
                State: "running",
                Created: 10,
                NetworkSettings: { Networks: { edge: { NetworkID: "4f1d" } } },
            },
        ];
        const docker = {
            listContainers: (options: object) => {
                asked.push(options);
                return Promise.resolve(listed);
            },
        } as unknown as Docker;
        expect((await containersOf(docker, "dev")).map((c) => `${c.name} ${c.state}`)).toEqual([
            "gw-early running",
            "gw-late exited",
        ]);
        expect((await containersOf(docker, "dev")).map(({ networks }) => networks)).toEqual([["edge", "4f1d"], []]);
        expect(asked[0]).toMatchObject({ all: true, filters: { label: ["dev.groundwork.stack=dev"] } });
    });
});

describe("a stack that runs already", () => {
    const containers = [container("1", "gw-dev-caddy"), container("2", "gw-dev-api", "running", 5)];
    const base = { stack: "dev", stateDir: "/here/.groundwork/state", containers };
    const refusal = (state: UntypedDeployment, more: object = {}): UsageError | undefined => {
        try {
            refuseForeignStack({ ...base, state, ...more });
            return undefined;
        } catch (error) {
            return error as UsageError;
        }
    };

    it("is not touched by a directory whose state knows nothing of it", () => {
        const error = refusal(stateOf([]))!;
        expect(error).toBeInstanceOf(UsageError);
        expect(error.message).toContain(
            "2 containers of a stack dev already (the oldest: gw-dev-caddy, since 2026-01-01T12:00:00Z)",
        );
        expect(error.message).toContain("/here/.groundwork/state knows nothing of it. Nothing was changed.");
        for (const remedy of [
            "work in the directory",
            "gw state export --cwd <that directory> --stack dev",
            "gw state import --stack dev",
            "docker ps --all --quiet --filter label=dev.groundwork.stack=dev | xargs docker rm --force",
            "--stack <name>",
        ])
            expect(error.hint).toContain(remedy);
        expect(refusal(stateOf([]), { dockerHost: "ssh://a@b" })!.hint).toContain("docker --host ssh://a@b ps");
    });

    it("goes on where a first run was interrupted, however early", () => {
        expect(refusal(stateOf([], [resource(undefined, "gw-dev-caddy")]))).toBeUndefined();
        expect(refusal(stateOf([{ urn: "u", type: "pulumi:pulumi:Stack", custom: false }]))).toBeUndefined();
    });

    it("is no matter where the engine has nothing of it", () => {
        expect(refusal(stateOf([]), { containers: [] })).toBeUndefined();
    });

    it("is told by name what a restored state does not know, and not what an interrupted run was making", () => {
        const state = stateOf([resource("1", "gw-dev-caddy")], [resource(undefined, "gw-dev-half")]);
        const all = [...containers, container("3", "gw-dev-half", "created")];
        expect(unknownTo(state, all).map(({ name }) => name)).toEqual(["gw-dev-api"]);
        const lines: string[] = [];
        const output = { columns: 80, note: (...more: string[]) => void lines.push(...more) } as unknown as Output;
        nameUnknown({ ...base, containers: all, state }, output);
        expect(lines.join("\n")).toMatch(
            /does not know 1 container of this stack.*older state.*\n {2}gw-dev-api\n.*docker rm --force/,
        );
        lines.length = 0;
        nameUnknown({ ...base, state: stateOf([resource("1", "a"), resource("2", "b")]) }, output);
        expect(lines).toEqual([]);
    });
});
