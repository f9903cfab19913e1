/** The docker provider on a real Docker engine. */
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";

import Docker from "dockerode";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";

import type { PropertyMap, ProviderContext } from "../../../packages/engine/src/provider";
import { dockerProvider } from "../../../packages/engine/src/providers/docker/index";
import { buildTinyImage } from "./tiny-image";

const PREFIX = `gw-provider-${process.pid}`;
const IMAGE = `${PREFIX}:1`;
const CANARY = "canary-4f1d0c";
const docker = new Docker();

let answers = false;
let counter = 0;

const name = (what: string): string => `${PREFIX}-${what}-${++counter}`;

interface TestContext extends ProviderContext {
    messages: string[];
}

function contextOf(type: string, extra: Partial<ProviderContext> = {}): TestContext {
    const messages: string[] = [];
    const token = `docker:index/${type}:${type[0]!.toUpperCase()}${type.slice(1)}`;
    return {
        urn: `urn:pulumi:test::${PREFIX}::${token}::thing`,
        name: "thing",
        type: token,
        config: {},
        log: (message) => messages.push(message),
        signal: new AbortController().signal,
        messages,
        ...extra,
    };
}

async function checked(ctx: ProviderContext, news: PropertyMap): Promise<PropertyMap> {
    const { inputs, failures } = await dockerProvider.check(ctx, undefined, news, Buffer.alloc(32, counter));
    expect(failures).toEqual([]);
    return inputs;
}

async function make(type: string, news: PropertyMap, extra: Partial<ProviderContext> = {}) {
    const ctx = contextOf(type, extra);
    const inputs = await checked(ctx, news);
    const made = await dockerProvider.create(ctx, inputs);
    return {
        ctx,
        inputs,
        ...made,
        remove: () => dockerProvider.delete(ctx, made.id, { inputs, outputs: made.outputs }),
    };
}

const container = (what: string, news: PropertyMap = {}): PropertyMap => ({
    name: name(what),
    image: IMAGE,
    command: ["sleep", "300"],
    ...news,
});

async function exists(containerName: unknown): Promise<boolean> {
    const list = await docker.listContainers({ all: true });
    return list.some((entry) => entry.Names.includes(`/${String(containerName)}`));
}

async function run(id: string, ...command: string[]): Promise<string> {
    const exec = await docker.getContainer(id).exec({ Cmd: command, AttachStdout: true, AttachStderr: true });
    const stream = await exec.start({ Tty: true } as Docker.ExecStartOptions);
    let output = "";
    stream.on("data", (chunk: Buffer) => (output += chunk.toString()));
    await new Promise((resolve) => stream.on("end", resolve));
    return output.replaceAll("\r", "");
}

async function failure(action: Promise<unknown>): Promise<string> {
    const error: unknown = await action.then(
        () => new Error("it did not fail"),
        (thrown: unknown) => thrown,
    );
    return (error as Error).message;
}

async function sweep(): Promise<void> {
    for (const entry of await docker.listContainers({ all: true }))
        if (entry.Names.some((entryName) => entryName.includes(PREFIX)))
            await docker.getContainer(entry.Id).remove({ force: true, v: true });
    for (const entry of await docker.listNetworks())
        if (entry.Name.startsWith(PREFIX)) await docker.getNetwork(entry.Id).remove();
    for (const entry of (await docker.listVolumes()).Volumes)
        if (entry.Name.startsWith(PREFIX)) await docker.getVolume(entry.Name).remove();
}

beforeAll(async () => {
    answers = await docker.ping().then(
        () => true,
        () => false,
    );
    if (answers) await buildTinyImage(docker, IMAGE);
});

beforeEach((test) => {
    if (!answers) test.skip("no Docker engine answers");
});

afterAll(async () => {
    if (!answers) return;
    await sweep();
    await docker.getImage(IMAGE).remove({ force: true });
});

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
                healthcheck: { tests: ["CMD-SHELL", "set -C; : >/tmp/once"], interval: "1s", retries: 20 },
                wait: true,
                waitTimeout: 4,
            }),
        );
        const [unsettled] = await dockerProvider.settle!(made.ctx.signal);
        expect(unsettled!.urn).toBe(made.ctx.urn);
        expect(unsettled!.message).toContain("was not healthy after 4 s");
        expect(await dockerProvider.settle!(made.ctx.signal)).toEqual([]);
        await made.remove();
    });

    it("that ends while it is waited for fails at once, with exit code and log, and is removed", async () => {
        const news = container("ends", {
            command: ["sh", "-c", `sleep 0.3; for i in 1 2 3; do echo "line $i"; done; exit 7`],
            healthcheck: { tests: ["CMD", "false"], interval: "1s" },
            uploads: [{ file: "/etc/secret", content: CANARY }],
            wait: true,
        });
        const start = Date.now();
        const message = await failure(make("container", news));
        expect(Date.now() - start).toBeLessThan(10_000);
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
            waitTimeout: 60,
        });
        const message = await failure(make("container", news));
        expect(message).toContain("restarts in a loop");
        expect(message).toContain("no database");
        expect(await exists(news.name)).toBe(false);
    }, 40_000);

    it("that never gets healthy fails with what its health check printed", async () => {
        const message = await failure(
            make(
                "container",
                container("unhealthy", {
                    healthcheck: { tests: ["CMD", "sh", "-c", "echo connection refused; exit 1"], interval: "500ms" },
                    wait: true,
                    waitTimeout: 2,
                }),
            ),
        );
        expect(message).toContain("was not healthy after 2 s");
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

    it("has its grace to stop before it is removed", async () => {
        const volume = await make("volume", { name: name("grace") });
        const script = `trap 'sleep 0.5; touch /data/stopped; exit 0' TERM; while :; do sleep 0.1; done`;
        const made = await make(
            "container",
            container("grace", {
                command: ["sh", "-c", script],
                volumes: [{ volumeName: volume.outputs.name!, containerPath: "/data" }],
                destroyGraceSeconds: 10,
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
        setTimeout(() => abort.abort(), 800);
        const start = Date.now();
        const message = await failure(make("container", news, { signal: abort.signal }));
        expect(message).toContain("the run was stopped");
        expect(Date.now() - start).toBeLessThan(8000);
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
                    }),
                ),
            ),
        );
        // All at once: the network waits for its last endpoint.
        await Promise.all([...all.map((made) => made.remove()), network.remove()]);
        const left = await docker.listContainers({ all: true, filters: { name: [`${PREFIX}-crowd`] } });
        expect(left).toEqual([]);
    }, 120_000);
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
    }, 60_000);

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

describe("a network", () => {
    it("is never made twice under one name", async () => {
        const made = await make("network", { name: name("twice") });
        expect(await failure(make("network", { name: made.inputs.name! }))).toContain("exists already");
        await made.remove();
        await made.remove();
    });

    it("can be looked up", async () => {
        const made = await make("network", { name: name("look"), internal: true });
        const found = await dockerProvider.invoke!(made.ctx, "docker:index/getNetwork:getNetwork", {
            name: made.inputs.name!,
        });
        expect(found).toMatchObject({ id: made.id, internal: true, driver: "bridge" });
        await made.remove();
    });
});

describe("a volume", () => {
    it("that somebody else made under this name is not taken over", async () => {
        await docker.createVolume({ Name: name("foreign"), Labels: { owner: "somebody" } });
        const volumeName = `${PREFIX}-foreign-${counter}`;
        expect(await failure(make("volume", { name: volumeName }))).toContain("owner=somebody");
        expect((await docker.getVolume(volumeName).inspect()).Labels).toEqual({ owner: "somebody" });
        await docker.getVolume(volumeName).remove();
    });

    it("in use says by what", async () => {
        const volume = await make("volume", { name: name("used") });
        const user = await make(
            "container",
            container("user", { mounts: [{ type: "volume", source: volume.outputs.name!, target: "/data" }] }),
        );
        expect(await failure(volume.remove())).toContain(`in use by ${String(user.inputs.name)}`);
        await user.remove();
        await volume.remove();
    }, 30_000);
});

describe("an image", () => {
    it("that is here already is not pulled, and stays when it is to be kept", async () => {
        const made = await make("remoteImage", { name: IMAGE, keepLocally: true });
        expect(made.outputs.imageId).toMatch(/^sha256:[0-9a-f]{64}$/);
        expect(made.id).toBe(`${String(made.outputs.imageId)}${IMAGE}`);
        const state = { inputs: made.inputs, outputs: made.outputs };
        expect(await dockerProvider.read(made.ctx, made.id, state)).toEqual(state);
        await made.remove();
        expect((await docker.getImage(IMAGE).inspect()).Id).toBe(made.outputs.imageId);
    });
});

describe("the engine", () => {
    it("that does not answer is named, with what to do", async () => {
        const message = await failure(make("volume", { name: "x" }, { config: { host: "unix:///no/such.sock" } }));
        expect(message).toContain("unix:///no/such.sock does not answer: there is no such socket");
        expect(message).toContain("gw doctor");
    });

    it("that ssh does not reach is named, with what ssh says", async () => {
        const message = await failure(
            make(
                "volume",
                { name: "x" },
                { config: { host: "ssh://nobody@127.0.0.1:1", sshOpts: `["-o", "BatchMode=yes"]` } },
            ),
        );
        expect(message).toContain("ssh://nobody@127.0.0.1:1 does not answer: ssh");
    });

    it("is reached over ssh", async () => {
        const directory = mkdtempSync(join(tmpdir(), "fake-ssh-"));
        const script = join(directory, "ssh");
        // Stands for ssh and the far end's "docker system dial-stdio": joins its own streams with the engine's socket.
        writeFileSync(
            script,
            `#!${process.execPath}\nconst s = require("net").connect("/var/run/docker.sock");process.stdin.pipe(s).pipe(process.stdout);s.on("close", () => process.exit(0));\n`,
        );
        chmodSync(script, 0o755);
        const path = process.env.PATH;
        process.env.PATH = `${directory}${delimiter}${path}`;
        try {
            const made = await make(
                "container",
                container("ssh", { healthcheck: { tests: ["CMD", "true"], interval: "500ms" }, wait: true }),
                {
                    config: { host: "ssh://deploy@far.example" },
                },
            );
            expect(made.outputs.mustRun).toBe(true);
            await made.remove();
        } finally {
            process.env.PATH = path;
            rmSync(directory, { recursive: true, force: true });
        }
    });
});
