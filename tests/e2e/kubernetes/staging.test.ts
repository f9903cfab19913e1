/**
 * What stacks have outside of dev alone: OpsHub's API follows its load by the autoscaler of a real cluster, and OpenCode's three backends
 * share one database behind the edge's `least_conn`.
 */
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import type { V1Deployment, V1Pod } from "../../../packages/cli/src/kubernetes/types";
import { systemOf } from "../../../systems";
import { acknowledged, ask, hostOf, load, PATIENCE_MS } from "../support/load";
import { expectNothingToDo, expectSmokePassed } from "../support/promises";
import { ENGINE, expectCode } from "../support/sandbox";
import { waitFor } from "../support/wait";
import type { Inventory } from "./support/inventory";
import { kill } from "./support/kill";
import { EMBEDDED, outsideDev } from "./support/outside-dev";
import type { Sandbox } from "./support/sandbox";
import { freshStack } from "./support/stack";

const MINUTES = 60_000;
const ITEMS = "/api/items";

interface Step {
    op: string;
    urn: string;
    detailedDiff: Record<string, unknown> | null;
}

interface Autoscaler {
    spec: { minReplicas: number };
}

describe(`opshub in staging on Kubernetes, ${ENGINE}`, () => {
    const STACK = "e2e-k8s-staging";
    const system = systemOf("opshub");
    const host = hostOf(system, "api");
    const { replicas: count, scaling } = system.services.find(({ name }) => name === "api")!;
    const first = count.staging!;
    const most = scaling!.replicas![1];
    let sandbox: Sandbox;
    let there: Inventory;
    let keys: Awaited<ReturnType<typeof outsideDev>>;

    /**
     * What a server of the API has reserved: the autoscaler wants 70 % of it used, which is much for an idle one and little for a busy one.
     */
    const resources = { cpuReservation: 0.05, memoryReservationMiB: 64 };
    const api = (more: object = {}) => ({ services: { ...keys.services, api: { resources, ...more } } });

    /** The number that the Deployment is to have: what the autoscaler has decided. */
    const replicas = async () =>
        (await there.list<V1Deployment>("deployments", "--field-selector=metadata.name=api"))[0]!.spec!.replicas!;
    const explain = () => there.kubectl("describe", "horizontalpodautoscaler", "api");
    /** Reads of the database, eight at once and at most 100 a second: a slow machine has them for longer. */
    const traffic = () => load(sandbox.edge, host, `${ITEMS}?count=1`, { everyMs: 10, limit: 20_000 });

    beforeAll(async () => {
        ({ sandbox, there } = await freshStack(STACK, system.key, 30));
        keys = await outsideDev(sandbox, "staging");
        sandbox.configure({ ...keys, ...api() });
        expectCode(await sandbox.gw("up", "--yes", ...EMBEDDED), 0);
    }, 30 * MINUTES);
    afterAll(async () => {
        await there?.sweep();
        sandbox?.remove();
    }, 15 * MINUTES);

    it("comes up with as many API servers as the document has", async () => {
        await waitFor(() => there.isWhole("api"), { what: "API servers that are all ready", seconds: 240 });
        // The work of starting may have called for one more.
        expect(await replicas()).toBeGreaterThanOrEqual(first);
        const [scaler] = await there.list<Autoscaler>("horizontalpodautoscalers");
        expect(scaler!.spec.minReplicas).toBe(first);
    });

    it("passes every smoke check, and has nothing to do on a second preview", { timeout: 15 * MINUTES }, async () => {
        expectSmokePassed(await sandbox.gw("smoke", "--json", ...EMBEDDED));
        expectNothingToDo(await sandbox.gw("preview", "--json", ...EMBEDDED), 20);
    });

    it("has more API servers under load, and fails no request meanwhile", { timeout: 30 * MINUTES }, async () => {
        const begin = Date.now();
        const busy = traffic();
        try {
            await waitFor(async () => (await replicas()) > first && (await there.isWhole("api")), {
                what: "more API servers, all of them ready",
                seconds: 900,
                explain,
            });
        } finally {
            await busy.stop();
        }
        console.log(
            `${((Date.now() - begin) / 1000).toFixed(1)} s to ${await replicas()} API servers, ${busy.sent} requests`,
        );
        expect(busy.failed).toEqual([]);
        expect(busy.acknowledged.length).toBeGreaterThan(100);
        expect(await replicas()).toBeLessThanOrEqual(most);
        // With less to do it would go back after five minutes, and the next test may take longer.
        const patch = JSON.stringify({ spec: { behavior: { scaleDown: { selectPolicy: "Disabled" } } } });
        await there.kubectl("patch", "horizontalpodautoscaler", "api", "--type=merge", "--patch", patch);
    });

    it("leaves their number to the autoscaler when a setting changes", { timeout: 30 * MINUTES }, async () => {
        const before = await replicas();
        expect(before).toBeGreaterThan(first);
        sandbox.configure({ ...keys, ...api({ env: { LOG_LEVEL: "warn" } }) });

        const preview = await sandbox.gw("preview", "--json", ...EMBEDDED);
        expectCode(preview, 0);
        const { steps } = JSON.parse(preview.stdout) as { steps: Step[] };
        const changed = steps.filter(({ op, detailedDiff }) => op !== "same" && detailedDiff !== null);
        expect(changed.map(({ urn }) => urn.split("::").at(-1)).sort()).toEqual(["api", "api-migrate", "api-seed"]);
        // Neither its own number nor anybody else's is among what changes.
        const paths = changed.flatMap(({ detailedDiff }) => Object.keys(detailedDiff!));
        expect(
            paths.filter((path) => !/^spec\.template\.spec\.containers\[0\]\.env\[\d+\]\.value$/.test(path)),
        ).toEqual([]);

        const seen: number[] = [];
        // One that the cluster is too busy for is none.
        const look = () =>
            replicas()
                .then((count) => seen.push(count))
                .catch(() => undefined);
        const watch = setInterval(() => void look(), 1_000);
        const busy = load(sandbox.edge, host, `${ITEMS}?count=1`, { everyMs: 40, limit: 50_000 });
        try {
            expectCode(await sandbox.gw("up", "--yes", ...EMBEDDED), 0);
        } finally {
            clearInterval(watch);
            await busy.stop();
        }
        expect(busy.failed).toEqual([]);
        expect(seen.length).toBeGreaterThan(0);
        expect(Math.min(...seen, await replicas())).toBeGreaterThanOrEqual(before);
        expectNothingToDo(await sandbox.gw("preview", "--json", ...EMBEDDED), 20);
    });

    it(
        "replaces its pooler: each ends by itself when its transactions have, and a request in a hundred fails at most",
        { timeout: 30 * MINUTES },
        async () => {
            const poolers = () => there.list<V1Pod>("pods", "-l", "app.kubernetes.io/name=pgbouncer");
            const former = new Set((await poolers()).map(({ metadata }) => metadata!.uid));
            const leaving = new Map<string, { seen: number; killedAt: number }>();
            const look = async () => {
                for (const { metadata, status } of await poolers()) {
                    const { uid, deletionTimestamp: killedAt } = metadata!;
                    // The pod may be there for a while after its program has ended.
                    const end = status?.containerStatuses?.[0]?.state?.terminated?.finishedAt ?? Date.now();
                    const seen = new Date(end).getTime();
                    if (killedAt) leaving.set(uid!, { seen, killedAt: new Date(killedAt).getTime() });
                }
            };
            const watch = setInterval(() => void look().catch(() => undefined), 1_000);
            const busy = load(sandbox.edge, host, `${ITEMS}?count=1`, { everyMs: 40, limit: 50_000 });
            try {
                const services = { ...api().services, pgbouncer: { resources: { memoryLimitMiB: 300 } } };
                sandbox.configure({ ...keys, services });
                expectCode(await sandbox.gw("up", "--yes", ...EMBEDDED), 0);
                await waitFor(async () => (await poolers()).every(({ metadata }) => !former.has(metadata!.uid)), {
                    what: "the end of the former poolers",
                    seconds: 120,
                });
            } finally {
                clearInterval(watch);
                await busy.stop();
            }
            console.log(`${busy.failed.length} of ${busy.sent} requests failed while the pooler was replaced`);
            expect(busy.acknowledged.length).toBeGreaterThan(100);
            // Those that were about to use a connection that it closes: nothing tells a client in time.
            expect(busy.failed.length).toBeLessThanOrEqual(busy.sent / 100);
            expect([...leaving.keys()].sort()).toEqual([...former].sort());
            // What still runs then is killed.
            const seconds = [...leaving.values()].map(({ seen, killedAt }) => (killedAt - seen) / 1_000);
            console.log(`the former poolers ended ${seconds.map((each) => each.toFixed(0)).join(" and ")} s before`);
            expect(Math.min(...seconds)).toBeGreaterThan(5);
        },
    );
});

describe(`opencode in prod on Kubernetes, ${ENGINE}`, () => {
    const STACK = "e2e-k8s-prod";
    const READS = 60;
    const system = systemOf("opencode");
    const host = hostOf(system, "backend");
    let sandbox: Sandbox;
    let there: Inventory;

    beforeAll(async () => {
        ({ sandbox, there } = await freshStack(STACK, system.key, 31));
        sandbox.configure({
            ...(await outsideDev(sandbox, "prod")),
            // What the cluster's only storage class can.
            kubernetes: { ...sandbox.kubernetes, sharedAccessMode: "ReadWriteOnce" },
        });
        expectCode(await sandbox.gw("up", "--yes", ...EMBEDDED), 0);
    }, 30 * MINUTES);
    afterAll(async () => {
        await there?.sweep();
        sandbox?.remove();
    }, 15 * MINUTES);

    it(
        "comes up with the three backends of the document, passes every smoke check, and has nothing to do then",
        { timeout: 15 * MINUTES },
        async () => {
            await waitFor(() => there.isWhole("backend"), { what: "backends that are all ready", seconds: 300 });
            expect(await there.pods("backend")).toHaveLength(3);
            expectSmokePassed(await sandbox.gw("smoke", "--json", ...EMBEDDED));
            expectNothingToDo(await sandbox.gw("preview", "--json", ...EMBEDDED), 20);
        },
    );

    it("sends requests to all three, which read what one of them wrote", { timeout: 15 * MINUTES }, async () => {
        await waitFor(() => there.isWhole("backend"), { what: "backends that are all ready", seconds: 300 });
        const body = { id: "of-one", value: "for all" };
        await acknowledged(sandbox.edge, host, ITEMS, body);
        for (let index = 0; index < READS; index += 1) {
            const read = () => ask(sandbox.edge, host, `${ITEMS}/of-one`, { timeoutMs: PATIENCE_MS });
            const answer = async () => JSON.parse((await read()).body) as unknown;
            // On a busy node a backend may not be ready for a moment.
            await expect.poll(answer).toEqual(body);
        }
        const backends = await there.pods("backend");
        const answered = () =>
            Promise.all(
                backends.map(async ({ name }) => {
                    const log = await there.kubectl("logs", name);
                    return log.split("\n").filter((line) => line.includes(`GET ${ITEMS}/of-one 200`)).length;
                }),
            );
        // The node tells of them a moment later.
        const sum = async () => (await answered()).reduce((total, count) => total + count, 0);
        await waitFor(async () => (await sum()) >= READS, { what: "all answers in the logs", seconds: 120 });
        const counts = await answered();
        console.log(`${READS} reads were answered by ${counts.join(", ")}`);
        expect(counts.filter((count) => count === 0)).toEqual([]);
    });

    it("fails no read when one of them is killed, which is replaced", { timeout: 20 * MINUTES }, async () => {
        await waitFor(() => there.isWhole(), { what: "a stack whose pods are all ready", seconds: 600 });
        const victim = await there.readyPod("backend");
        const reads = load(sandbox.edge, host, `${ITEMS}/of-one`, { everyMs: 20, limit: 50_000 });
        try {
            await waitFor(() => reads.acknowledged.length >= 20, { what: "a load that is served", seconds: 120 });
            await kill(there, victim);
            const isReplaced = async () =>
                (await there.isWhole("backend")) &&
                !(await there.pods("backend")).some(({ uid }) => uid === victim.uid);
            await waitFor(isReplaced, { what: "three backends again", seconds: 600 });
        } finally {
            await reads.stop();
        }
        expect(reads.failed).toEqual([]);
        expect(reads.acknowledged.length).toBeGreaterThan(20);
    });
});
