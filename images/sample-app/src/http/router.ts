/** Routes, requests and answers. */
import type { IncomingMessage } from "node:http";

type Method = "GET" | "POST" | "PUT" | "DELETE";

export interface Request {
    method: string;
    url: URL;
    /** Parts of the path that the pattern names, decoded. */
    params: Record<string, string>;
    headers: IncomingMessage["headers"];
    id: string;
    /** The body as JSON. @throws HttpError 400, 413 */
    json(): Promise<unknown>;
}

export interface Response {
    status?: number;
    /** Sent as JSON, unless `type` says what the text is. */
    body?: unknown;
    type?: string;
}

type Handler = (request: Request) => Promise<Response> | Response;

/** Answers with this status and code. The message is for the caller, so it holds nothing of the inside. */
export class HttpError extends Error {
    constructor(
        readonly status: number,
        readonly code: string,
        message: string,
    ) {
        super(message);
    }
}

interface Route {
    method: Method;
    /** As registered, e.g. `/api/items/:id`; the label of its metrics. */
    pattern: string;
    handler: Handler;
}

export class Router {
    private readonly routes: (Route & { parts: string[] })[] = [];

    add(method: Method, pattern: string, handler: Handler): this {
        this.routes.push({ method, pattern, handler, parts: pattern.split("/") });
        return this;
    }

    /** The route of a request. @throws HttpError 404, 405 */
    find(method: string, path: string): { route: Route; params: Record<string, string> } {
        const parts = path.split("/");
        const matching = this.routes.flatMap((route) => {
            const params = match(route.parts, parts);
            return params ? [{ route, params }] : [];
        });
        if (matching.length === 0) throw new HttpError(404, "NOT_FOUND", `there is nothing at ${path}`);
        const wanted = method === "HEAD" ? "GET" : method;
        const found = matching.find(({ route }) => route.method === wanted);
        if (!found) throw new HttpError(405, "METHOD_NOT_ALLOWED", `${path} does not take ${method}`);
        return found;
    }
}

function match(pattern: string[], path: string[]): Record<string, string> | undefined {
    if (pattern.length !== path.length) return undefined;
    const params: Record<string, string> = {};
    for (const [index, part] of pattern.entries()) {
        const actual = path[index]!;
        if (!part.startsWith(":")) {
            if (part !== actual) return undefined;
        } else if (actual === "") {
            return undefined;
        } else {
            try {
                params[part.slice(1)] = decodeURIComponent(actual);
            } catch {
                throw new HttpError(400, "BAD_PATH", "the path is not correctly encoded");
            }
        }
    }
    return params;
}
