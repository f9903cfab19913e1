import { PassThrough } from "node:stream";

import type Docker from "dockerode";
import { describe, expect, it } from "vitest";

import { placeOf } from "../../../packages/cli/src/runtime/deployed";
import { reachDocker } from "../../../packages/cli/src/docker/client";
import { isNotFound } from "../../../packages/cli/src/docker/errors";
import { inspectStack } from "../../../packages/cli/src/docker/inventory";
import { streamLogs } from "../../../packages/cli/src/docker/logs";
import { checkDocker } from "../../../packages/cli/src/doctor/docker";
import { FailedError } from "../../../packages/cli/src/errors";
import { openSession } from "../../../packages/cli/src/session";
import { createOutput } from "../../../packages/cli/src/ui/output";
import { DEV, project } from "./fixtures";

describe("a Docker engine that does not answer", () => {
    it.each([
        ["unix:///nonexistent/a. Start it.sock", "there is no such socket", "systemctl start docker"],
        ["tcp://127.0.0.1:1", "nothing listens there", "Check that you can reach the host"],
    ])("is told as a whole sentence, with a remedy that fits: %s", async (host, why, remedy) => {
        const error = await reachDocker(host).then(
            () => undefined,
            (thrown: unknown) => thrown as FailedError,
        );
        expect(error).toBeInstanceOf(FailedError);
        expect(error!.message).toBe(`The Docker engine at ${host} does not answer: ${why}.`);
        expect(error!.hint).toContain(remedy);
    });
});

describe("what the Docker engine has not", () => {
    it.each([
        [{ statusCode: 404 }, true],
        [{ statusCode: 409 }, false],
        [new Error("socket hang up"), false],
    ])("%j: %s", (error, missing) => expect(isNotFound(error)).toBe(missing));
});

describe("the engine that doctor looks at", () => {
    it("is the one that the stack names, and is told to be another machine's", async () => {
        const { findings, local } = await checkDocker("tcp://127.0.0.1:1");
        expect(findings).toMatchObject([{ name: "docker engine", status: "missing" }]);
        expect(findings[0]!.found).toContain("The Docker engine at tcp://127.0.0.1:1 does not answer");
        expect([local, (await checkDocker("unix:///nonexistent/docker.sock")).local]).toEqual([false, true]);
    });

    it.each([
        ["{host: unix:///a.sock}", "unix:///a.sock"],
        ['"{host"', undefined],
        ["text", undefined],
    ])("is named by a map alone: %s", async (value, host) => {
        const cwd = project({ dev: `${DEV}  groundwork:docker: ${value}\n` });
        expect(placeOf(await openSession({ cwd }, createOutput({}))).docker.host).toBe(host);
    });
});

describe("the image of a container that was made by an id", () => {
    const inspected = async (system: string, tags: string[]) => {
        const labels = { "dev.groundwork.service": "postgres", "dev.groundwork.system": system };
        const info = {
            Id: "1",
            Name: "/postgres",
            Image: "sha256:ab",
            Config: { Image: "sha256:ab", Labels: labels },
            HostConfig: { RestartPolicy: { Name: "unless-stopped" } },
            State: { Status: "running", StartedAt: "2026-01-01T00:00:00Z" },
            NetworkSettings: { Ports: {} },
        };
        const docker = {
            listContainers: () => Promise.resolve([{ Id: "1", State: "running" }]),
            getContainer: () => ({ inspect: () => Promise.resolve(info) }),
            getImage: () => ({ inspect: () => Promise.resolve({ RepoTags: tags }) }),
        } as unknown as Docker;
        return (await inspectStack(docker, "dev")).services[0]!.image;
    };
    const TAGS = ["groundwork.local/postgres-15:f99c", "groundwork.local/postgres-pgvector:f99c"];

    it("has the name that its system runs, where a stand-in has several", async () => {
        expect(await inspected("debt-os", TAGS)).toBe("groundwork.local/postgres-pgvector:f99c");
        expect(await inspected("unknown", TAGS)).toBe("groundwork.local/postgres-15:f99c");
        expect(await inspected("debt-os", [])).toBe("sha256:ab");
    });
});

describe("a log that is followed", () => {
    /** What is told of a log that says one line and then ends so. */
    async function followed(end: (stream: PassThrough, stop: () => void) => void): Promise<string[]> {
        const [stream, lines, stopping] = [new PassThrough(), [] as string[], new AbortController()];
        const docker = {
            getContainer: () => ({ logs: () => Promise.resolve(stream) }),
            modem: { demuxStream: (from: PassThrough, to: PassThrough) => from.on("data", (part) => to.write(part)) },
        } as unknown as Docker;
        const options = { tail: 1, follow: true, signal: stopping.signal };
        stream.write("2026-01-01T00:00:00Z a line\n");
        setTimeout(() => end(stream, () => stopping.abort()), 20);
        await streamLogs(docker, "id", options, (line) => lines.push(line));
        return lines;
    }

    it("ends with the container, and with whoever stops it", async () => {
        expect(await followed((stream) => stream.end())).toEqual(["a line"]);
        expect(await followed((_, stop) => stop())).toEqual(["a line"]);
    });

    it("is a failure where the engine breaks it off", async () => {
        const broken = followed((stream) => stream.destroy(new Error("aborted")));
        await expect(broken).rejects.toThrow("The Docker engine broke a log off: aborted.");
    });
});
