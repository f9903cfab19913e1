import { setTimeout as sleep } from "node:timers/promises";

import type { PropertyMap, ProviderContext } from "../../provider";
import { judgeFor } from "./await";
import { timeoutOf, unreadiness } from "./await/wait";
import { NoSuchKindError } from "./errors";
import { subjectOf, type Subject } from "./lifecycle";
import { annotation, idOf, OWNER_ANNOTATION, type KubeObject } from "./object";
import { idOfInputs, waitGone } from "./remove";
import { outputsOf } from "./state";

/** How long a request that was under way may take to show up, in milliseconds: the API server finishes what it has begun. */
const SETTLE_TIME = 1500;
const SETTLE_INTERVAL = 250;

/**
 * Finds what an interrupted creation left. Applying is one request, so what is there is whole; whether it has become ready is another
 * matter, which the next run waits for. An object that names another resource, or none, is not this one's.
 */
export async function recoverObject(
    ctx: ProviderContext,
    inputs: PropertyMap,
): Promise<{ id: string; outputs: PropertyMap; initErrors?: string[] } | undefined> {
    let subject: Subject;
    try {
        subject = await subjectOf(ctx, inputs);
    } catch (error) {
        if (error instanceof NoSuchKindError) return undefined;
        throw error;
    }
    const live = await find(subject);
    if (!live) return undefined;
    const { connection, resource, kind, manager } = subject;
    if (live.metadata.deletionTimestamp) {
        await waitGone({ connection, ctx, resource, live, seconds: timeoutOf(ctx, inputs) });
        return undefined;
    }
    const judge = judgeFor(kind, inputs);
    const why = judge && (await unreadiness({ connection, ctx, resource, inputs, applied: live, judge }));
    const outputs = outputsOf(live, inputs, { initialApiVersion: live.apiVersion, fieldManager: manager });
    return { id: idOf(live.metadata), outputs, ...(why === undefined ? {} : { initErrors: [why] }) };
}

/** The object of that name, if it is this resource's. */
async function find({ connection, ctx, resource, inputs }: Subject): Promise<KubeObject | undefined> {
    for (let waited = 0; ; waited += SETTLE_INTERVAL) {
        const found = await connection.get(resource, idOfInputs(inputs, resource), ctx.signal);
        if (found) return annotation(found as unknown as PropertyMap, OWNER_ANNOTATION) === ctx.urn ? found : undefined;
        if (waited >= SETTLE_TIME) return undefined;
        await sleep(SETTLE_INTERVAL, undefined, { signal: ctx.signal });
    }
}
