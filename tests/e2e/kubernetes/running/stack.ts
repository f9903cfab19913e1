/** One stack for all tests of what happens to a stack that runs: bringing one up for each would take longer than the tests. */
import { expect } from "vitest";

import { Crypter } from "../../../../packages/engine/src/crypto";
import { systemOf } from "../../../../systems";
import type { Objective, System } from "../../../../systems/types";
import { ask, hostOf, isThere, load } from "../../support/load";
import { objectiveOf, type Recovery, report } from "../../support/recoveries";
import { expectCode, type Result } from "../../support/sandbox";
import { waitFor } from "../../support/wait";
import { type Cluster, ensureCluster } from "../cluster/cluster";
import { Inventory } from "../support/inventory";
import { Sandbox } from "../support/sandbox";
import { SmallVolume } from "./small-volume";

const STACK = "e2e-k8s-running";
const PASSPHRASE = "of-the-running-stack";

/** Milliseconds between two requests of a load: 25 a second leave two cores time for the cluster. */
const EVERY_MS = 40;

/** Where the sample app keeps records in the main store. */
const ITEMS = "/api/items";

/** Postgres's volume: as small as it can be and still hold a database, because it is held in memory. */
const POSTGRES_MIB = 256;

type Ledger = ReturnType<typeof load>;

export class RunningStack {
    /** API, workers, Postgres and Redis: the most kinds of workload of all five. */
    readonly system: System = systemOf("debt-os");
    readonly host = hostOf(this.system, "api");
    cluster!: Cluster;
    sandbox!: Sandbox;
    there!: Inventory;
    /** What encrypts the stack file's secrets. */
    crypter!: Crypter;
    /** There on a cluster of our own alone. */
    postgresVolume?: SmallVolume;
    private readonly measured: Recovery[] = [];
    private keys: Record<string, unknown> = {
        // One that goes while the other serves; as many as prod has.
        services: { api: { replicas: 2 } },
        volumes: { "postgres-data": { sizeMiB: POSTGRES_MIB } },
    };
    private overrides: Record<string, string> = {};
    private loads = 0;

    async start(): Promise<void> {
        this.cluster = await ensureCluster();
        this.sandbox = new Sandbox(this.cluster, STACK, this.system.key, 20);
        if (this.cluster.ours) {
            // As outside of dev: replicas that have a volume of one node have no budget.
            const shared = { sharedStorageClass: "shared", sharedAccessMode: "ReadWriteMany" };
            this.keys["kubernetes"] = { ...this.sandbox.kubernetes, ...shared };
        }
        this.there = new Inventory(this.cluster, STACK);
        this.crypter = await Crypter.create(PASSPHRASE);
        this.sandbox.encryptionSalt = this.crypter.salt;
        this.sandbox.environment["PULUMI_CONFIG_PASSPHRASE"] = PASSPHRASE;
        await this.sweep();
        await this.sandbox.loadImages();
        if (this.cluster.ours) {
            const claim = { namespace: this.there.namespace, name: "postgres-data-postgres-0" };
            this.postgresVolume = await SmallVolume.make(this.cluster, STACK, claim, POSTGRES_MIB);
        }
        expectCode(await this.up({}), 0);
    }

    async end(): Promise<void> {
        report("Recovery of debt-os on Kubernetes", this.measured, "recovery-kubernetes.json");
        if (!this.there) return;
        await this.sweep();
        this.sandbox.remove();
    }

    private async sweep(): Promise<void> {
        await this.there.sweepNamespace();
        if (this.cluster.ours) await SmallVolume.sweep(this.cluster, STACK);
        await this.there.volumesGone();
    }

    /** `gw up` with keys of the stack file over those that it has; they stay. */
    up(keys: Record<string, unknown>): Promise<Result> {
        this.keys = { ...this.keys, ...keys };
        this.sandbox.configure(this.keys);
        return this.sandbox.gw("up", "--yes");
    }

    /** `gw up` with other images, by key of the catalog; those that were named before stay. */
    upWithImages(overrides: Record<string, string>): Promise<Result> {
        this.overrides = { ...this.overrides, ...overrides };
        return this.up({ images: { overrides: this.overrides } });
    }

    /** Writes through the edge until it is stopped; reads of a path with `path`. */
    load(path?: string): Ledger {
        const name = `load-${(this.loads += 1)}`;
        const write = (index: number) => ({ id: `${name}-${index}`, value: "x" }) as { id: string };
        const options = { everyMs: EVERY_MS, limit: 10_000 };
        return path === undefined
            ? load(this.sandbox.edge, this.host, ITEMS, { ...options, write })
            : load(this.sandbox.edge, this.host, path, options);
    }

    /** Waits until what an earlier test has done to the stack is over. */
    async settled(): Promise<void> {
        await waitFor(() => this.there.isWhole(), { what: "a stack whose pods are all ready", seconds: 600 });
    }

    /** Whether a write is acknowledged now. */
    async serves(): Promise<boolean> {
        const body = { id: `probe-${Date.now()}`, value: "x" };
        return ask(this.sandbox.edge, this.host, ITEMS, { method: "POST", body, timeoutMs: 2_000 }).then(
            ({ status }) => status === 201,
            () => false,
        );
    }

    /** How many acknowledged writes are not there. */
    async lost({ acknowledged }: Ledger): Promise<number> {
        let lost = 0;
        for (const id of acknowledged) {
            if (!(await isThere(this.sandbox.edge, this.host, `${ITEMS}/${id}`))) lost += 1;
        }
        return lost;
    }

    /**
     * Lets something happen under a load of writes, waits until all is as before, and measures from the moment that `disturb` names, or
     * its end. Fails when writes are lost, or when it takes longer than the document allows.
     */
    async recovers(
        scenario: string,
        disturb: (traffic: Ledger) => Promise<number | void>,
        recovered: () => Promise<boolean>,
        { objective = "service-crash" }: { objective?: Objective["scenario"] } = {},
    ): Promise<Recovery> {
        const allowed = objectiveOf(this.system, objective);
        await this.settled();
        const traffic = this.load();
        await waitFor(() => traffic.acknowledged.length >= 10, { what: "a load that is served", seconds: 120 });
        const begin = (await disturb(traffic)) ?? Date.now();
        const isOver = async () => (await recovered()) && (await this.serves());
        // What is measured is not how often it is asked.
        await waitFor(isOver, {
            what: `the recovery from "${scenario}"`,
            seconds: allowed.rtoSeconds,
            everyMs: 100,
        });
        const seconds = (Date.now() - begin) / 1000;
        await traffic.stop();
        const recovery = {
            scenario,
            seconds,
            objective: allowed,
            acknowledged: traffic.acknowledged.length,
            lost: await this.lost(traffic),
            refused: traffic.failed.length,
        };
        this.measured.push(recovery);
        expect(recovery.lost).toBe(0);
        return recovery;
    }
}
