import { PassThrough } from "node:stream";

import type Docker from "dockerode";
import { describe, expect, it } from "vitest";

import { parsePath } from "../../../../packages/engine/src/paths";
import { UNKNOWN, type PropertyMap } from "../../../../packages/engine/src/provider";
import { registryCredentials, registryOf } from "../../../../packages/engine/src/providers/docker/auth";
import type { Inspect } from "../../../../packages/engine/src/providers/docker/container/api";
import { ContainerFailedError, failureText } from "../../../../packages/engine/src/providers/docker/container/failure";
import { requestOf } from "../../../../packages/engine/src/providers/docker/container/request";
import { dockerProvider } from "../../../../packages/engine/src/providers/docker/index";
import { SEED, contextOf } from "./context";

const CONTAINER = contextOf("docker:index/container:Container");
const NETWORK = contextOf("docker:index/network:Network");

describe("diff", () => {
    const inputs: PropertyMap = {
        image: "i",
        name: "n",
        envs: ["B=2", "A=1"],
        ports: [{ internal: 80, ip: "127.0.0.1", protocol: "tcp" }],
        capabilities: { adds: ["NET_ADMIN"], drops: ["ALL"] },
        healthcheck: { tests: ["CMD", "true"], interval: "90s" },
        cpus: "0.50",
        memory: 64,
        mustRun: true,
        restart: "no",
    };
    const outputs: PropertyMap = {
        ...inputs,
        envs: ["A=1", "B=2"],
        ports: [{ internal: 80, external: 32768, ip: "127.0.0.1", protocol: "tcp" }],
        capabilities: { adds: ["CAP_NET_ADMIN"], drops: ["ALL"] },
        healthcheck: { tests: ["CMD", "true"], interval: "1m30s", timeout: "0s", retries: 0, startPeriod: "0s" },
        cpus: "0.5",
        memorySwap: 128,
        hostname: "f00",
        shmSize: 64,
        user: "999",
        uploads: [],
        tmpfs: null,
        privileged: false,
    };
    const diff = (news: PropertyMap) => dockerProvider.diff(CONTAINER, "id", { inputs, outputs }, news);

    it("finds none in other words for the same, nor in what Docker fills in", async () => {
        expect(await diff(inputs)).toEqual({ changed: false, replaces: [], deleteBeforeReplace: false, detailed: {} });
    });

    it.each<[string, PropertyMap, Record<string, string>, string[]]>([
        ["memory in place", { memory: 128 }, { memory: "update" }, []],
        ["a new limit in place", { memoryReservation: 32 }, { memoryReservation: "add" }, []],
        ["a limit that is gone, which Docker cannot take off", { memory: null }, { memory: "delete" }, ["memory"]],
        ["must run", { mustRun: false }, { mustRun: "update" }, []],
        ["a variable", { envs: ["A=1", "B=3"] }, { envs: "update" }, ["envs"]],
        ["no variables any more", { envs: null }, { envs: "delete" }, ["envs"]],
        ["a port", { ports: [{ internal: 81, ip: "127.0.0.1", protocol: "tcp" }] }, { ports: "update" }, ["ports"]],
        [
            "the health check",
            { healthcheck: { tests: ["CMD", "false"], interval: "90s" } },
            { "healthcheck.tests[1]": "update" },
            ["healthcheck"],
        ],
        [
            "one capability",
            { capabilities: { adds: ["SYS_TIME"], drops: ["ALL"] } },
            { "capabilities.adds": "update" },
            ["capabilities"],
        ],
        ["a file", { uploads: [{ file: "/x", content: "y" }] }, { uploads: "add" }, ["uploads"]],
        ["a tmpfs", { tmpfs: { "/run": "" } }, { tmpfs: "add" }, ["tmpfs"]],
        ["privileges", { privileged: true }, { privileged: "update" }, ["privileged"]],
        ["an image not known yet", { image: UNKNOWN }, { image: "update" }, ["image"]],
        ["a variable not known yet", { envs: ["A=1", UNKNOWN] }, { envs: "update" }, ["envs"]],
    ])("shows %s", async (_title, change, detailed, replaces) => {
        const result = await diff({ ...inputs, ...change });
        expect(result.detailed).toEqual(detailed);
        expect(result.replaces).toEqual(replaces);
        expect(result.deleteBeforeReplace).toBe(replaces.length > 0);
    });

    it("deletes a named network before it replaces it, and an automatically named one after", async () => {
        const olds = { inputs: { name: "n" }, outputs: { name: "n", driver: "bridge", labels: [] } };
        const replace = (defaults: string[]) =>
            dockerProvider.diff(NETWORK, "id", olds, { __defaults: defaults, name: "n", attachable: true });
        expect(await replace([])).toMatchObject({ replaces: ["attachable"], deleteBeforeReplace: true });
        expect(await replace(["name"])).toMatchObject({ replaces: ["attachable"], deleteBeforeReplace: false });
    });
});

describe("the request for a container", () => {
    it("carries each property to its place", async () => {
        const { inputs } = await dockerProvider.check(
            CONTAINER,
            undefined,
            {
                image: "i",
                name: "n",
                command: ["run"],
                envs: ["B=2", "A=1"],
                labels: [{ label: "a", value: "b" }],
                ports: [
                    { internal: 80, external: 8080, ip: "127.0.0.1" },
                    { internal: 53, protocol: "udp" },
                ],
                volumes: [
                    { volumeName: "data", containerPath: "/data", readOnly: true },
                    { hostPath: "/srv", containerPath: "/srv" },
                ],
                mounts: [{ type: "tmpfs", target: "/t", tmpfsOptions: { sizeBytes: 1024, mode: 511 } }],
                healthcheck: { tests: ["CMD", "true"], interval: "1m30s", timeout: "500ms", retries: 3 },
                memory: 64,
                memorySwap: -1,
                cpus: "1.5",
                cpuQuota: 1000,
                restart: "on-failure",
                maxRetryCount: 4,
                logDriver: "json-file",
                logOpts: { "max-file": "3" },
                capabilities: { adds: ["net_admin", "CAP_SYS_TIME"], drops: ["ALL"] },
                hosts: [{ host: "a", ip: "10.0.0.1" }],
                readOnly: true,
            },
            SEED,
        );
        expect(requestOf(inputs, "urn:x")).toEqual({
            Image: "i",
            Cmd: ["run"],
            Env: ["A=1", "B=2"],
            Labels: { a: "b", "dev.groundwork.urn": "urn:x" },
            ExposedPorts: { "80/tcp": {}, "53/udp": {} },
            Volumes: { "/data": {}, "/srv": {} },
            Healthcheck: { Test: ["CMD", "true"], Interval: 90e9, Timeout: 5e8, StartPeriod: 0, Retries: 3 },
            HostConfig: {
                Init: false,
                PortBindings: {
                    "80/tcp": [{ HostIp: "127.0.0.1", HostPort: "8080" }],
                    "53/udp": [{ HostIp: "0.0.0.0", HostPort: "" }],
                },
                Binds: ["data:/data:ro", "/srv:/srv:rw"],
                Mounts: [
                    {
                        Type: "tmpfs",
                        Target: "/t",
                        Source: "",
                        ReadOnly: false,
                        TmpfsOptions: { SizeBytes: 1024, Mode: 511 },
                    },
                ],
                Memory: 64 * 1024 * 1024,
                MemorySwap: -1,
                NanoCpus: 1.5e9,
                RestartPolicy: { Name: "on-failure", MaximumRetryCount: 4 },
                LogConfig: { Type: "json-file", Config: { "max-file": "3" } },
                CapAdd: ["CAP_NET_ADMIN", "CAP_SYS_TIME"],
                CapDrop: ["ALL"],
                ExtraHosts: ["a:10.0.0.1"],
                NetworkMode: "bridge",
                ReadonlyRootfs: true,
            },
        });
    });
});

describe("registry credentials", () => {
    it("are found by the registry of a reference, Docker Hub under all of its names", () => {
        const credentials = registryCredentials(
            JSON.stringify([
                { address: "ghcr.io", username: "u", password: "p" },
                { address: "https://index.docker.io/v1/", username: "h", password: "q" },
            ]),
        );
        expect(credentials.get(registryOf("ghcr.io/org/image:1"))).toMatchObject({ username: "u", password: "p" });
        expect(credentials.get(registryOf("postgres:16"))).toMatchObject({ username: "h" });
        expect(credentials.get(registryOf("org/image"))).toMatchObject({ username: "h" });
        expect(credentials.get(registryOf("localhost:5000/a"))).toBeUndefined();
    });

    it("come from a Docker config file", () => {
        const auth = Buffer.from("user:pa:ss").toString("base64");
        const configFileContent = JSON.stringify({ auths: { "https://ghcr.io": { auth } } });
        expect(registryCredentials([{ address: "ghcr.io", configFileContent }]).get("ghcr.io")).toMatchObject({
            username: "user",
            password: "pa:ss",
        });
    });

    it("from a file that is not JSON are an error that quotes nothing of it", () => {
        const read = () => registryCredentials([{ address: "ghcr.io", configFileContent: "canary:secret" }]);
        expect(read).toThrow(/docker:registryAuth for "ghcr\.io": the Docker config file is not JSON/);
        expect(read).not.toThrow(/canary/);
    });

    it("that are missing are an error that says where to put them", () => {
        expect(() => registryCredentials([{ address: "ghcr.io", configFileContent: "{}" }])).toThrow(
            /no credentials for "ghcr.io".*docker login ghcr.io/,
        );
    });
});

describe("an unknown type or function", () => {
    it("is refused by name, with what there is", async () => {
        const service = contextOf("docker:index/service:Service");
        await expect(dockerProvider.check(service, undefined, {}, SEED)).rejects.toThrow(
            /docker:index\/service:Service/,
        );
        await expect(dockerProvider.invoke!(NETWORK, "docker:index/getPlugin:getPlugin", {})).rejects.toThrow(
            /getNetwork/,
        );
    });
});

describe("a container that failed", () => {
    it("is told of without its logs where they break off while they are read", async () => {
        const logs = new PassThrough();
        const docker = {
            getContainer: () => ({ logs: () => Promise.resolve(logs) }),
            modem: { demuxStream: () => setImmediate(() => logs.destroy(new Error("socket hang up"))) },
        } as unknown as Docker;
        const info = { State: { ExitCode: 3 }, RestartCount: 0, Config: { Tty: false } } as unknown as Inspect;
        expect(await failureText(docker, new ContainerFailedError("it ended", info))).toBe(
            "it ended\nIt exited with code 3.\nLast log lines:\n  (its logs cannot be read: socket hang up)",
        );
    });
});

describe("a changed key of a map", () => {
    it("is a path that can be read again, whatever is in it", async () => {
        const key = '/a "b" \\c';
        const olds = { inputs: { image: "i" }, outputs: { image: "i", tmpfs: { [key]: "size=1m" } } };
        const { detailed } = await dockerProvider.diff(CONTAINER, "id", olds, {
            image: "i",
            tmpfs: { [key]: "size=2m" },
        });
        expect(Object.keys(detailed).map(parsePath)).toEqual([["tmpfs", key]]);
    });
});
