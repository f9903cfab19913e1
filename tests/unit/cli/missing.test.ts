import { describe, expect, it } from "vitest";

import type { Replica, StackStatus } from "../../../packages/cli/src/docker/inventory";
import { addMissing, notRunning } from "../../../packages/cli/src/docker/missing";
import type { UntypedDeployment } from "../../../packages/engine/src/api";

function container(id: string, service: string, inputs: object = {}): object {
    const labels = [
        { label: "dev.groundwork.service", value: service },
        { label: "dev.groundwork.component", value: "backend" },
    ];
    return {
        urn: `urn:pulumi:s::p::docker:index/container:Container::${id}`,
        type: "docker:index/container:Container",
        custom: true,
        id,
        inputs: { mustRun: true, labels, ...inputs },
        outputs: { name: `gw-${id}` },
    };
}

function state(...resources: object[]): UntypedDeployment {
    return { version: 3, deployment: { resources } } as unknown as UntypedDeployment;
}

function actual(...replicas: Partial<Replica>[]): StackStatus {
    const service = { service: "api", component: "backend", image: "i", standIn: false };
    const whole = replicas.map((r) => ({ name: `gw-${r.id}`, state: "running", ...r }) as Replica);
    return { stack: "s", system: "debt-os", services: [{ ...service, replicas: whole }], jobs: [] };
}

describe("what does not run as the state says", () => {
    it("is what was removed and what was stopped, by name", () => {
        const known = state(container("a", "api"), container("b", "api"), container("c", "redis"));
        expect(notRunning(actual({ id: "a" }, { id: "b", state: "exited" }), known)).toEqual([
            "gw-b (exited)",
            "gw-c (missing)",
        ]);
    });

    it("is nothing when all of it runs, and says nothing of jobs and of containers that the state does not know", () => {
        const known = state(container("a", "api"), container("job", "migrate", { mustRun: false }));
        expect(notRunning(actual({ id: "a" }, { id: "stranger", state: "exited" }), known)).toEqual([]);
    });

    it("appears in the service that it belongs to", () => {
        const status = actual({ id: "a" });
        expect(addMissing(status, state(container("a", "api"), container("b", "api"), container("c", "redis")))).toBe(
            2,
        );
        expect(status.services.map((s) => [s.service, s.replicas.map((r) => r.state)])).toEqual([
            ["api", ["running", "missing"]],
            ["redis", ["missing"]],
        ]);
    });
});
