import { describe, expect, it } from "vitest";

import type { Replica, StackStatus } from "../../../packages/cli/src/runtime/status";
import { addMissing } from "../../../packages/cli/src/docker/missing";
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

describe("a container that the state has and the Docker engine has not", () => {
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
