/** Requests to a stack's edge as its users make them: by host name, with the certificate verified. */
import { type IncomingHttpHeaders, request as httpRequest, type RequestOptions } from "node:http";
import { request as httpsRequest } from "node:https";
import { isIP } from "node:net";
import { connect as tlsConnect, type ConnectionOptions, type SecureContextOptions, type TLSSocket } from "node:tls";

import WebSocket from "ws";

/** Most bytes of an answer that are read. */
const MAX_BODY = 1024 * 1024;

interface EdgeSettings {
    /** Where the edge listens; absent: what the host name resolves to. */
    address?: string;
    /** The ports that users know. */
    httpPort: number;
    httpsPort: number;
    /** Those by which the edge is reached from here, where they are others. */
    ports?: { http: number; https: number };
    /** Certificates that are trusted, as PEM text; absent: those of Node. */
    ca?: string | string[];
    timeoutMs: number;
}

export interface Answer {
    status: number;
    headers: IncomingHttpHeaders;
    body: string;
    tls?: { protocol: string; cipher: string; issuer: string; validTo: Date };
}

export interface EdgeRequest {
    host: string;
    path: string;
    scheme?: "http" | "https";
    method?: string;
    body?: unknown;
}

/** Nothing came back in time; whether anybody got the request is not known. */
export class NoAnswerError extends Error {}

type Connection = Pick<RequestOptions, "lookup" | "timeout"> &
    Pick<SecureContextOptions, "ca" | "allowPartialTrustChain">;

export class EdgeClient {
    constructor(readonly settings: EdgeSettings) {}

    /** `https://host:port/path`, for messages and for WebSocket. */
    url({ host, path, scheme = "https" }: EdgeRequest): string {
        const port = scheme === "https" ? this.settings.httpsPort : this.settings.httpPort;
        return `${scheme}://${host}${port === (scheme === "https" ? 443 : 80) ? "" : `:${port}`}${path}`;
    }

    /** Options of a connection that ends at the edge whatever the host name resolves to. */
    connection(): Connection {
        const { address, ca, timeoutMs } = this.settings;
        // What is trusted need not be a root: a given certificate may come without the one that signed it.
        const options = { timeout: timeoutMs, ...(ca !== undefined && { ca, allowPartialTrustChain: true }) };
        if (address === undefined) return options;
        const family = isIP(address);
        const lookup: RequestOptions["lookup"] = (_host, wanted, done) =>
            wanted.all === true
                ? (done as unknown as (e: null, a: object[]) => void)(null, [{ address, family }])
                : done(null, address, family);
        return { ...options, lookup };
    }

    /** Like a browser; the caller ends it. */
    openWebSocket(request: EdgeRequest): WebSocket {
        const { timeout: handshakeTimeout, ...connection } = this.connection();
        const port = this.settings.ports?.https;
        // It takes the port to connect to from the URL, which has the one that users know.
        const createConnection =
            port &&
            ((options: ConnectionOptions) =>
                tlsConnect({ ...options, port, path: undefined, servername: options.servername ?? options.host }));
        return new WebSocket(this.url(request).replace(/^https/, "wss"), {
            ...connection,
            ...(createConnection && { createConnection }),
            handshakeTimeout,
        } as WebSocket.ClientOptions);
    }

    /** @throws NoAnswerError, or Error that names the address and what is wrong */
    send(request: EdgeRequest): Promise<Answer> {
        const body = request.body === undefined ? undefined : JSON.stringify(request.body);
        const send = request.scheme === "http" ? httpRequest : httpsRequest;
        const port = this.settings.ports?.[request.scheme ?? "https"];
        return new Promise((resolve, reject) => {
            const outgoing = send(
                this.url(request),
                {
                    ...this.connection(),
                    method: request.method ?? (body === undefined ? "GET" : "POST"),
                    agent: false,
                    ...(port !== undefined && { port }),
                    headers: {
                        host: new URL(this.url(request)).host,
                        accept: "application/json, text/html;q=0.9, */*;q=0.5",
                        ...(body !== undefined && {
                            "content-type": "application/json",
                            "content-length": String(Buffer.byteLength(body)),
                        }),
                    },
                },
                (incoming) => {
                    const socket = incoming.socket as TLSSocket;
                    const tls = request.scheme === "http" ? undefined : tlsOf(socket);
                    const chunks: Buffer[] = [];
                    let size = 0;
                    incoming.on("data", (chunk: Buffer) => {
                        size += chunk.length;
                        if (size <= MAX_BODY) chunks.push(chunk);
                    });
                    incoming.on("error", reject);
                    incoming.on("end", () =>
                        resolve({
                            status: incoming.statusCode ?? 0,
                            headers: incoming.headers,
                            body: Buffer.concat(chunks).toString("utf8"),
                            tls,
                        }),
                    );
                },
            );
            const late = setTimeout(
                () => outgoing.destroy(new NoAnswerError(`no answer within ${this.settings.timeoutMs / 1000} s`)),
                this.settings.timeoutMs,
            );
            outgoing.on("close", () => clearTimeout(late));
            outgoing.on("error", (error: NodeJS.ErrnoException) =>
                reject(problem(`${this.url(request)}: ${connectionProblem(error)}`, error)),
            );
            outgoing.end(body);
        });
    }
}

function problem(message: string, cause: Error): Error {
    return cause instanceof NoAnswerError ? new NoAnswerError(message, { cause }) : new Error(message, { cause });
}

function tlsOf(socket: TLSSocket): Answer["tls"] {
    const certificate = socket.getPeerCertificate();
    return {
        protocol: socket.getProtocol() ?? "unknown",
        cipher: socket.getCipher().standardName,
        issuer: String(certificate.issuer?.CN ?? certificate.issuer?.O ?? ""),
        validTo: new Date(certificate.valid_to),
    };
}

function connectionProblem(error: NodeJS.ErrnoException): string {
    switch (error.code) {
        case "ECONNREFUSED":
            return "nothing listens there; is the edge up? See gw status";
        case "ENOTFOUND":
        case "EAI_AGAIN":
            return "the host name does not resolve";
        case "CERT_HAS_EXPIRED":
            return "its certificate has expired";
        default:
            return error.message;
    }
}
