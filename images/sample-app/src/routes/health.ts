/** Parts of the systems' health answers. */
import type { Response } from "../http/router";
import type { Store } from "../stores/types";

/** Version that the sample app stands for. */
export const VERSION = "1.0.0";

interface CheckResult {
    ok: boolean;
    details: Record<string, unknown>;
}

/** Asks a store; its error becomes part of the answer. */
export async function check(store: Pick<Store, "check">): Promise<CheckResult> {
    try {
        return { ok: true, details: { status: "ok", ...(await store.check()) } };
    } catch (error) {
        return { ok: false, details: { status: "error", error: reason(error) } };
    }
}

/** One store's health: 200, or 503 when it does not answer. */
export async function storeHealth(store: Pick<Store, "check">): Promise<Response> {
    const { ok, details } = await check(store);
    return { status: ok ? 200 : 503, body: { ...details, timestamp: now() } };
}

export function now(): string {
    return new Date().toISOString();
}

/** Memory in MiB against the container's limit, cpu in percent of one core since the last call. */
export function processMetrics(): Record<string, unknown> {
    const mib = (bytes: number) => Math.round(bytes / 1024 / 1024);
    const { rss } = process.memoryUsage();
    return {
        uptime: Math.round(process.uptime()),
        memory: { used: mib(rss), total: mib(process.constrainedMemory()) },
        cpu: { usage: cpuPercent() },
    };
}

let last = { cpu: process.cpuUsage(), at: performance.now() };

function cpuPercent(): number {
    const current = { cpu: process.cpuUsage(), at: performance.now() };
    const busyMs = (current.cpu.user - last.cpu.user + current.cpu.system - last.cpu.system) / 1000;
    const percent = Math.round((100 * busyMs) / Math.max(1, current.at - last.at));
    last = current;
    return percent;
}

/** What a driver says, without the addresses of a group of errors. */
function reason(error: unknown): string {
    if (error instanceof AggregateError && error.errors.length > 0) return reason(error.errors[0]);
    return error instanceof Error ? error.message || error.name : String(error);
}
