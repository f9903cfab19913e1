/** The docker provider on a real Docker engine: containers that are made, and those that cannot be. */
import { createServer, type Server } from "node:net";

import { describe, expect, it } from "vitest";

import type { PropertyMap } from "../../../packages/engine/src/provider";
import { dockerProvider } from "../../../packages/engine/src/providers/docker/index";
import {
    CANARY,
    checked,
    container,
    docker,
    exists,
    failure,
    IMAGE,
    make,
    name,
    onDockerEngine,
    run,
} from "./support/provider";

onDockerEngine();

describe("a container", () => {
    it("gets its files, networks, mounts, limits and identity, and is the same afterwards", async () => {
        const network = await make("network", { name: name("net"), labels: [{ label: "a", value: "b" }] });
        const volume = await make("volume", { name: name("vol") });
        const made = await make(
            "container",
            container("full", {
                envs: ["B=2", "A=1"],
                labels: [{ label: "part", value: "test" }],
                uploads: [
                    { file: "/etc/app/secret", content: "hush", permissions: "0400" },
                    { file: "/data/tool", contentBase64: "aGk=", executable: true },
                ],
                mounts: [
                    { type: "volume", source: volume.outputs.name!, target: "/data" },
                    { type: "tmpfs", target: "/scratch", tmpfsOptions: { sizeBytes: 1048576, mode: 0o1777 } },
                ],
                tmpfs: { "/run": "size=1m,mode=1777" },
                networksAdvanced: [{ name: network.outputs.name!, aliases: ["db", "store"] }],
                ports: [{ internal: 80, ip: "127.0.0.1" }],
                user: "1000:1000",
                capabilities: { drops: ["ALL"], adds: ["NET_BIND_SERVICE"] },
                securityOpts: ["no-new-privileges"],
                memory: 64,
                memorySwap: 64,
                cpus: "0.50",
                ulimits: [{ name: "nofile", soft: 1024, hard: 2048 }],
                shmSize: 32,
                healthcheck: { tests: ["CMD", "true"], interval: "90s", timeout: "3s", retries: 3 },
                logOpts: { "max-size": "10m" },
                logDriver: "json-file",
                stopTimeout: 3,
                init: true,
                hosts: [{ host: "elsewhere", ip: "10.1.2.3" }],
                sysctls: { "net.core.somaxconn": "1024" },
                restart: "unless-stopped",
            }),
        );
        const info = await docker.getContainer(made.id).inspect();
        expect(info.HostConfig).toMatchObject({
            Memory: 64 * 1024 * 1024,
            MemorySwap: 64 * 1024 * 1024,
            NanoCpus: 5e8,
            ShmSize: 32 * 1024 * 1024,
            CapAdd: ["CAP_NET_BIND_SERVICE"],
            CapDrop: ["ALL"],
            Init: true,
            RestartPolicy: { Name: "unless-stopped", MaximumRetryCount: 0 },
            Ulimits: [{ Name: "nofile", Soft: 1024, Hard: 2048 }],
            NetworkMode: "bridge",
        });
        expect(info.Config.Env).toEqual(expect.arrayContaining(["A=1", "B=2"]));
        expect(Object.keys(info.NetworkSettings.Networks)).toEqual([network.outputs.name]);
        expect(info.NetworkSettings.Networks[network.outputs.name as string]!.Aliases).toEqual(
            expect.arrayContaining(["db", "store"]),
        );
        expect(await run(made.id, "stat", "-c", "%a %u %n", "/etc/app/secret", "/data/tool")).toBe(
            "400 0 /etc/app/secret\n744 0 /data/tool\n",
        );
        const [port] = made.outputs.ports as PropertyMap[];
        expect(port).toMatchObject({ internal: 80, ip: "127.0.0.1", protocol: "tcp" });
        expect(port!.external).toBeGreaterThan(1023);

        const state = { inputs: made.inputs, outputs: made.outputs };
        expect((await dockerProvider.diff(made.ctx, made.id, state, made.inputs)).detailed).toEqual({});
        const read = (await dockerProvider.read(made.ctx, made.id, state))!;
        expect(read).toEqual(state);
        expect((await dockerProvider.diff(made.ctx, made.id, read, made.inputs)).detailed).toEqual({});

        await made.remove();
        await network.remove();
        await volume.remove();
        expect(await dockerProvider.read(made.ctx, made.id, state)).toBeUndefined();
    });

    it("is the same afterwards with nothing but an image and a command", async () => {
        const made = await make("container", container("bare"));
        const state = { inputs: made.inputs, outputs: made.outputs };
        expect((await dockerProvider.diff(made.ctx, made.id, state, made.inputs)).detailed).toEqual({});
        expect(await dockerProvider.read(made.ctx, made.id, state)).toEqual(state);
        await made.remove();
    });

    it("with a memory limit alone shows no change for the swap limit that Docker adds", async () => {
        const made = await make("container", container("memory", { memory: 32 }));
        expect(made.outputs.memorySwap).toBe(64);
        const state = { inputs: made.inputs, outputs: made.outputs };
        expect((await dockerProvider.diff(made.ctx, made.id, state, made.inputs)).detailed).toEqual({});
        const news = await checked(made.ctx, { ...made.inputs, memory: 128 });
        await dockerProvider.update(made.ctx, made.id, state, news);
        expect((await docker.getContainer(made.id).inspect()).HostConfig.Memory).toBe(128 * 1024 * 1024);
        await made.remove();
    });

    it("is waited for until its health check's command passes, and then until Docker says that it is healthy", async () => {
        const made = await make(
            "container",
            container("healthy", {
                command: ["sh", "-c", "sleep 1; touch /tmp/ready; sleep 300"],
                healthcheck: { tests: ["CMD-SHELL", "cat /tmp/ready"], interval: "4s", retries: 20 },
                wait: true,
            }),
        );
        expect(await run(made.id, "ls", "/tmp/ready")).toBe("/tmp/ready\n");
        expect(await dockerProvider.settle!(made.ctx.signal)).toEqual([]);
        expect((await docker.getContainer(made.id).inspect()).State.Health?.Status).toBe("healthy");
        await made.remove();
    });

    it("that passes at first and never for Docker is told of at the end", async () => {
        const made = await make(
            "container",
            container("fickle", {
                // Docker's own first check comes after the engine's.
                healthcheck: { tests: ["CMD-SHELL", "set -C; : >/tmp/once"], interval: "20s", retries: 20 },
                wait: true,
                waitTimeout: 30,
            }),
        );
        const [unsettled] = await dockerProvider.settle!(made.ctx.signal);
        expect(unsettled!.urn).toBe(made.ctx.urn);
        expect(unsettled!.message).toContain("was not healthy after 30 s");
        expect(await dockerProvider.settle!(made.ctx.signal)).toEqual([]);
        await made.remove();
    });

    it("that ends while it is waited for fails at once, with exit code and log, and is removed", async () => {
        const news = container("ends", {
            command: ["sh", "-c", `sleep 0.3; for i in 1 2 3; do echo "line $i"; done; exit 7`],
            healthcheck: { tests: ["CMD", "false"], interval: "1s" },
            uploads: [{ file: "/etc/secret", content: CANARY }],
            wait: true,
            // Longer than this test may take.
            waitTimeout: 3600,
        });
        const message = await failure(make("container", news));
        expect(message).toContain("exited with code 7");
        expect(message).toContain("line 3");
        expect(message).not.toContain(CANARY);
        expect(await exists(news.name)).toBe(false);
    });

    it("that restarts in a loop fails before the timeout", async () => {
        const news = container("loop", {
            command: ["sh", "-c", "echo no database; exit 1"],
            restart: "always",
            healthcheck: { tests: ["CMD", "false"], interval: "1s" },
            wait: true,
            waitTimeout: 240,
        });
        const message = await failure(make("container", news));
        expect(message).toContain("restarts in a loop");
        expect(message).toContain("no database");
        expect(await exists(news.name)).toBe(false);
    });

    it("that never gets healthy fails with what its health check printed", async () => {
        const message = await failure(
            make(
                "container",
                container("unhealthy", {
                    healthcheck: { tests: ["CMD", "sh", "-c", "echo connection refused; exit 1"], interval: "500ms" },
                    wait: true,
                    waitTimeout: 20,
                }),
            ),
        );
        expect(message).toContain("was not healthy after 20 s");
        expect(message).toContain("connection refused");
    });

    it("killed for its memory says so", async () => {
        const message = await failure(
            make(
                "container",
                container("oom", {
                    command: ["sh", "-c", "a=xxxxxxxxxxxxxxxx; while :; do a=$a$a; done"],
                    memory: 8,
                    memorySwap: 8,
                    healthcheck: { tests: ["CMD", "false"], interval: "1s" },
                    wait: true,
                }),
            ),
        );
        expect(message).toContain("more memory than its limit");
    });

    it("whose command does not exist says so, and is removed", async () => {
        const news = container("nocommand", { command: ["/no/such/program"] });
        expect(await failure(make("container", news))).toMatch(/no such file|not found/);
        expect(await exists(news.name)).toBe(false);
    });

    it("whose port is taken by a container names that container", async () => {
        const first = await make("container", container("port", { ports: [{ internal: 80, ip: "127.0.0.1" }] }));
        const [port] = first.outputs.ports as PropertyMap[];
        const news = container("clash", { ports: [{ internal: 80, external: port!.external!, ip: "127.0.0.1" }] });
        const message = await failure(make("container", news));
        expect(message).toContain(
            `port ${String(port!.external)} on 127.0.0.1 is taken by the container ${String(first.inputs.name)}`,
        );
        expect(await exists(news.name)).toBe(false);
        await first.remove();
    });

    it("whose port is taken by a process names that process", async () => {
        const server: Server = createServer().listen(0, "127.0.0.1");
        await new Promise((resolve) => server.once("listening", resolve));
        const { port } = server.address() as { port: number };
        const message = await failure(
            make("container", container("process", { ports: [{ internal: 80, external: port, ip: "127.0.0.1" }] })),
        );
        server.close();
        expect(message).toContain(`port ${port} on 127.0.0.1 is taken by the process ${process.pid}`);
    });

    it("whose image is missing names it, and how to get it", async () => {
        const message = await failure(make("container", container("noimage", { image: "registry.invalid/none:1" })));
        expect(message).toContain("registry.invalid/none:1");
        expect(message).toContain("docker pull");
    });

    it("whose name is taken says by what", async () => {
        const first = await make("container", container("taken"));
        const message = await failure(make("container", { ...container("x"), name: first.inputs.name! }));
        expect(message).toContain(`name ${String(first.inputs.name)} is taken by a container of the image ${IMAGE}`);
        await first.remove();
    });

    it("whose network is missing is removed again", async () => {
        const news = container("nonet", { networksAdvanced: [{ name: "no-such-network" }] });
        expect(await failure(make("container", news))).toContain("no-such-network");
        expect(await exists(news.name)).toBe(false);
    });
});
