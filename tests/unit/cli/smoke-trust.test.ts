import { readFileSync } from "node:fs";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { join } from "node:path";

import { afterEach, describe, expect, it } from "vitest";
import WebSocket, { WebSocketServer } from "ws";

import { EdgeClient } from "../../../packages/cli/src/smoke/edge";
import { givenTrust } from "../../../packages/cli/src/smoke/trust";
import { REPOSITORY } from "./fixtures";

const pem = (name: string): string => readFileSync(join(REPOSITORY, "tests/fixtures/tls", name), "utf8");
const HOST = "platform.example.com";
const closing: (() => void)[] = [];

afterEach(() => closing.splice(0).forEach((close) => close()));

/** An edge that shows this certificate, echoes WebSockets, and answers everything else with `ok`. */
async function edge(certificate: string, key: string): Promise<number> {
    const server = createServer({ cert: pem(certificate), key: pem(key) }, (_request, response) => response.end("ok"));
    const sockets = new WebSocketServer({ server });
    sockets.on("connection", (socket) => socket.on("message", (data) => socket.send(data)));
    await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
    closing.push(() => server.close());
    return (server.address() as AddressInfo).port;
}

function trust(certificate: string): string[] | undefined {
    const secrets = { TLS_CERTIFICATE: pem(certificate), TLS_PRIVATE_KEY: "x" };
    const engineConfig = { "groundwork:secrets": { value: JSON.stringify(secrets), secret: true } };
    return givenTrust({ tls: { mode: "certificate" } }, engineConfig);
}

function client(httpsPort: number, ca: string[] | undefined): EdgeClient {
    return new EdgeClient({ address: "127.0.0.1", httpPort: 1, httpsPort, ca, timeoutMs: 60_000 });
}

describe("a smoke check of a stack with a given certificate", () => {
    it.each([
        ["self-signed", "fullchain.pem", "privkey.pem"],
        ["issued by an authority of somebody's own", "issued.pem", "issued-privkey.pem"],
    ])("trusts it where it is %s", async (_what, certificate, key) => {
        const port = await edge(certificate, key);
        const answer = await client(port, trust(certificate)).send({ host: HOST, path: "/" });
        expect([answer.status, answer.body]).toEqual([200, "ok"]);
        await expect(client(port, undefined).send({ host: HOST, path: "/" })).rejects.toThrow(/certificate/);
    });

    it("trusts it for WebSockets too", async () => {
        const port = await edge("issued.pem", "issued-privkey.pem");
        const { timeout, ...connection } = client(port, trust("issued.pem")).connection();
        const socket = new WebSocket(`wss://${HOST}:${port}/`, { ...connection, handshakeTimeout: timeout });
        const echo = await new Promise<string>((resolve, reject) => {
            socket.on("error", reject);
            socket.on("open", () => socket.send("hello"));
            socket.on("message", (data: Buffer) => resolve(data.toString()));
        });
        socket.terminate();
        expect(echo).toBe("hello");
    });

    it("trusts no other certificate for the same name, and this one for no other name", async () => {
        const port = await edge("fullchain.pem", "privkey.pem");
        await expect(client(port, trust("issued.pem")).send({ host: HOST, path: "/" })).rejects.toThrow(/self-signed/);
        const other = client(port, trust("fullchain.pem")).send({ host: "other.example.com", path: "/" });
        await expect(other).rejects.toThrow(/altnames/);
    });

    it("trusts what Node does with any other mode", () => {
        expect(givenTrust({ tls: { mode: "internal" } }, {})).toBeUndefined();
        expect(givenTrust({ tls: { mode: "acme", email: "a@example.com" } }, {})).toBeUndefined();
    });
});
