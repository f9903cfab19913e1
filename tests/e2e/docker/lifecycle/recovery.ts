/**
 * The main process of every service and store of a stack is killed (SIGKILL) under a bounded load of writes. The documents allow a crashed
 * service 5 minutes and no lost data; what was measured is printed and written to `reports/recovery.json`.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { expect, it } from "vitest";

import type { System } from "../../../../systems/types";
import { ask, hostOf, isThere, load } from "../../support/load";
import { strictest } from "../../support/recovery-page";
import { ROOT } from "../../support/sandbox";
import { waitFor } from "../../support/wait";
import { docker, killMain, servicesOf } from "../support/docker";
import type { Sandbox } from "../support/sandbox";

const measured: { system: string; service: string; seconds: number; acknowledged: number; lost: number }[] = [];

/** Where the sample app writes into the store that is killed; its main store for all others. */
function itemsOf(service: string): string {
    return service === "memgraph" ? "/api/graph/items" : "/api/items";
}

/** Allowed by the documents for a crashed service, in seconds. */
const { rtoSeconds: ALLOWED } = strictest("service-crash");

/** @param sandbox of the stack, which is up by the time that the tests run */
export function recovers(system: System, sandbox: Sandbox): void {
    const { stack } = sandbox;
    const backend = system.services.find((service) => service.role === "backend")!;
    const host = hostOf(system, backend.name);
    const stores = ["postgres", "redis", "memgraph"].filter((store) => store in system.stores);
    const services = system.services.map((service) => service.name);
    let run = 0;

    /** Whether the victim itself serves again: a write into the store that was killed, a page of the frontend, a worker's health check. */
    const serves = async (service: string, health: string | undefined): Promise<boolean> => {
        const id = `probe-${(run += 1)}`;
        const role = system.services.find((each) => each.name === service)?.role;
        const send = (onHost: string, path: string, method = "GET", body?: unknown) =>
            ask(sandbox.edge, onHost, path, { method, body, timeoutMs: 2_000 }).then(
                (answer) => answer.status < 300,
                () => false,
            );
        if (role === "worker") return health === "healthy";
        if (role === "frontend") return send(hostOf(system, service), "/");
        if (service === "redis") return send(host, `/api/cache/${id}`, "PUT", { value: id });
        return send(host, itemsOf(service), "POST", { id, value: id });
    };

    it.each(["caddy", ...services, ...stores])(
        "serves again after its %s is killed, with no acknowledged write lost",
        { timeout: 1_800_000 },
        async (service) => {
            const victims = (await servicesOf(stack)).filter((each) => each.service === service);
            expect(victims.length).toBeGreaterThan(0);
            const victim = await docker.getContainer(victims[0]!.id).inspect();
            const tag = `${service}-${Date.now()}`;
            const items = itemsOf(service);
            const traffic = load(sandbox.edge, host, items, {
                everyMs: 25,
                limit: 4_000,
                write: (index) => ({ id: `${tag}-${index}`, value: "x" }) as { id: string },
            });
            await waitFor(() => traffic.acknowledged.length > 10, { what: "a load that is served", seconds: 120 });
            await killMain(victim.Id);
            const seconds = await waitFor(
                async () => {
                    const now = await docker.getContainer(victim.Id).inspect();
                    const back = now.State.Running && now.State.StartedAt !== victim.State.StartedAt;
                    return back && (await serves(service, now.State.Health?.Status));
                },
                // Measured: an answer that takes its time is no reason to ask later.
                { what: `${service} serving again`, seconds: ALLOWED, everyMs: 100 },
            );
            await new Promise((resolve) => setTimeout(resolve, 500));
            await traffic.stop();
            let lost = 0;
            for (const id of traffic.acknowledged) {
                if (!(await isThere(sandbox.edge, host, `${items}/${id}`))) lost += 1;
            }
            measured.push({ system: system.key, service, seconds, acknowledged: traffic.acknowledged.length, lost });
            console.log(
                `${system.key} ${service}: serves again after ${seconds.toFixed(1)} s (the documents allow ${ALLOWED} s); ` +
                    `${traffic.acknowledged.length} writes acknowledged, ${lost} lost, ${traffic.failed.length} refused`,
            );
            expect(traffic.acknowledged.length).toBeGreaterThan(10);
            expect(lost).toBe(0);
        },
    );
}

/** Writes what was measured to a file for whoever wants the figures. */
export function writeRecoveries(): void {
    if (measured.length === 0) return;
    mkdirSync(join(ROOT, "reports"), { recursive: true });
    writeFileSync(join(ROOT, "reports", "recovery.json"), `${JSON.stringify(measured, null, 2)}\n`);
}
