/** What changes, and what goes on meanwhile. */
import { describe, expect, it } from "vitest";

import { localImageRef } from "../../../../images/local";
import { derivedImage } from "../../support/images";
import { expectCode, type Result } from "../../support/sandbox";
import { waitFor } from "../../support/wait";
import type { RunningStack } from "./stack";

const MINUTES = 60_000;

export function rolling(running: RunningStack): void {
    describe("a rolling update", () => {
        it("to another image of the API and of the edge fails no request", { timeout: 20 * MINUTES }, async () => {
            const overrides: Record<string, string> = {};
            for (const key of ["debt-os-api", "caddy"]) {
                overrides[key] = await derivedImage(localImageRef(key), `groundwork.test/${key}:2`);
            }
            await running.cluster.loadImages(Object.values(overrides));
            const before = await uidsOf(running, ["api", "caddy"]);
            await failsNoRequest(running, () => running.upWithImages(overrides));
            for (const service of ["api", "caddy"]) {
                const pods = await running.there.pods(service);
                const image = overrides[service === "api" ? "debt-os-api" : "caddy"]!;
                expect(pods.map((pod) => pod.image)).toEqual(pods.map(() => image));
                expect(pods.filter(({ uid }) => before.includes(uid))).toEqual([]);
            }
        });

        it("to another configuration fails no request", { timeout: 20 * MINUTES }, async () => {
            const before = await uidsOf(running, ["api"]);
            const services = { api: { replicas: 2, env: { LOG_LEVEL: "warn" } } };
            await failsNoRequest(running, () => running.up({ services }));
            const pods = await running.there.pods("api");
            expect(pods.filter(({ uid }) => before.includes(uid))).toEqual([]);
            const shown = await running.there.exec(pods[0]!.name, "sh", "-c", 'echo "$LOG_LEVEL"');
            expect(shown.trim()).toBe("warn");
        });

        it("to another secret rolls exactly the pods that use it", { timeout: 20 * MINUTES }, async () => {
            // The API alone is given this one; the workers share its other secrets.
            const name = "GITHUB_CLIENT_SECRET";
            const users = running.system.services.filter(({ secrets }) => secrets.includes(name));
            expect(users.map((service) => service.name)).toEqual(["api"]);
            const before = await running.there.pods();
            const secrets = { [name]: { secure: running.crypter.encrypt("another-secret-of-github") } };
            await failsNoRequest(running, () => running.up({ secrets }));
            const after = await running.there.pods();
            const kept = (service: string) =>
                after.filter((pod) => pod.service === service && before.some(({ uid }) => uid === pod.uid)).length;
            const count = (service: string) => before.filter((pod) => pod.service === service).length;
            const services = [...new Set(before.map(({ service }) => service))];
            expect(services.map((service) => `${service} ${kept(service)}`)).toEqual(
                services.map((service) => `${service} ${service === "api" ? 0 : count(service)}`),
            );
            const pod = await running.there.readyPod("api");
            expect(await running.there.exec(pod.name, "cat", `/run/secrets/${name}`)).toBe("another-secret-of-github");
        });
    });
}

async function uidsOf(running: RunningStack, services: string[]): Promise<string[]> {
    return (await running.there.pods()).filter(({ service }) => services.includes(service)).map(({ uid }) => uid);
}

/** Updates the stack under reads and writes. */
async function failsNoRequest(running: RunningStack, update: () => Promise<Result>): Promise<void> {
    await running.settled();
    const loads = [running.load(), running.load(running.system.smoke.health.path)];
    const result = await update();
    expectCode(result, 0);
    // The update is over for users when the last old pod has gone.
    const areGone = async () => (await running.there.pods()).every(({ leaving }) => !leaving);
    await waitFor(areGone, { what: "the end of old pods", seconds: 600 });
    for (const traffic of loads) await traffic.stop();
    const [writes, reads] = loads;
    console.log(
        `${result.seconds.toFixed(1)} s: ${writes!.acknowledged.length} writes and ${reads!.acknowledged.length} reads answered, ` +
            `${writes!.failed.length + reads!.failed.length} failed`,
    );
    for (const { acknowledged, failed } of loads) {
        expect(failed).toEqual([]);
        expect(acknowledged.length).toBeGreaterThan(50);
    }
    expect(await running.lost(writes!)).toBe(0);
}
