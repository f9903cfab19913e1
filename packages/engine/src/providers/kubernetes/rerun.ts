/** `pulumi.com/replaceUnready`: a Job that failed is replaced, and so runs again, though nothing of it has changed. */
import type { V1Job } from "@kubernetes/client-node";

import type { PropertyMap, ProviderContext, Recorded } from "../../provider";
import { failureOf } from "./await/job";
import { connect } from "./connection";
import { ApiError, ClusterError } from "./errors";
import { annotation, idOf, metadataOf, show } from "./object";
import { settingsOf } from "./settings";
import { groupKind, kindOf, type Kind } from "./type";

const REPLACE_UNREADY = "pulumi.com/replaceUnready";

export const REPLACE_UNREADY_PATH = `metadata.annotations["${REPLACE_UNREADY}"]`;

export function replacesUnready(inputs: PropertyMap): boolean {
    return annotation(inputs, REPLACE_UNREADY) === "true";
}

/** Jobs alone can, as to the real provider, which warns of it on any other kind and does nothing. */
export function canRunAgain(kind: Kind): boolean {
    return groupKind(kind) === "batch/Job";
}

/**
 * Whether the Job that is recorded as not ready has failed for good. One that still runs is waited for instead, where the real provider
 * replaces it too: an interrupted run is no reason to run a migration twice at a time.
 */
export async function isToRunAgain(ctx: ProviderContext, olds: Recorded, news: PropertyMap): Promise<boolean> {
    const kind = kindOf(ctx.type);
    if (!olds.initErrors?.length || !canRunAgain(kind) || !replacesUnready(news)) return false;
    const job = (await current(ctx, kind, olds)) as unknown as V1Job | undefined;
    const failure = job && failureOf(job);
    if (!failure) return false;
    const title = show(kind.kind, idOf(named(olds.outputs)));
    ctx.log(`${title} failed (${failure.reason ?? "no reason given"}): it is replaced, so that it runs again`);
    return true;
}

/** The object as it is; as it is recorded where the cluster does not say. Undefined: it is gone. */
async function current(ctx: ProviderContext, kind: Kind, { outputs }: Recorded): Promise<object | undefined> {
    if (!settingsOf(ctx.config).kubeconfig) return outputs;
    try {
        const connection = connect(ctx);
        const resource = await connection.discovery.find(kind, ctx.signal);
        return resource && (await connection.get(resource, named(outputs), ctx.signal));
    } catch (error) {
        ctx.signal.throwIfAborted();
        if (error instanceof ApiError || error instanceof ClusterError) return outputs;
        throw error;
    }
}

function named(outputs: PropertyMap): { name: string; namespace?: string } {
    return metadataOf(outputs) as { name: string; namespace?: string };
}
