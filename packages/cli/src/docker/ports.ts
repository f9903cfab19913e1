/** Are the edge's ports free? Asked before anything is made, because the engine would tell only at the very end. */
import { createSocket } from "node:dgram";
import { createServer, isIPv6 } from "node:net";

import type { StackConfig } from "../../../../config/types";
import { LABEL_PREFIX } from "../../../../targets/docker/labels";
import { FailedError } from "../errors";
import type { DockerHost } from "./client";

/** @throws FailedError naming who holds a port, unless it is the stack itself */
export async function checkPorts(
    host: DockerHost,
    stack: string,
    config: Pick<StackConfig, "edge" | "domain">,
): Promise<void> {
    const { address, httpPort, httpsPort } = config.edge;
    const containers = await host.docker.listContainers();
    for (const port of [httpPort, httpsPort]) {
        const holder = containers.find((c) => c.Ports.some((p) => p.PublicPort === port && overlaps(p.IP, address)));
        if (holder) {
            const other = holder.Labels[`${LABEL_PREFIX}stack`];
            if (other === stack) continue;
            const what = other === undefined ? `the container ${holder.Names[0]?.slice(1)}` : `the stack ${other}`;
            throw taken(address, port, what, other === undefined ? undefined : `gw destroy --stack ${other}`);
        }
        // HTTP/3 is UDP on the port of https.
        const isFree = async (): Promise<boolean> =>
            (await isTcpFree(address, port)) && (port !== httpsPort || (await isUdpFree(address, port)));
        if (host.local && !(await isFree())) throw taken(address, port, "another program", undefined);
    }
}

function taken(address: string, port: number, by: string, stop: string | undefined): FailedError {
    const key = "groundwork:edge.httpsPort (and httpPort)";
    return new FailedError(
        `Port ${port} of ${address}, which the edge publishes, is taken by ${by}. Nothing was changed.`,
        `${stop === undefined ? "Stop it" : `Stop it (${stop})`}, or choose other ports with ${key} in the stack's file.`,
    );
}

function overlaps(held: string | undefined, wanted: string): boolean {
    const any = ["0.0.0.0", "::", undefined, ""];
    return held === wanted || any.includes(held) || any.includes(wanted);
}

function isTcpFree(address: string, port: number): Promise<boolean> {
    return new Promise((resolve) => {
        const server = createServer();
        server.once("error", (error: NodeJS.ErrnoException) => resolve(error.code !== "EADDRINUSE"));
        server.listen({ host: address, port, exclusive: true }, () => server.close(() => resolve(true)));
    });
}

function isUdpFree(address: string, port: number): Promise<boolean> {
    return new Promise((resolve) => {
        const socket = createSocket(isIPv6(address) ? "udp6" : "udp4");
        socket.once("error", (error: NodeJS.ErrnoException) => {
            socket.close();
            resolve(error.code !== "EADDRINUSE");
        });
        socket.bind({ port, address, exclusive: true }, () => socket.close(() => resolve(true)));
    });
}
