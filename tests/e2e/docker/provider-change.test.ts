/** The docker provider on a real Docker engine: containers that change, end or were left by an interruption. */
import { describe, expect, it } from "vitest";

import { dockerProvider } from "../../../packages/engine/src/providers/docker/index";
import {
    checked,
    container,
    contextOf,
    docker,
    exists,
    failure,
    IMAGE,
    make,
    name,
    onDockerEngine,
    PREFIX,
} from "./support/provider";

onDockerEngine();

describe("a container that is there", () => {
    it("is updated in place for limits and restart policy", async () => {
        const made = await make("container", container("update", { memory: 64, memorySwap: 64, cpuShares: 512 }));
        const state = { inputs: made.inputs, outputs: made.outputs };
        const news = await checked(made.ctx, {
            ...made.inputs,
            memory: 96,
            memorySwap: 96,
            cpuShares: 256,
            restart: "on-failure",
            maxRetryCount: 3,
        });
        const diff = await dockerProvider.diff(made.ctx, made.id, state, news);
        expect(diff).toMatchObject({ changed: true, replaces: [], deleteBeforeReplace: false });
        expect(Object.keys(diff.detailed).sort()).toEqual([
            "cpuShares",
            "maxRetryCount",
            "memory",
            "memorySwap",
            "restart",
        ]);
        const { outputs } = await dockerProvider.update(made.ctx, made.id, state, news);
        expect((await docker.getContainer(made.id).inspect()).HostConfig).toMatchObject({
            Memory: 96 * 1024 * 1024,
            MemorySwap: 96 * 1024 * 1024,
            CpuShares: 256,
            RestartPolicy: { Name: "on-failure", MaximumRetryCount: 3 },
        });
        const after = { inputs: news, outputs };
        expect((await dockerProvider.diff(made.ctx, made.id, after, news)).changed).toBe(false);
        await made.remove();
    });

    it("that was stopped has drifted, and an update starts it again", async () => {
        const made = await make("container", container("stopped", { ports: [{ internal: 80, ip: "127.0.0.1" }] }));
        await docker.getContainer(made.id).stop({ t: 0 });
        const read = (await dockerProvider.read(made.ctx, made.id, made))!;
        expect(read.outputs).toMatchObject({ mustRun: false, exitCode: 137 });
        const diff = await dockerProvider.diff(made.ctx, made.id, read, made.inputs);
        expect(diff).toMatchObject({ detailed: { mustRun: "update" }, replaces: [] });
        const { outputs } = await dockerProvider.update(made.ctx, made.id, read, made.inputs);
        expect(outputs.mustRun).toBe(true);
        expect((await docker.getContainer(made.id).inspect()).State.Running).toBe(true);
        await made.remove();
    });

    it("whose memory was changed by hand has drifted", async () => {
        const made = await make("container", container("drift", { memory: 64, memorySwap: 128 }));
        await docker.getContainer(made.id).update({ Memory: 32 * 1024 * 1024, MemorySwap: 128 * 1024 * 1024 });
        const read = (await dockerProvider.read(made.ctx, made.id, made))!;
        expect(read.inputs.memory).toBe(32);
        expect((await dockerProvider.diff(made.ctx, made.id, read, made.inputs)).detailed).toEqual({
            memory: "update",
        });
        await made.remove();
    });

    it.each(["name", "id"] as const)("taken off a network that has its %s is to be replaced", async (by) => {
        const network = await make("network", { name: name("left"), driver: "bridge" });
        const networksAdvanced = [{ name: by === "id" ? network.id : network.outputs.name!, aliases: ["app"] }];
        const made = await make("container", container("left", { networksAdvanced }));
        expect((await dockerProvider.read(made.ctx, made.id, made))!.inputs.networksAdvanced).toMatchObject(
            networksAdvanced,
        );
        await docker.getNetwork(String(network.outputs.name)).disconnect({ Container: made.id });
        const read = (await dockerProvider.read(made.ctx, made.id, made))!;
        expect(read.inputs.networksAdvanced).toEqual([]);
        const { replaces } = await dockerProvider.diff(made.ctx, made.id, read, made.inputs);
        expect(replaces).toContain("networksAdvanced");
        await made.remove();
        await network.remove();
    });

    it("has its grace to stop before it is removed", async () => {
        const volume = await make("volume", { name: name("grace") });
        const script = `trap 'sleep 0.5; touch /data/stopped; exit 0' TERM; touch /tmp/ready; while :; do sleep 0.1; done`;
        const made = await make(
            "container",
            container("grace", {
                command: ["sh", "-c", script],
                volumes: [{ volumeName: volume.outputs.name!, containerPath: "/data" }],
                destroyGraceSeconds: 10,
                // Before its trap is set, the first process of a container is deaf to the signal.
                healthcheck: { tests: ["CMD", "ls", "/tmp/ready"], interval: "1s" },
                wait: true,
            }),
        );
        await made.remove();
        const look = await make(
            "container",
            container("look", {
                command: ["ls", "/data"],
                volumes: [{ volumeName: volume.outputs.name!, containerPath: "/data" }],
                attach: true,
                logs: true,
                mustRun: false,
            }),
        );
        expect(look.outputs).toMatchObject({ containerLogs: "stopped\n", exitCode: 0 });
        await look.remove();
        await look.remove();
        await volume.remove();
    });

    it("is removed when the run is stopped while it is waited for", async () => {
        const abort = new AbortController();
        const news = container("abort", { healthcheck: { tests: ["CMD", "false"], interval: "30s" }, wait: true });
        const message = failure(make("container", { ...news, waitTimeout: 3600 }, { signal: abort.signal }));
        const running = async (): Promise<boolean> =>
            (await docker.listContainers({ filters: { name: [`^/${String(news.name)}$`] } })).length > 0;
        await expect.poll(running).toBe(true);
        abort.abort();
        expect(await message).toContain("the run was stopped");
        expect(await exists(news.name)).toBe(false);
    });

    it("runs to its end when attached, and says how it ended", async () => {
        const made = await make(
            "container",
            container("job", {
                command: ["sh", "-c", "echo out; echo err >&2; exit 3"],
                attach: true,
                logs: true,
                mustRun: false,
            }),
        );
        expect(made.outputs.exitCode).toBe(3);
        expect((made.outputs.containerLogs as string).split("\n").sort()).toEqual(["", "err", "out"]);
        expect(made.ctx.messages).toContain("ended with exit code 3");
        await made.remove();
    });

    it("comes in numbers: 24 at once are made and removed, and nothing is left", async () => {
        const network = await make("network", { name: name("crowd") });
        const all = await Promise.all(
            Array.from({ length: 24 }, () =>
                make(
                    "container",
                    container("crowd", {
                        networksAdvanced: [{ name: network.outputs.name! }],
                        healthcheck: { tests: ["CMD", "true"], interval: "1s" },
                        wait: true,
                        waitTimeout: 240,
                    }),
                ),
            ),
        );
        const [last, ...others] = all;
        await Promise.all(others.map((made) => made.remove()));
        // At once: the network waits for its last endpoint.
        await Promise.all([last!.remove(), network.remove()]);
        const left = await docker.listContainers({ all: true, filters: { name: [`${PREFIX}-crowd`] } });
        expect(left).toEqual([]);
    });
});

describe("after an interruption", () => {
    it("a container that was made for this resource is removed", async () => {
        const made = await make("container", container("left"));
        expect(await dockerProvider.recover(made.ctx, made.inputs)).toBeUndefined();
        expect(await exists(made.inputs.name)).toBe(false);
    });

    it("a container of somebody else is an error, and stays", async () => {
        const other = await docker.createContainer({ name: name("foreign"), Image: IMAGE, Cmd: ["true"] });
        const { Name } = await other.inspect();
        const ctx = contextOf("container");
        const inputs = await checked(ctx, { ...container("x"), name: Name.slice(1) });
        expect(await failure(dockerProvider.recover(ctx, inputs))).toContain("It was left as it is");
        expect(await exists(Name.slice(1))).toBe(true);
        await other.remove({ force: true });
    });

    it("a creation that is still under way leaves nothing, however it races", async () => {
        const ctx = contextOf("container");
        for (let round = 0; round < 12; round++) {
            const inputs = await checked(ctx, container("race"));
            const creation = dockerProvider.create(ctx, inputs).catch(() => undefined);
            await new Promise((resolve) => setTimeout(resolve, round * 15));
            await dockerProvider.recover(ctx, inputs);
            await creation;
            expect(await exists(inputs.name), `round ${round}`).toBe(false);
        }
    });

    it("a network of this name and these labels is adopted, and one with other labels is not", async () => {
        const labels = [{ label: "stack", value: "mine" }];
        const made = await make("network", { name: name("net"), labels });
        expect(await dockerProvider.recover(made.ctx, made.inputs)).toEqual({ id: made.id, outputs: made.outputs });
        const other = await checked(made.ctx, {
            name: made.inputs.name!,
            labels: [{ label: "stack", value: "other" }],
        });
        expect(await failure(dockerProvider.recover(made.ctx, other))).toContain("not this stack's");
        await made.remove();
        expect(await dockerProvider.recover(made.ctx, made.inputs)).toBeUndefined();
    });

    it("a volume of this name and these labels is adopted, and one with other labels is not", async () => {
        const labels = [{ label: "stack", value: "mine" }];
        const made = await make("volume", { name: name("vol"), labels });
        expect(await dockerProvider.recover(made.ctx, made.inputs)).toEqual({ id: made.id, outputs: made.outputs });
        const other = await checked(made.ctx, {
            name: made.inputs.name!,
            labels: [{ label: "stack", value: "other" }],
        });
        expect(await failure(dockerProvider.recover(made.ctx, other))).toContain("not this stack's");
        await made.remove();
    });
});
