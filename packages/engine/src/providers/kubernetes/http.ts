/** Requests to the API server: one pool of connections, and another try where that can help. */
import { request as httpRequest, type Agent, type IncomingMessage, type RequestOptions } from "node:http";
import { Agent as SecureAgent, request as httpsRequest } from "node:https";
import { setTimeout as sleep } from "node:timers/promises";

import type { KubeConfig } from "@kubernetes/client-node";

import { ApiError, ClusterError, unreachable, type Status } from "./errors";
import type { Settings } from "./settings";

/** Connections at a time. */
const SOCKETS = 24;

/** Milliseconds without a byte after which an answer is given up. */
const SILENCE = 60_000;

/** How long credentials are used before they are asked for again, in milliseconds: tokens expire, plugins give new ones. */
const CREDENTIALS_AGE = 30_000;

/** Tries of one request, and the pause before the second one in milliseconds; it doubles. */
const TRIES = 5;
const FIRST_PAUSE = 200;

/** Refusals that are over soon: too many requests, or a server that starts or stops. */
const PASSING = new Set([429, 502, 503, 504]);

export interface Request {
    method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
    path: string;
    query?: Record<string, string | undefined>;
    body?: unknown;
    /** Default: JSON. */
    contentType?: string;
    /** The answer is text, not JSON. */
    text?: boolean;
    signal: AbortSignal;
}

export class Http {
    readonly where: string;
    private readonly url: URL;
    private kubeconfig?: Promise<KubeConfig>;
    private credentials?: { at: number; options: Promise<RequestOptions> };
    private agent?: { agent: Agent | SecureAgent; material: string };

    constructor(private readonly settings: Settings) {
        this.where = `context "${settings.context}" (${settings.server})`;
        this.url = new URL(settings.server);
    }

    /** @throws ApiError with the server's words, ClusterError when there is no answer */
    async send<T>(request: Request): Promise<T> {
        for (let attempt = 1, pause = FIRST_PAUSE; ; attempt++, pause *= 2) {
            request.signal.throwIfAborted();
            let wait = pause;
            try {
                const { code, text, retryAfter } = await this.once(request);
                if (code < 300) return (request.text ? text : JSON.parse(text)) as T;
                if (code === 401 && attempt === 1) {
                    this.credentials = undefined;
                    continue;
                }
                if (code === 401) throw this.unauthorized(text);
                if (!PASSING.has(code) || attempt === TRIES) throw new ApiError(code, statusOf(code, text));
                wait = Math.max(pause, retryAfter * 1000);
            } catch (error) {
                request.signal.throwIfAborted();
                if (error instanceof ApiError || error instanceof ClusterError) throw error;
                // Every request here can be sent twice: they say how things are to be.
                const passing = /ECONNRESET|EPIPE|ETIMEDOUT/.test((error as NodeJS.ErrnoException).code ?? "");
                if (!passing || attempt === TRIES) throw unreachable(this.where, error);
            }
            await sleep(wait, undefined, { signal: request.signal });
        }
    }

    private async once(request: Request): Promise<{ code: number; text: string; retryAfter: number }> {
        const options = await this.authenticated();
        const body = request.body === undefined ? undefined : JSON.stringify(request.body);
        const query = new URLSearchParams(
            Object.entries(request.query ?? {}).filter((entry): entry is [string, string] => entry[1] !== undefined),
        ).toString();
        const secure = this.url.protocol === "https:";
        return new Promise((resolve, reject) => {
            const outgoing = (secure ? httpsRequest : httpRequest)(
                {
                    ...options,
                    agent: this.agent!.agent,
                    host: this.url.hostname.replace(/^\[|\]$/g, ""),
                    port: this.url.port || (secure ? 443 : 80),
                    method: request.method,
                    path: this.url.pathname.replace(/\/$/, "") + request.path + (query && `?${query}`),
                    headers: {
                        ...(options.headers as Record<string, string> | undefined),
                        Accept: request.text ? "*/*" : "application/json",
                        "User-Agent": "groundwork-engine",
                        ...(body === undefined
                            ? {}
                            : {
                                  "Content-Type": request.contentType ?? "application/json",
                                  "Content-Length": Buffer.byteLength(body),
                              }),
                    },
                    signal: request.signal,
                    timeout: SILENCE,
                },
                (response) => void read(response).then(resolve, reject),
            );
            outgoing.on("error", reject);
            outgoing.on("timeout", () =>
                outgoing.destroy(Object.assign(new Error("no answer in time"), { code: "ETIMEDOUT" })),
            );
            outgoing.end(body);
        });
    }

    /** Headers and certificates for a request; asked for once for all that need them. */
    private async authenticated(): Promise<RequestOptions> {
        if (!this.credentials || Date.now() - this.credentials.at > CREDENTIALS_AGE)
            this.credentials = { at: Date.now(), options: this.authenticate() };
        const mine = this.credentials;
        try {
            return await mine.options;
        } catch (error) {
            if (this.credentials === mine) this.credentials = undefined;
            throw new ClusterError(
                `There are no credentials for the Kubernetes cluster of ${this.where}: ${(error as Error).message}. Check the user in the kubeconfig ${this.settings.from}.`,
                "ECREDENTIALS",
                { cause: error },
            );
        }
    }

    /** The pool of connections is made anew when the certificates are other ones. */
    private async authenticate(): Promise<RequestOptions> {
        this.kubeconfig ??= loadClient(this.settings);
        const options: RequestOptions & { ca?: Buffer; cert?: Buffer; key?: Buffer; rejectUnauthorized?: boolean } = {};
        await (await this.kubeconfig).applyToHTTPSOptions(options);
        const { agent, ca, cert, key, rejectUnauthorized, ...rest } = options;
        const material = [ca, cert, key, rejectUnauthorized].map(String).join("\0");
        if (this.agent?.material !== material) {
            const proxied = this.settings.kubeconfig!.clusters.some(({ cluster }) => cluster && "proxy-url" in cluster);
            const plain = this.url.protocol === "http:" || proxied;
            const pool = { keepAlive: true, maxSockets: SOCKETS, ca, cert, key, rejectUnauthorized };
            this.agent = { agent: plain ? (agent as Agent) : new SecureAgent(pool), material };
        }
        return rest;
    }

    private unauthorized(text: string): ClusterError {
        return new ClusterError(
            `The Kubernetes cluster of ${this.where} does not know this user: ${statusOf(401, text).message ?? "Unauthorized"}. ` +
                `Log in again, or check the user in the kubeconfig ${this.settings.from}.`,
            "EUNAUTHORIZED",
        );
    }
}

/** The client is loaded when a request is first made: half a second that a preview with nothing to change does without. */
async function loadClient({ kubeconfig }: Settings): Promise<KubeConfig> {
    const client = await import("@kubernetes/client-node");
    const loaded = new client.KubeConfig();
    loaded.loadFromString(JSON.stringify(kubeconfig));
    return loaded;
}

async function read(response: IncomingMessage): Promise<{ code: number; text: string; retryAfter: number }> {
    const chunks: Buffer[] = [];
    for await (const chunk of response) chunks.push(chunk as Buffer);
    return {
        code: response.statusCode ?? 0,
        text: Buffer.concat(chunks).toString(),
        retryAfter: Number(response.headers["retry-after"] ?? 0) || 0,
    };
}

function statusOf(code: number, text: string): Status {
    try {
        const status = JSON.parse(text) as Status | null;
        if (status !== null && typeof status === "object") return status;
    } catch {
        // Not the API server's own: a proxy's page, or plain text.
    }
    return { code, message: text.slice(0, 500) };
}
