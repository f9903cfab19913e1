/** Are the edge's ports free? Asked before anything is made, because the engine would tell only at the very end. */
import { createSocket } from "node:dgram";
import { createServer, isIPv6 } from "node:net";

import type { StackConfig } from "../../../../config/types";
import { LABEL_PREFIX } from "../../../../targets/docker/labels";
import { FailedError } from "../errors";
import { stackFlag } from "../words";
import type { DockerHost } from "./client";

/** A port that somebody has. */
export interface TakenPort {
    port: number;
    /** Who has it, e.g. `the stack opshub-dev`. */
    by: string;
    /** That stack, where it is one. */
    stack?: string;
}

/** @throws FailedError naming who holds a port, unless it is the stack itself */
export async function checkPorts(host: DockerHost, stack: string, edge: StackConfig["edge"]): Promise<void> {
    const taken = await takenPort(host, stack, edge);
    if (taken === undefined) return;
    const { port, by, stack: other } = taken;
    const stop = other === undefined ? "Stop it" : `Stop it (gw destroy${stackFlag({ stack: { name: other } })})`;
    throw new FailedError(
        `Port ${port} of ${edge.address}, which the edge publishes, is taken by ${by}. Nothing was changed.`,
        `${stop}, or choose other ports with groundwork:edge.httpsPort (and httpPort) in the stack's file.`,
    );
}

/** The first of an edge's ports that another than the stack itself has. */
export async function takenPort(
    host: DockerHost,
    stack: string | undefined,
    { address, httpPort, httpsPort, http3 }: StackConfig["edge"],
): Promise<TakenPort | undefined> {
    const containers = await host.docker.listContainers();
    for (const port of [httpPort, httpsPort]) {
        const holder = containers.find((c) => c.Ports.some((p) => p.PublicPort === port && overlaps(p.IP, address)));
        if (holder) {
            const other = holder.Labels[`${LABEL_PREFIX}stack`];
            if (other === stack) continue;
            const by = other === undefined ? `the container ${holder.Names[0]?.slice(1)}` : `the stack ${other}`;
            return { port, by, stack: other };
        }
        // HTTP/3 is UDP on the port of https.
        const isFree = async (): Promise<boolean> =>
            (await isTcpFree(address, port)) && (port !== httpsPort || !http3 || (await isUdpFree(address, port)));
        if (host.local && !(await isFree())) return { port, by: "another program" };
    }
    return undefined;
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
