/** Requests, against a server that answers as told. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { ApiError } from "../../../../../packages/engine/src/providers/kubernetes/errors";
import { Http } from "../../../../../packages/engine/src/providers/kubernetes/http";
import { settingsOf } from "../../../../../packages/engine/src/providers/kubernetes/settings";

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

const signal = new AbortController().signal;
let server: Server;
let answers: Answer[];
let asked: string[];
let http: Http;

const status =
    (code: number, body: object, headers: Record<string, string> = {}): Answer =>
    (_request, response) => {
        response.writeHead(code, headers).end(JSON.stringify(body));
    };

beforeEach(async () => {
    answers = [];
    asked = [];
    server = createServer((request, response) => {
        asked.push(`${request.method} ${request.url} ${request.headers.authorization ?? ""}`);
        answers.shift()!(request, response);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/base`;
    http = new Http(
        settingsOf({
            kubeconfig: JSON.stringify({
                clusters: [{ name: "c", cluster: { server: url, "insecure-skip-tls-verify": true } }],
                users: [{ name: "u", user: { token: "canary-token" } }],
                contexts: [{ name: "x", context: { cluster: "c", user: "u" } }],
                "current-context": "x",
            }),
        }),
    );
});

afterEach(() => {
    server.closeAllConnections();
    server.close();
});

const get = () =>
    http.send<object>({ method: "GET", path: "/api/v1/pods", query: { limit: "5", none: undefined }, signal });

async function failureOf(action: Promise<unknown>): Promise<Error> {
    return action.then(
        () => Promise.reject(new Error("It was expected to fail.")),
        (error: Error) => error,
    );
}

describe("a request", () => {
    it("goes below the server's path, as the kubeconfig's user", async () => {
        answers = [status(200, { items: [] })];
        expect(await get()).toEqual({ items: [] });
        expect(asked).toEqual(["GET /base/api/v1/pods?limit=5 Bearer canary-token"]);
    });

    it("is sent again where the server is busy or hangs up, and not where it says no", async () => {
        answers = [
            status(429, {}, { "retry-after": "0" }),
            (request) => request.socket.destroy(),
            status(503, {}),
            status(200, { a: 1 }),
        ];
        expect(await get()).toEqual({ a: 1 });
        answers = [status(403, { message: "no", reason: "Forbidden", details: { causes: [{ field: "f" }] } })];
        const error = await failureOf(get());
        expect(error).toBeInstanceOf(ApiError);
        expect(error).toMatchObject({ code: 403, message: "no", causes: [{ field: "f" }] });
        expect(asked).toHaveLength(5);
    });

    it("asks for credentials once more before it says that the cluster does not know the user", async () => {
        answers = [status(401, {}), status(200, { a: 1 })];
        expect(await get()).toEqual({ a: 1 });
        answers = [status(401, {}), status(401, { message: "token expired" })];
        const error = await failureOf(get());
        expect(error.message).toMatch(/context "x".*does not know this user: token expired.*Log in again/);
        expect(error.message).not.toContain("canary");
    });

    it("shows what something else than an API server answers", async () => {
        answers = [(_request, response) => void response.writeHead(404).end("<html>proxy</html>")];
        expect(await failureOf(get())).toMatchObject({ code: 404, message: "<html>proxy</html>" });
    });

    it("ends with the run", async () => {
        const controller = new AbortController();
        answers = [() => controller.abort()];
        const error = await failureOf(http.send({ method: "GET", path: "/", signal: controller.signal }));
        expect(error.name).toBe("AbortError");
    });
});
