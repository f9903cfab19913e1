/** The HTTP and WebSocket server, and how it comes to its end without dropping a request. */
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";

import { WebSocketServer } from "ws";

import type { Logger } from "../observe/log";
import type { Metrics } from "../observe/metrics";
import { HttpError, type Request, type Response, type Router } from "./router";

/** Largest request body, in bytes. */
const MAX_BODY = 1024 * 1024;

interface HttpServerOptions {
    router: Router;
    logger: Logger;
    metrics: Metrics;
    /** Origins that browsers may call from. */
    origins: string[];
    /** Paths whose requests are logged at debug level only: what asks for them asks all the time. */
    quiet: string[];
}

export class HttpServer {
    private readonly server: Server;
    private readonly sockets = new WebSocketServer({ noServer: true, maxPayload: MAX_BODY });
    private draining = false;

    constructor(private readonly options: HttpServerOptions) {
        this.server = createServer((request, response) => void this.serve(request, response));
        this.server.on("upgrade", (request, socket: Socket, head) => this.upgrade(request, socket, head));
        // Above the edge's own idle time, so that it never sends into a connection that is being closed.
        this.server.keepAliveTimeout = 130_000;
        this.sockets.on("connection", (client) => {
            client.on("message", (data, isBinary) => client.send(data, { binary: isBinary }));
            client.on("error", (error) => this.options.logger.warn({ error }, "WebSocket failed"));
        });
    }

    /** Starts to listen; resolves with the port. */
    async listen(port: number): Promise<number> {
        this.server.listen(port);
        await once(this.server, "listening");
        return (this.server.address() as AddressInfo).port;
    }

    /** Takes nothing new, lets running requests finish for at most `graceMs`, then cuts them off. */
    async drain(graceMs: number): Promise<void> {
        this.draining = true;
        const closed = once(this.server, "close");
        this.server.close();
        this.server.closeIdleConnections();
        for (const client of this.sockets.clients) client.close(1001, "the server is going away");
        const cut = setTimeout(() => {
            this.options.logger.warn("requests were cut off: they took longer than the grace period");
            this.server.closeAllConnections();
            for (const client of this.sockets.clients) client.terminate();
        }, graceMs);
        await closed;
        clearTimeout(cut);
    }

    private async serve(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
        const { logger, metrics } = this.options;
        const start = performance.now();
        const id = requestId(incoming);
        const { pathname } = requestUrl(incoming);
        let label = "unknown";
        let answer: Response;
        try {
            if (incoming.method === "OPTIONS") {
                answer = { status: 204 };
            } else {
                const { route, params } = this.options.router.find(incoming.method ?? "GET", pathname);
                label = route.pattern;
                answer = await route.handler(toRequest(incoming, id, params));
            }
        } catch (error) {
            answer = this.failure(error, id);
        }
        this.send(incoming, outgoing, id, answer);
        const [status, method] = [answer.status ?? 200, incoming.method ?? "GET"];
        const seconds = (performance.now() - start) / 1000;
        metrics.requests.inc({ method, path: label, status });
        metrics.duration.observe({ method, path: label }, seconds);
        const level = this.options.quiet.includes(label) && status < 500 ? "debug" : "info";
        const facts = {
            action: "request",
            method,
            path: pathname,
            status,
            duration: Math.round(seconds * 1000),
            requestId: id,
        };
        logger[level](facts, `${method} ${pathname} ${status}`);
    }

    private failure(error: unknown, requestId: string): Response {
        if (error instanceof HttpError) {
            if (error.cause !== undefined) this.options.logger.warn({ error: error.cause, requestId }, error.message);
            return { status: error.status, body: { error: { code: error.code, message: error.message, requestId } } };
        }
        this.options.logger.error({ error, requestId }, "request failed");
        const message = "it failed; the log has the reason under this request's id";
        return { status: 500, body: { error: { code: "INTERNAL", message, requestId } } };
    }

    private send(incoming: IncomingMessage, outgoing: ServerResponse, id: string, answer: Response): void {
        const { status = 200, body, type } = answer;
        const text = body === undefined ? "" : type === undefined ? JSON.stringify(body) : String(body);
        outgoing.setHeader("x-request-id", id);
        if (text !== "") outgoing.setHeader("content-type", type ?? "application/json; charset=utf-8");
        const { origin } = incoming.headers;
        if (origin !== undefined && this.options.origins.includes(origin)) {
            outgoing.setHeader("access-control-allow-origin", origin);
            outgoing.setHeader("access-control-allow-methods", "GET, POST, PUT, DELETE");
            outgoing.setHeader("access-control-allow-headers", "content-type, authorization");
            outgoing.setHeader("vary", "origin");
        }
        // Tells a client that keeps its connection open to take another one for its next request. The second case is a body that
        // nobody has read: what is left of it must not be taken for the next request.
        if (this.draining || !incoming.complete) outgoing.setHeader("connection", "close");
        outgoing.writeHead(status, status === 204 ? {} : { "content-length": Buffer.byteLength(text) });
        outgoing.end(incoming.method === "HEAD" ? undefined : text);
    }

    private upgrade(request: IncomingMessage, socket: Socket, head: Buffer): void {
        socket.on("error", (error) => this.options.logger.warn({ error }, "connection failed"));
        if (this.draining || requestUrl(request).pathname !== "/ws/echo") {
            socket.end(
                `HTTP/1.1 ${this.draining ? "503 Service Unavailable" : "404 Not Found"}\r\nconnection: close\r\n\r\n`,
            );
            return;
        }
        this.sockets.handleUpgrade(request, socket, head, (client) => this.sockets.emit("connection", client, request));
    }
}

function requestUrl(request: IncomingMessage): URL {
    // The host is of no interest, and what a client sends for it may be no host at all.
    const target = request.url ?? "/";
    return new URL(target.startsWith("/") ? `http://localhost${target}` : "http://localhost/");
}

/** The edge's id of the request, so that its log and this one can be put together; an own one when there is none. */
function requestId(request: IncomingMessage): string {
    const given = request.headers["x-request-id"];
    return typeof given === "string" && /^[\w-]{1,64}$/.test(given) ? given : `req-${randomUUID()}`;
}

function toRequest(incoming: IncomingMessage, id: string, params: Record<string, string>): Request {
    return {
        method: incoming.method ?? "GET",
        url: requestUrl(incoming),
        params,
        headers: incoming.headers,
        id,
        json: () => readJson(incoming),
    };
}

async function readJson(incoming: IncomingMessage): Promise<unknown> {
    const chunks: Buffer[] = [];
    let size = 0;
    for await (const chunk of incoming as AsyncIterable<Buffer>) {
        size += chunk.length;
        if (size > MAX_BODY) throw new HttpError(413, "TOO_LARGE", `the body is larger than ${MAX_BODY} bytes`);
        chunks.push(chunk);
    }
    try {
        return JSON.parse(Buffer.concat(chunks).toString("utf8"));
    } catch {
        throw new HttpError(400, "BAD_JSON", "the body is not JSON");
    }
}
