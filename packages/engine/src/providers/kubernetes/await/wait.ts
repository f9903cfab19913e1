/** Waits for what was made or changed to become ready. */
import { setTimeout as sleep } from "node:timers/promises";

import type { PropertyMap, ProviderContext } from "../../../provider";
import type { Connection } from "../connection";
import type { Resource } from "../discovery";
import { ApiError, ClusterError } from "../errors";
import { annotation, type KubeObject } from "../object";
import type { Kind } from "../type";
import { lastWarning, logLines } from "./evidence";
import type { Judge, Trouble, View } from "./verdict";

/** How long, in seconds, unless the program says otherwise; as the real provider. */
const TIMEOUT = 600;
const TIMEOUT_ANNOTATION = "pulumi.com/timeoutSeconds";

/** Between two looks, in milliseconds; longer after a while, and when many are waited for, to spare the API server. */
const INTERVAL = 300;
const LATER_INTERVAL = 1000;
const SOON = 60_000;
const WAITING_AT_FULL_SPEED = 16;

/** Between two progress messages, in milliseconds. */
const PROGRESS_INTERVAL = 3000;

/** It is there, and not ready. */
export class WaitError extends Error {
    constructor(
        message: string,
        readonly live: KubeObject,
    ) {
        super(message);
        this.name = "WaitError";
    }
}

export interface Awaited {
    connection: Connection;
    ctx: ProviderContext;
    resource: Resource;
    inputs: PropertyMap;
    /** As the API server returned it. */
    applied: KubeObject;
    judge: Judge;
}

export function timeoutOf(ctx: ProviderContext, inputs: PropertyMap): number {
    return ctx.timeoutSeconds ?? (Number(annotation(inputs, TIMEOUT_ANNOTATION)) || TIMEOUT);
}

/** @returns the object as it is when it is ready @throws WaitError saying why it is not */
export async function waitReady(awaited: Awaited): Promise<KubeObject> {
    const { connection } = awaited;
    connection.waiting++;
    try {
        return await new Wait(awaited).run();
    } finally {
        connection.waiting--;
    }
}

/** @returns why it is not ready now; undefined: it is */
export async function unreadiness(awaited: Awaited): Promise<string | undefined> {
    const verdict = await awaited.judge(viewOf(awaited, awaited.applied, Date.now()));
    if (verdict.ready) return undefined;
    return verdict.troubles?.[0]?.text ?? verdict.waiting;
}

class Wait {
    private readonly start = Date.now();
    private readonly seconds: number;
    private live: KubeObject;
    private lastProgress = Date.now();
    /** When a trouble was first seen, by its key. */
    private readonly troubled = new Map<string, number>();

    constructor(private readonly awaited: Awaited) {
        this.seconds = timeoutOf(awaited.ctx, awaited.inputs);
        this.live = awaited.applied;
    }

    async run(): Promise<KubeObject> {
        const { ctx, connection } = this.awaited;
        for (let first = true; ; first = false) {
            // What the API server just returned is often enough.
            const verdict = first ? await this.look(this.live) : await this.lookAgain();
            if (verdict.ready) {
                if (verdict.note) ctx.log(verdict.note, "warning");
                return this.live;
            }
            await this.consider(verdict.waiting, verdict.troubles ?? []);
            const elapsed = Date.now() - this.start;
            const crowd = Math.max(1, connection.waiting / WAITING_AT_FULL_SPEED);
            await sleep((elapsed < SOON ? INTERVAL : LATER_INTERVAL) * crowd, undefined, { signal: ctx.signal });
        }
    }

    private look(live: KubeObject): ReturnType<Judge> {
        return this.awaited.judge(viewOf(this.awaited, live, this.start));
    }

    private async lookAgain() {
        try {
            const live = await this.find();
            if (!live) throw new WaitError("it was removed while it was being waited for", this.live);
            this.live = live;
            return await this.look(live);
        } catch (error) {
            // An API server that restarts is back in a moment; the time-out is what ends this.
            const away = error instanceof ClusterError && /^E(CONN|PIPE|TIMEDOUT|HOST|NET)/.test(error.code);
            if (!away) throw error;
            return { ready: false as const, waiting: error.message };
        }
    }

    private async find(): Promise<KubeObject | undefined> {
        const { connection, ctx, resource, applied } = this.awaited;
        const { uid, namespace } = applied.metadata;
        try {
            const all = await connection.listings.of(resource.kind, namespace, ctx.signal, { since: this.start });
            const found = all.find(({ metadata }) => metadata.uid === uid);
            return found && { ...found, apiVersion: applied.apiVersion, kind: applied.kind };
        } catch (error) {
            if (!isForbidden(error)) throw error;
            const found = await connection.get(resource, applied.metadata, ctx.signal);
            return found?.metadata.uid === uid ? found : undefined;
        }
    }

    /** Tells how it goes. @throws WaitError when it will not become better, or has taken too long */
    private async consider(waiting: string, troubles: Trouble[]): Promise<void> {
        const { ctx } = this.awaited;
        const now = Date.now();
        for (const key of this.troubled.keys()) {
            if (!troubles.some((trouble) => trouble.key === key)) this.troubled.delete(key);
        }
        for (const trouble of troubles) {
            const since = this.troubled.get(trouble.key) ?? now;
            this.troubled.set(trouble.key, since);
            if (now - since >= trouble.patience) throw await this.failure(trouble.text, trouble);
        }
        const elapsed = (now - this.start) / 1000;
        if (elapsed >= this.seconds) {
            const why = troubles[0]?.text ?? waiting;
            throw await this.failure(`it was not ready after ${this.seconds} s: ${why}`, troubles[0]);
        }
        if (now - this.lastProgress < PROGRESS_INTERVAL) return;
        this.lastProgress = now;
        ctx.log(`waiting: ${troubles[0]?.text ?? waiting} (${Math.round(elapsed)} s)`);
    }

    private async failure(text: string, trouble: Trouble | undefined): Promise<WaitError> {
        const { connection, ctx } = this.awaited;
        const evidence = trouble?.logs
            ? await logLines(connection, ctx, this.live, trouble.logs)
            : trouble
              ? ""
              : await lastWarning(viewOf(this.awaited, this.live, this.start));
        return new WaitError(text + evidence, this.live);
    }
}

function viewOf({ connection, ctx, applied, inputs }: Awaited, live: KubeObject, since: number): View {
    return {
        live,
        applied,
        inputs,
        since,
        async list<T>(kind: Kind): Promise<T[]> {
            try {
                return await connection.listings.of<T>(kind, live.metadata.namespace, ctx.signal, { since });
            } catch (error) {
                // Whoever may not look at pods or events is told less.
                if (isForbidden(error)) return [];
                throw error;
            }
        },
    };
}

function isForbidden(error: unknown): boolean {
    return error instanceof ApiError && error.code === 403;
}
