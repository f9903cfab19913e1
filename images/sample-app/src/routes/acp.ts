/**
 * The Agent Client Protocol as JSON-RPC 2.0 over HTTP: https://agentclientprotocol.com. A session is in Postgres and, as the system's
 * backups expect, in a file of its directory.
 */
import { randomUUID } from "node:crypto";
import { open, rename } from "node:fs/promises";
import { join } from "node:path";

import type pg from "pg";

import type { App } from "../app";
import { HttpError, type Response } from "../http/router";
import type { Logger } from "../observe/log";
import { VERSION } from "./health";

const PROTOCOL_VERSION = 1;

/** Error codes of JSON-RPC 2.0; -32000 is the first that it leaves to servers. */
const CODES = { parse: -32700, request: -32600, method: -32601, params: -32602, unavailable: -32000 };

class RpcError extends Error {
    constructor(
        readonly code: number,
        message: string,
    ) {
        super(message);
    }
}

type Params = Record<string, unknown>;
type Id = string | number | null;

interface Session {
    id: string;
    cwd: string;
    prompts: number;
}

export function addAcpRoutes(app: App, pool: pg.Pool, directory: string): void {
    const logger = app.logger("acp");
    const agent = new Agent(pool, directory);
    const calls = app.metrics.counter("acp_requests_total", "JSON-RPC requests", ["method", "status"]);
    app.metrics.gauge("acp_sessions", "Sessions", () => agent.count());

    app.router.add("GET", "/acp", () => ({
        body: {
            name: "opencode-acp",
            version: VERSION,
            protocolVersion: PROTOCOL_VERSION,
            transport: "POST JSON-RPC 2.0",
        },
    }));
    app.router.add("POST", "/acp", async (request) => {
        const call = await parse(request);
        if (call instanceof RpcError) return answer(null, call);
        const start = performance.now();
        const result = await perform(agent, call, logger);
        const status = result instanceof RpcError ? "error" : "success";
        const known = agent.methods.has(call.method);
        calls.inc({ method: known ? call.method : "unknown", status });
        const duration = Math.round(performance.now() - start);
        logger.info({ action: "rpc", method: call.method, status, requestId: request.id, duration }, call.method);
        // A notification is a call without id, and gets no answer.
        return call.id === undefined ? { status: 202 } : answer(call.id, result);
    });
}

interface Call {
    id?: Id;
    method: string;
    params: Params;
}

async function parse(request: { json(): Promise<unknown> }): Promise<Call | RpcError> {
    let body: unknown;
    try {
        body = await request.json();
    } catch (error) {
        if (error instanceof HttpError && error.status === 400)
            return new RpcError(CODES.parse, "the body is not JSON");
        throw error;
    }
    const { jsonrpc, id, method, params = {} } = (body ?? {}) as Partial<Record<string, unknown>>;
    const idIsValid = id === undefined || id === null || typeof id === "string" || typeof id === "number";
    if (jsonrpc !== "2.0" || typeof method !== "string" || !idIsValid) {
        return new RpcError(
            CODES.request,
            'not a JSON-RPC 2.0 call: it needs "jsonrpc": "2.0", "method" and a valid "id"',
        );
    }
    if (typeof params !== "object" || params === null || Array.isArray(params)) {
        return new RpcError(CODES.params, '"params" must be an object');
    }
    return { id: id as Id | undefined, method, params: params as Params };
}

async function perform(agent: Agent, call: Call, logger: Logger): Promise<unknown> {
    const method = agent.methods.get(call.method);
    if (!method) return new RpcError(CODES.method, `there is no method ${call.method}`);
    try {
        return await method(call.params);
    } catch (error) {
        if (error instanceof RpcError) return error;
        logger.error({ error, method: call.method }, "call failed");
        return new RpcError(CODES.unavailable, "the session store does not answer; try again");
    }
}

function answer(id: Id, result: unknown): Response {
    if (!(result instanceof RpcError)) return { body: { jsonrpc: "2.0", id, result } };
    return { body: { jsonrpc: "2.0", id, error: { code: result.code, message: result.message } } };
}

class Agent {
    readonly methods = new Map<string, (params: Params) => Promise<unknown> | unknown>([
        ["initialize", (params) => this.initialize(params)],
        ["authenticate", () => ({})],
        ["session/new", (params) => this.newSession(params)],
        ["session/load", (params) => this.loadSession(params)],
        ["session/prompt", (params) => this.prompt(params)],
        ["session/cancel", (params) => this.find(params).then(() => ({}))],
    ]);

    constructor(
        private readonly pool: pg.Pool,
        private readonly directory: string,
    ) {}

    async count(): Promise<number> {
        const { rows } = await this.pool.query<{ count: string }>("SELECT count(*) AS count FROM sessions");
        return Number(rows[0]!.count);
    }

    private initialize({ protocolVersion }: Params): unknown {
        if (!Number.isInteger(protocolVersion))
            throw new RpcError(CODES.params, '"protocolVersion" must be a whole number');
        return {
            // The newest that both know; there is one so far.
            protocolVersion: PROTOCOL_VERSION,
            agentCapabilities: { loadSession: true, promptCapabilities: { image: false, audio: false } },
            agentInfo: { name: "opencode-acp", version: VERSION },
            authMethods: [],
        };
    }

    private async newSession({ cwd }: Params): Promise<unknown> {
        if (typeof cwd !== "string" || !cwd.startsWith("/"))
            throw new RpcError(CODES.params, '"cwd" must be an absolute path');
        const session = { id: randomUUID(), cwd, prompts: 0 };
        await this.pool.query("INSERT INTO sessions (id, cwd) VALUES ($1, $2)", [session.id, cwd]);
        await this.write(session);
        return { sessionId: session.id };
    }

    private async loadSession(params: Params): Promise<unknown> {
        await this.find(params);
        return {};
    }

    private async prompt(params: Params): Promise<unknown> {
        if (!Array.isArray(params.prompt))
            throw new RpcError(CODES.params, '"prompt" must be a list of content blocks');
        const { id } = await this.find(params);
        const { rows } = await this.pool.query<Session>(
            "UPDATE sessions SET prompts = prompts + 1 WHERE id = $1 RETURNING id, cwd, prompts",
            [id],
        );
        await this.write(rows[0]!);
        return { stopReason: "end_turn" };
    }

    private async find({ sessionId }: Params): Promise<Session> {
        if (typeof sessionId !== "string") throw new RpcError(CODES.params, '"sessionId" must be a text');
        const { rows } = await this.pool.query<Session>("SELECT id, cwd, prompts FROM sessions WHERE id = $1", [
            sessionId,
        ]);
        if (!rows[0]) throw new RpcError(CODES.params, "there is no session of this id");
        return rows[0];
    }

    /** Whole or not at all, and on disk when it returns. */
    private async write(session: Session): Promise<void> {
        const path = join(this.directory, `${session.id}.json`);
        const file = await open(`${path}.tmp`, "w", 0o640);
        try {
            await file.writeFile(JSON.stringify(session));
            await file.sync();
        } finally {
            await file.close();
        }
        await rename(`${path}.tmp`, path);
    }
}
