/** A Docker engine on a socket that only lists containers, for commands that ask what runs and go no further. */
import { createServer } from "node:http";
import { join } from "node:path";

import { onTestFinished } from "vitest";

import { temporary } from "./fixtures";

export interface ListedContainer {
    id: string;
    name: string;
    stack: string;
    state?: string;
}

/** @returns DOCKER_HOST, and what was asked of it */
export async function fakeDocker(
    containers: ListedContainer[],
    options: { silent?: boolean } = {},
): Promise<{ host: string; asked: string[] }> {
    const path = join(temporary(), "docker.sock");
    const asked: string[] = [];
    const server = createServer((request, response) => {
        asked.push(`${request.method} ${request.url?.split("?")[0]}`);
        if (options.silent) return;
        if (request.url?.startsWith("/_ping")) return void response.end("OK");
        if (!request.url?.startsWith("/containers/json")) return void response.writeHead(501).end("{}");
        const listed = containers.map(({ id, name, stack, state = "running" }, i) => ({
            Id: id,
            Names: [`/${name}`],
            State: state,
            NetworkSettings: { Networks: {} },
            Created: 1_700_000_000 + i,
            Labels: { "dev.groundwork.stack": stack },
            Ports: [{ PublicPort: 8443, IP: "127.0.0.1" }],
        }));
        response.setHeader("content-type", "application/json");
        response.end(JSON.stringify(listed));
    });
    await new Promise<void>((listening) => server.listen(path, listening));
    onTestFinished(() => {
        server.closeAllConnections();
        server.close();
    });
    return { host: `unix://${path}`, asked };
}
