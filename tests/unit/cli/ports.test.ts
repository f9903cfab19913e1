import { createSocket } from "node:dgram";
import { type AddressInfo, createServer } from "node:net";

import { afterEach, describe, expect, it } from "vitest";

import type { DockerHost } from "../../../packages/cli/src/docker/client";
import { checkPorts } from "../../../packages/cli/src/docker/ports";

const HOST = "127.0.0.1";
const closing: (() => void)[] = [];

afterEach(() => closing.splice(0).forEach((close) => close()));

/** A port that a program of this machine holds. */
async function held(protocol: "tcp" | "udp"): Promise<number> {
    if (protocol === "tcp") {
        const server = createServer();
        await new Promise<void>((listening) => server.listen(0, HOST, listening));
        closing.push(() => server.close());
        return (server.address() as AddressInfo).port;
    }
    const socket = createSocket("udp4");
    await new Promise<void>((bound) => socket.bind(0, HOST, bound));
    closing.push(() => socket.close());
    return socket.address().port;
}

async function free(): Promise<number> {
    const port = await held("tcp");
    closing.pop()!();
    return port;
}

const host = (local: boolean, containers: object[] = []): DockerHost =>
    ({ local, host: "", docker: { listContainers: () => Promise.resolve(containers) } }) as unknown as DockerHost;

const check = (httpPort: number, httpsPort: number, local = true): Promise<void> =>
    checkPorts(host(local), "dev", { address: HOST, httpPort, httpsPort, http3: true });

describe("the edge's ports", () => {
    it.each(["tcp", "udp"] as const)(
        "are refused before anything is made where a program holds %s",
        async (protocol) => {
            const port = await held(protocol);
            await expect(check(await free(), port)).rejects.toThrow(`Port ${port} of ${HOST}`);
            await expect(check(await free(), port, false)).resolves.toBeUndefined();
        },
    );

    it("are the stack's own where its edge holds one, and the other one is looked at all the same", async () => {
        const [own, other] = [await free(), await free()];
        const edge = (stack: string, port: number): object => ({
            Names: [`/gw-${stack}-caddy`],
            Labels: { "dev.groundwork.stack": stack },
            Ports: [{ PublicPort: port, IP: HOST }],
        });
        const config = { address: HOST, httpPort: own, httpsPort: other, http3: true };
        await expect(checkPorts(host(true, [edge("dev", own)]), "dev", config)).resolves.toBeUndefined();
        const both = [edge("dev", own), edge("opencode-dev", other)];
        await expect(checkPorts(host(true, both), "dev", config)).rejects.toThrow(
            `Port ${other} of ${HOST}, which the edge publishes, is taken by the stack opencode-dev.`,
        );
    });

    it("need no UDP for http, nor for https without HTTP/3", async () => {
        await expect(check(await held("udp"), await free())).resolves.toBeUndefined();
        const edge = { address: HOST, httpPort: await free(), httpsPort: await held("udp"), http3: false };
        await expect(checkPorts(host(true), "dev", edge)).resolves.toBeUndefined();
    });
});
