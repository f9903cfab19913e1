import { Readable, type Writable } from "node:stream";

import type Docker from "dockerode";
import { pack } from "tar-stream";
import { describe, expect, it } from "vitest";

import type { Task } from "../../../packages/cli/src/backups/toolbox";
import { DockerToolbox } from "../../../packages/cli/src/docker/toolbox";

const TASK: Task = { run: "r", step: "prepare", store: "postgres", args: [], swaps: false, stops: [] };
const LABELS = { "dev.groundwork.component": "backup", "dev.groundwork.replica": "0" };

interface Tool {
    status?: string;
    mode?: string;
    networks?: string[];
    stop?: () => Promise<void>;
}

/** An engine with a container that backs up, on two networks, and one of a step. @returns what has been done on it */
function engine({ status = "created", mode = "data", networks = ["data"], stop }: Tool): {
    docker: Docker;
    did: string[];
} {
    const did: string[] = [];
    const on = (names: string[]) => ({ Networks: Object.fromEntries(names.map((name) => [name, {}])) });
    const settings = JSON.stringify({ stores: { postgres: { driver: "postgres" } } });
    const scheduler = {
        inspect: () => Promise.resolve({ Id: "scheduler", Mounts: [], NetworkSettings: on(["data", "egress"]) }),
        getArchive: () => {
            const archive = pack();
            archive.entry({ name: "backup.json" }, settings);
            archive.finalize();
            return Promise.resolve(archive);
        },
    };
    const done = (what: string) => () => Promise.resolve(void did.push(what));
    const tool = {
        id: "tool",
        inspect: () =>
            Promise.resolve({
                ...{ Id: "tool", HostConfig: { NetworkMode: mode }, NetworkSettings: on(networks) },
                State: { Status: status, Running: status === "running", ExitCode: 0 },
            }),
        start: done("start"),
        stop: stop ?? done("stop"),
        remove: done("remove"),
        logs: () => Promise.resolve(Readable.from([])),
        wait: () => Promise.resolve({ StatusCode: 0 }),
    };
    const docker = {
        modem: { demuxStream: (stream: Readable, out: Writable) => stream.pipe(out) },
        listContainers: () => Promise.resolve([{ Id: "scheduler", Labels: LABELS, Mounts: [] }]),
        getContainer: (id: string) => (id === "scheduler" ? scheduler : tool),
        getNetwork: (name: string) => ({ connect: done(`connect ${name}`) }),
    };
    return { docker: docker as unknown as Docker, did };
}

describe("a step of a restore", () => {
    const finish = async (tool: Tool) => {
        const { docker, did } = engine(tool);
        await new DockerToolbox(docker, "dev").finish(TASK, () => undefined);
        return did;
    };

    it("joins the networks that it lacks before it starts, whoever made it", async () => {
        expect(await finish({})).toEqual(["connect egress", "start"]);
        expect(await finish({ networks: ["data", "egress"] })).toEqual(["start"]);
    });

    it("that needs no network gets none", async () => {
        expect(await finish({ mode: "none", networks: ["none"] })).toEqual(["start"]);
    });

    it("that has ended well is left as it is", async () => {
        expect(await finish({ status: "exited" })).toEqual([]);
    });

    it("that ends while it is stopped is forgotten nonetheless", async () => {
        const ended = () => Promise.reject(Object.assign(new Error("not modified"), { statusCode: 304 }));
        const { docker, did } = engine({ status: "running", stop: ended });
        await new DockerToolbox(docker, "dev").forget(TASK);
        expect(did).toEqual(["remove"]);
    });
});
