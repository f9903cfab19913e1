/** A bounded load through the edge, with a ledger of every write that was acknowledged. */
import { Agent, request } from "node:https";

import type { System } from "../../../systems/types";
import type { EdgeAddress } from "./sandbox";
import { waitFor } from "./wait";

/** The host name under which the edge serves a service of the dev stack. */
export function hostOf(system: System, service: string): string {
    const domain = `${system.key}.localhost`;
    const subdomain = system.edge.routes.find((route) => route.service === service)?.subdomain;
    return subdomain ? `${subdomain}.${domain}` : domain;
}

interface Answer {
    status: number;
    body: string;
    headers: Record<string, string | string[] | undefined>;
}

/**
 * One request through the edge, and once more where the server closed an idle connection in the moment that it was used again: as browsers
 * do, since nothing was answered on it, and what the tests send may be sent twice. The certificate is the edge's local one; `gw smoke`
 * verifies its chain.
 */
export function ask(
    { address, httpsPort }: EdgeAddress,
    host: string,
    path: string,
    options: { method?: string; body?: unknown; timeoutMs?: number; agent?: Agent } = {},
): Promise<Answer> {
    return new Promise((resolve, reject) => {
        const body = options.body === undefined ? undefined : JSON.stringify(options.body);
        const call = request(
            {
                host: address,
                port: httpsPort,
                path,
                method: options.method ?? "GET",
                servername: host,
                rejectUnauthorized: false,
                agent: options.agent,
                timeout: options.timeoutMs ?? 5_000,
                headers: { host: `${host}:${httpsPort}`, ...(body ? { "content-type": "application/json" } : {}) },
            },
            (response) => {
                let text = "";
                response.on("data", (chunk: Buffer) => (text += chunk.toString()));
                response.on("end", () =>
                    resolve({ status: response.statusCode ?? 0, body: text, headers: response.headers }),
                );
                response.on("error", reject);
            },
        );
        call.on("timeout", () => call.destroy(new Error("timed out")));
        call.on("error", (error: NodeJS.ErrnoException) => {
            if (call.reusedSocket && error.code === "ECONNRESET") {
                ask({ address, httpsPort }, host, path, { ...options, agent: undefined }).then(resolve, reject);
            } else reject(error);
        });
        call.end(body);
    });
}

/** An upload whose client breaks it off after its first bytes, as one does whose user closes the page. */
export function breakOff({ address, httpsPort }: EdgeAddress, host: string, path: string): Promise<void> {
    return new Promise((resolve, reject) => {
        const call = request({
            host: address,
            port: httpsPort,
            path,
            method: "POST",
            agent: false,
            servername: host,
            rejectUnauthorized: false,
            headers: { host: `${host}:${httpsPort}`, "content-type": "application/json", "content-length": 1_000_000 },
        });
        // After a moment, so that the edge has passed them on to a replica.
        call.write("{", (error) => (error ? reject(error) : setTimeout(() => call.destroy(), 200)));
        // What it ends with is what was asked for.
        call.on("error", () => resolve()).on("close", resolve);
    });
}

/**
 * Writes an item, again and again until it is acknowledged: a service whose store has just been replaced refuses for a moment, also after
 * `gw up` has ended.
 * @returns the seconds that it took
 */
export const acknowledged = (edge: EdgeAddress, host: string, path: string, item: { id: string; value: string }) =>
    waitFor(
        async () => {
            const { status, body } = await ask(edge, host, path, { method: "POST", body: item, timeoutMs: 2_000 });
            if (status !== 201) throw new Error(`the last answer is ${status}: ${body}`);
            return true;
        },
        { what: `an acknowledged write of ${item.id}`, seconds: 300 },
    );

/** Whether an item is there; asked until the answer is yes or no, which a service that looks for its store cannot say for a moment. */
export async function isThere(edge: EdgeAddress, host: string, path: string): Promise<boolean> {
    let status = 0;
    const isTold = async (): Promise<boolean> => {
        ({ status } = await ask(edge, host, path, { timeoutMs: PATIENCE_MS }));
        return status === 200 || status === 404;
    };
    await waitFor(isTold, { what: `an answer about ${path}`, seconds: 300 });
    return status === 200;
}

/** Longer than anything that makes way for something else takes on a busy machine: what is not answered by then has failed. */
export const PATIENCE_MS = 60_000;

interface Ledger {
    acknowledged: string[];
    failed: { at: number; reason: string }[];
    sent: number;
    stop: () => Promise<void>;
}

/** Sends one request every `everyMs` until stopped or `limit` are sent: writes when `write` makes a body, else reads of `path`. */
export function load(
    edge: EdgeAddress,
    host: string,
    path: string,
    options: { everyMs: number; limit: number; write?: (index: number) => { id: string } },
): Ledger {
    const agent = new Agent({ keepAlive: true, maxSockets: 8 });
    const open = new Set<Promise<void>>();
    const ledger: Ledger = { acknowledged: [], failed: [], sent: 0, stop: () => Promise.resolve() };
    const one = async (): Promise<void> => {
        const body = options.write?.(ledger.sent);
        ledger.sent += 1;
        try {
            const method = body ? "POST" : "GET";
            const answer = await ask(edge, host, path, { method, body, agent, timeoutMs: PATIENCE_MS });
            if (answer.status >= 200 && answer.status < 300) ledger.acknowledged.push(body?.id ?? path);
            else ledger.failed.push({ at: Date.now(), reason: `status ${answer.status}` });
        } catch (error) {
            ledger.failed.push({ at: Date.now(), reason: (error as Error).message });
        }
    };
    const timer = setInterval(() => {
        if (ledger.sent >= options.limit) return;
        const running = one().finally(() => open.delete(running));
        open.add(running);
    }, options.everyMs);
    ledger.stop = async () => {
        clearInterval(timer);
        await Promise.all(open);
        agent.destroy();
    };
    return ledger;
}
