/** What `gw smoke` checks, for any system. */
import { randomBytes } from "node:crypto";

import { CATALOG } from "../../../../images/catalog";
import { LOCAL_PREFIX } from "../../../../images/local";
import type { StackConfig } from "../../../../config/types";
import type { Service, System } from "../../../../systems/types";
import type { Runtime } from "../runtime/runtime";
import type { Replica, StackStatus } from "../runtime/status";
import { type Check, mismatch, Skip } from "./check";
import { type Answer, type EdgeClient, type EdgeRequest, NoAnswerError } from "./edge";
import { requestCommand } from "./inside";
import { backendOf, healthAddress, publicHost, serviceOf } from "./routes";
import { cacheStore, graphStore, mainStore, type StoreReader } from "./store-readers";

interface SmokeContext {
    system: System;
    config: StackConfig;
    status: StackStatus;
    runtime: Runtime;
    edge: EdgeClient;
    timeoutMs: number;
}

/** An item's id: one for all runs, so that smoke tests do not fill the store. */
const ITEM = "gw-smoke";

export function checksOf(context: SmokeContext): Check[] {
    const { health, deep } = context.system.smoke;
    return [
        { name: `health (${health.service})`, run: () => request(context, health) },
        ...deep.map((probe) => ({ name: probe.name, run: () => request(context, probe) })),
        { name: "http to https", run: () => redirect(context) },
        { name: "TLS", run: () => tls(context) },
        { name: "security headers", run: () => headers(context) },
        { name: "private paths", run: () => privatePaths(context) },
        ...writes(context),
        { name: "WebSocket", run: () => webSocket(context) },
    ];
}

interface Probe {
    service: string;
    path: string;
    method?: string;
    body?: unknown;
    expect: Record<string, unknown>;
}

/** Through the edge, or from inside of the container where the edge does not lead. */
async function request(context: SmokeContext, probe: Probe): Promise<string> {
    const { system, config, edge } = context;
    const host = publicHost(system, config.domain, probe.service, probe.path);
    if (host !== undefined) {
        const answer = await sendTwice(edge, { host, path: probe.path, method: probe.method, body: probe.body });
        mustBeOk(answer, probe.path);
        mustMatch(answer.body, probe.expect);
        return `${answer.status} from ${edge.url({ host, path: probe.path })}`;
    }
    const service = serviceOf(system, probe.service);
    const replica = replicaOf(context, service.name);
    const { exitCode, stdout, stderr } = await context.runtime.exec(
        service.name,
        replica,
        requestCommand(service, probe.path, probe.body),
        context.timeoutMs,
    );
    if (exitCode !== 0) throw new Error(`${probe.path} in the container: ${stderr.trim()}`);
    mustMatch(stdout, probe.expect);
    return `from inside of ${service.name}: the path is not public`;
}

/**
 * Right after `up` a cluster's network may drop what comes for the first seconds of a pod, until each node knows its address and its
 * policies.
 */
async function sendTwice(edge: EdgeClient, request: EdgeRequest): Promise<Answer> {
    try {
        return await edge.send(request);
    } catch (error) {
        if (!(error instanceof NoAnswerError)) throw error;
        return edge.send(request);
    }
}

function replicaOf({ status }: SmokeContext, service: string): Replica {
    const replica = status.services.find((s) => s.service === service)?.replicas[0];
    if (!replica) throw new Error(`there is no replica of ${service}`);
    return replica;
}

function mustBeOk(answer: Answer, path: string): void {
    if (answer.status >= 200 && answer.status < 300) return;
    throw new Error(`${path} answers ${answer.status}: ${answer.body.trim().slice(0, 160) || "nothing"}`);
}

function mustMatch(body: string, expected: Record<string, unknown>): void {
    if (Object.keys(expected).length === 0) return;
    let json: unknown;
    try {
        json = JSON.parse(body);
    } catch {
        throw new Error(`the answer is not JSON: ${body.trim().slice(0, 120)}`);
    }
    const found = mismatch(expected, json);
    if (found !== undefined) throw new Error(found);
}

/** What every check of the edge itself asks for. */
function front({ system, config }: SmokeContext): { host: string; path: string } {
    return healthAddress(system, config.domain);
}

async function redirect(context: SmokeContext): Promise<string> {
    const at = front(context);
    const answer = await context.edge.send({ ...at, scheme: "http" });
    const wanted = context.edge.url(at);
    if (![301, 308].includes(answer.status)) throw new Error(`http answers ${answer.status}, not 308 or 301`);
    if (answer.headers.location !== wanted) throw new Error(`it leads to ${answer.headers.location}, not to ${wanted}`);
    return `${answer.status} to ${wanted}`;
}

async function tls(context: SmokeContext): Promise<string> {
    const { tls: found } = await context.edge.send(front(context));
    if (!found) throw new Error("the connection is not encrypted");
    if (!["TLSv1.2", "TLSv1.3"].includes(found.protocol)) throw new Error(`${found.protocol} is older than TLSv1.2`);
    const left = (found.validTo.getTime() - Date.now()) / 3600_000;
    const until = left < 48 ? `${Math.floor(left)} h` : `${Math.floor(left / 24)} days`;
    return `${found.protocol}, ${found.cipher}, by ${found.issuer}, ${until} left`;
}

async function headers(context: SmokeContext): Promise<string> {
    const { headers: found } = await context.edge.send(front(context));
    const wanted = ["x-content-type-options", "x-frame-options", "referrer-policy", "content-security-policy"];
    // With an authority of its own, browsers that have seen this header could not go on.
    if (context.config.tls.mode !== "internal") wanted.push("strict-transport-security");
    const missing = wanted.filter((name) => found[name] === undefined);
    if (missing.length > 0) throw new Error(`missing: ${missing.join(", ")}`);
    if (found.server !== undefined) throw new Error(`server: ${found.server} tells what runs`);
    return wanted.join(", ");
}

async function privatePaths(context: SmokeContext): Promise<string> {
    const paths = context.system.edge.privatePaths.map((pattern) => pattern.replace(/\*$/, ""));
    if (paths.length === 0) throw new Skip("the system has none");
    const { host } = front(context);
    for (const path of paths) {
        const answer = await context.edge.send({ host, path });
        if (answer.status !== 404) throw new Error(`${path} answers ${answer.status}, not 404`);
    }
    return `404 for ${paths.join(", ")}`;
}

/** Checks that only the sample app has the endpoints for. */
function writes(context: SmokeContext): Check[] {
    const service = backendOf(context.system);
    if (!service) return [];
    const item = (path: string, store: StoreReader | undefined): Check => ({
        name: store ? `write to ${store.store}` : "write",
        run: () => writeItem(context, service, path, store),
    });
    const [main, graph, cache] = [mainStore(context), graphStore(context), cacheStore(context)];
    return [
        item("/api/items", main),
        ...(graph ? [item("/api/graph/items", graph)] : []),
        ...(cache ? [{ name: "write to redis", run: () => writeCache(context, service, cache) }] : []),
    ];
}

function sampleApp(context: SmokeContext, service: Service): void {
    const image = context.status.services.find((s) => s.service === service.name)?.image ?? "";
    const isSample = image.startsWith(LOCAL_PREFIX) && CATALOG[service.image]?.folder === "sample-app";
    if (!isSample) throw new Skip(`${service.name} is not the sample app, whose endpoints this uses`);
}

function reachable(context: SmokeContext, service: Service, path: string): string {
    const host = publicHost(context.system, context.config.domain, service.name, path);
    if (host === undefined) throw new Skip(`the edge does not lead ${path} to ${service.name}`);
    return host;
}

/** Writes through the edge, reads it back through the edge, then in the store itself. */
async function writeItem(
    context: SmokeContext,
    service: Service,
    path: string,
    store: StoreReader | undefined,
): Promise<string> {
    sampleApp(context, service);
    const host = reachable(context, service, path);
    const value = { run: randomBytes(8).toString("hex") };
    const { edge } = context;
    mustBeOk(await edge.send({ host, path, body: { id: ITEM, value } }), path);
    const back: EdgeRequest = { host, path: `${path}/${ITEM}` };
    const answer = await edge.send(back);
    mustBeOk(answer, back.path);
    mustMatch(answer.body, { id: ITEM, value });
    if (!store) return `written and read back at ${edge.url({ host, path })}`;
    mustHold(await store.read(ITEM), value.run, store.store);
    return `read back through ${path} and in ${store.store} itself`;
}

async function writeCache(context: SmokeContext, service: Service, store: StoreReader): Promise<string> {
    sampleApp(context, service);
    const path = `/api/cache/${ITEM}`;
    const host = reachable(context, service, path);
    const value = { run: randomBytes(8).toString("hex") };
    mustBeOk(await context.edge.send({ host, path, method: "PUT", body: value }), path);
    const answer = await context.edge.send({ host, path });
    mustBeOk(answer, path);
    mustMatch(answer.body, { value });
    mustHold(await store.read(ITEM), value.run, store.store);
    return `read back through /api/cache and in ${store.store} itself`;
}

function mustHold(stored: string, run: string, store: string): void {
    if (!stored.includes(run))
        throw new Error(`${store} holds ${stored.slice(0, 80) || "nothing"}, not what was written`);
}

async function webSocket(context: SmokeContext): Promise<string> {
    const service = backendOf(context.system);
    if (!service) throw new Skip("the system has no backend");
    sampleApp(context, service);
    const path = "/ws/echo";
    const host = reachable(context, service, path);
    const text = `smoke ${randomBytes(8).toString("hex")}`;
    const socket = context.edge.openWebSocket({ host, path });
    try {
        const echo = await new Promise<string>((resolve, reject) => {
            const late = setTimeout(() => reject(new Error("no echo in time")), context.timeoutMs);
            late.unref();
            socket.on("error", reject);
            socket.on("open", () => socket.send(text));
            socket.on("message", (data: Buffer) => resolve(data.toString()));
        });
        if (!echo.includes(text)) throw new Error(`the echo is "${echo.slice(0, 80)}"`);
    } finally {
        socket.terminate();
    }
    return `echo from ${socket.url}`;
}
