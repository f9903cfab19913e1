/** Making, changing and reading an object. */
import { setTimeout as sleep } from "node:timers/promises";

import { NothingMadeError, NotReadyError, type Found, type PropertyMap, type ProviderContext } from "../../provider";
import { judgeFor } from "./await";
import { timeoutOf, unreadiness, waitReady, WaitError, type Awaited } from "./await/wait";
import { connect, type Connection } from "./connection";
import type { Resource } from "./discovery";
import { ApiError, isConflict, isNotFound, isRefusal, NoSuchKindError, reasonOf } from "./errors";
import { takeOver } from "./managers";
import { fieldManagerOf } from "./naming";
import { annotation, idOf, kubectl, metadataOf, OWNER_ANNOTATION, parseId, show, type KubeObject } from "./object";
import { apply, conflictText, isForced, type Apply } from "./patch";
import { waitGone } from "./remove";
import { inputsOf, outputsOf } from "./state";
import { groupKind, kindOf, type Kind } from "./type";

/** How long what an object needs may be on its way, in milliseconds: its namespace, or the service account of a new one. */
const PREREQUISITE_TIMEOUT = 15_000;
const PREREQUISITE_INTERVAL = 500;

export interface Subject {
    connection: Connection;
    ctx: ProviderContext;
    kind: Kind;
    resource: Resource;
    inputs: PropertyMap;
    manager: string;
    /** For messages, e.g. `Deployment prod/api`. */
    title: string;
}

export async function subjectOf(ctx: ProviderContext, inputs: PropertyMap, outputs?: PropertyMap): Promise<Subject> {
    const kind = kindOf(ctx.type);
    const connection = connect(ctx);
    const resource = await connection.resource(kind, ctx.signal);
    const { name, namespace } = metadataOf(inputs) as { name: string; namespace?: string };
    const id = idOf({ name, namespace: resource.namespaced ? namespace : undefined });
    const manager = fieldManagerOf(ctx.urn, inputs, outputs);
    return { connection, ctx, kind, resource, inputs, manager, title: show(kind.kind, id) };
}

export async function createObject(
    ctx: ProviderContext,
    inputs: PropertyMap,
): Promise<{ id: string; outputs: PropertyMap }> {
    let subject: Subject;
    try {
        subject = await subjectOf(ctx, inputs);
        await refuseTaken(subject);
    } catch (error) {
        ctx.signal.throwIfAborted();
        // So far nothing was asked for that changes anything.
        throw error instanceof NothingMadeError
            ? error
            : new NothingMadeError((error as Error).message, { cause: error });
    }
    const applied = await firstApply(subject);
    const outputs = await ready(subject, applied, applied.apiVersion);
    return { id: idOf(applied.metadata), outputs };
}

/** Something that has the name is in the way, unless it is going. */
async function refuseTaken({ connection, ctx, resource, inputs, kind, title }: Subject): Promise<void> {
    const metadata = metadataOf(inputs) as { name: string; namespace?: string };
    const found = await connection.get(resource, metadata, ctx.signal);
    if (!found) return;
    if (found.metadata.deletionTimestamp) {
        ctx.log(`waiting for the ${title} of before to be gone`);
        await waitGone({ connection, ctx, resource, live: found, seconds: timeoutOf(ctx, inputs) });
        return;
    }
    const owner = annotation(found as unknown as PropertyMap, OWNER_ANNOTATION);
    const makers = [...new Set((found.metadata.managedFields ?? []).map(({ manager }) => manager))];
    const what =
        owner !== undefined
            ? `made for ${owner}`
            : makers.length > 0
              ? `made by ${makers.join(", ")}`
              : "made by somebody else";
    throw new NothingMadeError(
        `${title} exists already (${what}, ${found.metadata.creationTimestamp}), and this stack's state does not know it. ` +
            `Look at it with "${kubectl("describe", kind.kind, metadata)}"; remove it with "${kubectl("delete", kind.kind, metadata)}" if nobody needs it, or choose another name.`,
    );
}

/** @throws NothingMadeError when the API server refuses */
async function firstApply(subject: Subject): Promise<KubeObject> {
    const { ctx } = subject;
    const deadline = Date.now() + PREREQUISITE_TIMEOUT;
    const leaving = Date.now() + timeoutOf(ctx, subject.inputs) * 1000;
    for (;;) {
        try {
            return await apply(subject);
        } catch (error) {
            ctx.signal.throwIfAborted();
            const limit = isLeaving(error) ? leaving : isPremature(error) ? deadline : 0;
            if (Date.now() >= limit) throw refused(error, subject, "made");
        }
        await sleep(PREREQUISITE_INTERVAL, undefined, { signal: ctx.signal });
    }
}

/** Its namespace, or the service account that a new namespace gets, is not there yet. */
function isPremature(error: unknown): boolean {
    return isNotFound(error) || (error instanceof ApiError && /error looking up service account/.test(error.message));
}

function isLeaving(error: unknown): boolean {
    return error instanceof ApiError && error.code === 403 && /because it is being terminated/.test(error.message);
}

function refused(error: unknown, { title, kind }: Subject, what: "made" | "changed"): Error {
    if (!(error instanceof ApiError)) return error as Error;
    const why = isConflict(error) ? conflictText(error) : explained(error, kind);
    const message = `${title} cannot be ${what}: ${why}`;
    return isRefusal(error) && what === "made"
        ? new NothingMadeError(message, { cause: error })
        : new Error(message, { cause: error });
}

function explained(error: ApiError, { kind }: Kind): string {
    const text = reasonOf(error, kind);
    if (error.code === 403 && !/quota|PodSecurity|denied/.test(text)) return `this user may not: ${text}`;
    if (/namespaces "[^"]*" not found/.test(text))
        return `${text}. Make the namespace first; where it is in the program, take metadata.namespace from its output. Where the state has it, somebody else removed it: refresh the state.`;
    return text;
}

export async function updateObject(
    ctx: ProviderContext,
    id: string,
    olds: { inputs: PropertyMap; outputs: PropertyMap },
    news: PropertyMap,
): Promise<{ outputs: PropertyMap }> {
    const subject = await subjectOf(ctx, news, olds.outputs);
    const { connection, resource, manager } = subject;
    let applied: KubeObject;
    try {
        const live = await connection.get(resource, parseId(id), ctx.signal);
        if (!live) ctx.log("it was removed by somebody else and is made again", "warning");
        else await takeOver(connection, resource, live, manager, ctx.signal);
        // Objects from before server-side apply have no managers: what they have is taken.
        const force = isForced(news) || (live !== undefined && (live.metadata.managedFields ?? []).length === 0);
        applied = await apply({ ...subject, force });
        const before = fieldManagerOf(ctx.urn, olds.inputs, olds.outputs);
        if (before !== manager) await relinquish(subject, before);
    } catch (error) {
        ctx.signal.throwIfAborted();
        throw refused(error, subject, "changed");
    }
    const initial = olds.outputs.__initialApiVersion;
    return { outputs: await ready(subject, applied, typeof initial === "string" ? initial : applied.apiVersion) };
}

/** A manager that is no longer used lets go of its fields. */
async function relinquish(subject: Subject, manager: string): Promise<void> {
    const { name, namespace } = metadataOf(subject.inputs);
    const bare = {
        apiVersion: subject.inputs.apiVersion!,
        kind: subject.inputs.kind!,
        metadata: { name: name!, namespace: namespace ?? null },
    };
    const request: Apply = { ...subject, inputs: bare, manager, owned: false };
    await apply(request);
}

/** Waits, and says what is recorded. @throws NotReadyError when it does not become ready */
async function ready(subject: Subject, applied: KubeObject, initialApiVersion: string): Promise<PropertyMap> {
    const { connection, ctx, kind, resource, inputs, manager, title } = subject;
    const recorded = { initialApiVersion, fieldManager: manager };
    try {
        const judge = judgeFor(kind, inputs);
        const awaited: Awaited | undefined = judge && { connection, ctx, resource, inputs, applied, judge };
        const live = awaited ? await waitReady(awaited) : applied;
        if (groupKind(kind) === "apiextensions.k8s.io/CustomResourceDefinition") {
            const { group } = applied.spec as { group: string };
            connection.discovery.forget(group);
        }
        if (judge && groupKind(kind) === "Service") connection.settling.push({ ctx, resource, inputs, applied: live });
        return outputsOf(live, inputs, recorded);
    } catch (error) {
        ctx.signal.throwIfAborted();
        const live = error instanceof WaitError ? error.live : applied;
        throw new NotReadyError(
            `${title} is there, but ${(error as Error).message}`,
            idOf(applied.metadata),
            outputsOf(live, inputs, recorded),
            { cause: error },
        );
    }
}

/** @param olds without a name: everything is read, as for an import */
export async function readObject(
    ctx: ProviderContext,
    id: string,
    olds: { inputs: PropertyMap; outputs: PropertyMap } | undefined,
): Promise<Found | undefined> {
    const kind = kindOf(ctx.type);
    const connection = connect(ctx);
    let resource: Resource;
    try {
        resource = await connection.resource(kind, ctx.signal);
    } catch (error) {
        // With its kind, all of its objects are gone.
        if (error instanceof NoSuchKindError) return undefined;
        throw error;
    }
    const found = await connection.get(resource, parseId(id), ctx.signal);
    if (!found) return undefined;
    const inputs = inputsOf(found, olds?.inputs);
    const initial = olds?.outputs.__initialApiVersion;
    const outputs = outputsOf(found, inputs, {
        initialApiVersion: typeof initial === "string" ? initial : found.apiVersion,
        fieldManager: fieldManagerOf(ctx.urn, inputs, olds?.outputs),
    });
    const judge = judgeFor(kind, inputs);
    const why = judge && (await unreadiness({ connection, ctx, resource, inputs, applied: found, judge }));
    return { inputs, outputs, ...(why === undefined ? {} : { initErrors: [why] }) };
}
