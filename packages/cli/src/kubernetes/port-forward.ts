/** Ports of this machine that lead to a pod, for as long as somebody needs them. */
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { Writable } from "node:stream";

import type { Cluster } from "./client";
import { refusalOf } from "./exec";

export interface Forward {
    /** A port of 127.0.0.1. */
    port: number;
    close(): Promise<void>;
}

/** @param podPort where the pod listens */
export async function forward(
    { client, config }: Pick<Cluster, "client" | "config">,
    pod: { namespace: string; name: string },
    podPort: number,
): Promise<Forward> {
    const sockets = new Set<Socket>();
    const server = createServer((socket) => {
        sockets.add(socket);
        socket.on("close", () => sockets.delete(socket));
        // Whoever connected hears of it; an error nobody listens for would end this process.
        socket.on("error", () => socket.destroy());
        const refused = new Writable({
            write: (chunk: Buffer, _encoding, done) => {
                // What comes first is the port's number, and nothing is left of it here.
                if (chunk.length > 0) socket.destroy(new Error(chunk.toString("utf8")));
                done();
            },
        });
        new client.PortForward(config)
            .portForward(pod.namespace, pod.name, [podPort], socket, refused, socket)
            .then((connection) => {
                if (typeof connection === "function") return;
                connection.on("close", () => socket.end());
                connection.on("error", (error: Error) => socket.destroy(error));
                socket.on("close", () => connection.close());
            })
            .catch((error: unknown) => socket.destroy(refusalOf(error)));
    });
    await listening(server);
    return {
        port: (server.address() as AddressInfo).port,
        close: () =>
            new Promise((resolve) => {
                server.close(() => resolve());
                for (const socket of sockets) socket.destroy();
            }),
    };
}

function listening(server: Server): Promise<void> {
    return new Promise((resolve, reject) => {
        server.once("error", reject);
        server.listen(0, "127.0.0.1", resolve);
    });
}
