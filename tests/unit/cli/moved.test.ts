import type Docker from "dockerode";
import { afterEach, describe, expect, it, vi } from "vitest";

import * as client from "../../../packages/cli/src/docker/client";
import { followEngine } from "../../../packages/cli/src/docker/moved";
import { UsageError } from "../../../packages/cli/src/errors";
import type { UntypedDeployment } from "../../../packages/engine/src/api";
import { connectDocker, DEFAULT_DOCKER_HOST } from "../../../packages/engine/src/docker";

const BEFORE = "unix:///then/docker.sock";
const NOW = "unix:///now/docker.sock";

afterEach(() => {
    vi.unstubAllEnvs();
    vi.restoreAllMocks();
});

/** A state with a provider at an address, or at whichever DOCKER_HOST says. */
function stateAt(host: string | undefined): UntypedDeployment {
    const resources = [
        {
            urn: "p",
            type: "pulumi:providers:docker",
            custom: true,
            id: "p",
            inputs: host === undefined ? {} : { host },
        },
        { urn: "c", type: "docker:index/container:Container", custom: true, id: "c1" },
        { urn: "n", type: "docker:index/network:Network", custom: true, id: "n1" },
        { urn: "v", type: "docker:index/volume:Volume", custom: true, id: "gw-s-data" },
    ];
    return { version: 3, deployment: { resources } } as unknown as UntypedDeployment;
}

/** Docker engines that answer at any address, all with the same on them. */
function engineWith(containers: string[], networks: string[] = [], volumes: string[] | null = null) {
    const docker = {
        listContainers: async () => containers.map((Id) => ({ Id })),
        listNetworks: async () => networks.map((Id) => ({ Id })),
        listVolumes: async () => ({ Volumes: volumes?.map((Name) => ({ Name })) ?? null }),
    } as unknown as Docker;
    return vi
        .spyOn(client, "reachDocker")
        .mockImplementation(async (host = "") => ({ docker, host, local: host.startsWith("unix:") }));
}

const follow = (state: UntypedDeployment, host: string | undefined, runsProgram = false) =>
    followEngine({ stack: "s", state, host, runsProgram });

describe("a Docker engine that is named otherwise than in the state", () => {
    it("is reached by the address that is given now where it has what the state knows", async () => {
        vi.stubEnv("DOCKER_HOST", "");
        engineWith(["c1"]);
        await follow(stateAt(`${BEFORE}1`), NOW);
        expect(connectDocker({ host: `${BEFORE}1` }).host).toBe(NOW);
    });

    it("is told by DOCKER_HOST too", async () => {
        vi.stubEnv("DOCKER_HOST", NOW);
        engineWith([], ["n1"]);
        await follow(stateAt(`${BEFORE}2`), undefined);
        expect(connectDocker({ host: `${BEFORE}2` }).host).toBe(NOW);
    });

    it("is known by its volumes where all else was removed, and not by another directory's of the same names", async () => {
        engineWith([], [], ["gw-s-data"]);
        await follow(stateAt(`${BEFORE}3`), NOW);
        expect(connectDocker({ host: `${BEFORE}3` }).host).toBe(NOW);
        engineWith(["other"], [], ["gw-s-data"]);
        await expect(follow(stateAt(`${BEFORE}4`), NOW)).rejects.toThrow(UsageError);
    });

    it("is refused where it has nothing of the stack, whichever address the state has", async () => {
        engineWith([]);
        await expect(follow(stateAt(BEFORE), NOW)).rejects.toThrow(
            `at ${BEFORE}, and the one at ${NOW} (groundwork:docker.host) has nothing of it. Nothing was changed.`,
        );
        vi.stubEnv("DOCKER_HOST", NOW);
        await expect(follow(stateAt(undefined), undefined)).rejects.toThrow(
            `at ${DEFAULT_DOCKER_HOST}, and the one at ${NOW} (DOCKER_HOST) has nothing of it`,
        );
        expect(connectDocker({ host: BEFORE }).host).toBe(BEFORE);
    });

    it("is the state's where none is given, and the program's default where that runs", async () => {
        vi.stubEnv("DOCKER_HOST", "");
        const reached = engineWith([]);
        await follow(stateAt(BEFORE), undefined);
        expect(reached).toHaveBeenLastCalledWith(BEFORE);
        await expect(follow(stateAt(BEFORE), undefined, true)).rejects.toThrow(
            `the one at ${DEFAULT_DOCKER_HOST} (where`,
        );
    });

    it("is not asked before an up where nothing is named otherwise", async () => {
        vi.stubEnv("DOCKER_HOST", BEFORE);
        const reached = engineWith([]);
        await follow(stateAt(BEFORE), undefined, true);
        expect(reached).not.toHaveBeenCalled();
    });
});
