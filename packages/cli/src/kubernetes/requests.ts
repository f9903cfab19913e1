/** How requests to the API server are sent: each has its time, and a read gets another try where that can help. */
import { setTimeout as sleep } from "node:timers/promises";

import { isBroken } from "./errors";
import type { ClientModule, HttpLibrary, RequestContext, ResponseContext } from "./types";

/** How long the API server may take for one answer. */
const TIMEOUT_MS = 20_000;

/** Tries of one read, and the pause before the second one in milliseconds; it doubles. */
const TRIES = 6;
const FIRST_PAUSE_MS = 500;

/** Refusals that are over soon: too many requests, or a server that starts or stops. */
const PASSING = new Set([429, 502, 503, 504]);

/** What the API server passes on of a server of metrics: that one may be down for long, and nobody waits for it. */
const METRICS = "/apis/metrics.k8s.io/";

/** A cluster that has not answered yet is likely none: there the first try is the last one. */
export function requestsOf(client: ClientModule): HttpLibrary {
    const fetch = new client.IsomorphicFetchHttpLibrary();
    let answers = false;

    async function send(request: RequestContext): Promise<ResponseContext> {
        request.setSignal(AbortSignal.timeout(TIMEOUT_MS));
        const response = await fetch.send(request).toPromise();
        answers = true;
        return response;
    }

    async function read(request: RequestContext): Promise<ResponseContext> {
        const passing = request.getUrl().includes(METRICS) ? new Set<number>() : PASSING;
        for (let left = TRIES - 1, pause = FIRST_PAUSE_MS; ; left--, pause *= 2) {
            try {
                const { httpStatusCode: status, headers, body } = await send(request);
                // Here and not by whoever asked: the connection may break within it.
                const bytes = Promise.resolve(await body.binary());
                if (left === 0 || !passing.has(status))
                    return new client.ResponseContext(status, headers, new client.SelfDecodingBody(bytes));
            } catch (error) {
                if (left === 0 || !answers || !isBroken(error)) throw error;
            }
            await sleep(pause);
        }
    }

    return client.wrapHttpLibrary({
        send: (request) => (request.getHttpMethod() === client.HttpMethod.GET ? read(request) : send(request)),
    });
}
