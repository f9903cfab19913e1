/** Inputs as they are recorded: named, in a namespace, without what only the server sets. */
import { hasUnknown } from "../../properties";
import { UNKNOWN, type CheckFailure, type PropertyMap, type ProviderContext } from "../../provider";
import { isAbsent, isMap } from "../schema/types";
import { judgeFor } from "./await";
import { connect } from "./connection";
import { ClusterError } from "./errors";
import { named, nameProblem } from "./naming";
import { canRunAgain, REPLACE_UNREADY_PATH, replacesUnready } from "./rerun";
import { settingsOf } from "./settings";
import { apiVersionOf, groupKind, isNamespacedByNature, kindOf, type Kind } from "./type";

/** What the server sets; a program may pass on what it has read. */
const READ_ONLY = [
    "creationTimestamp",
    "deletionGracePeriodSeconds",
    "deletionTimestamp",
    "generation",
    "managedFields",
    "resourceVersion",
    "uid",
];

export async function checkObject(
    ctx: ProviderContext,
    olds: PropertyMap | undefined,
    news: PropertyMap,
    seed: Buffer,
): Promise<{ inputs: PropertyMap; failures: CheckFailure[] }> {
    const kind = kindOf(ctx.type);
    const settings = settingsOf(ctx.config);
    const given = groupKind(kind) === "Secret" ? encoded(news) : news;
    const inputs: PropertyMap = { ...given, apiVersion: apiVersionOf(kind), kind: kind.kind };
    const failures: CheckFailure[] = [];
    for (const key of ["apiVersion", "kind"]) {
        const said = news[key];
        if (!isAbsent(said) && said !== inputs[key] && said !== UNKNOWN)
            failures.push({
                property: key,
                reason: `is ${JSON.stringify(said)}, but the type ${ctx.type} says ${String(inputs[key])}`,
            });
    }
    if (news.metadata === UNKNOWN) return { inputs, failures };
    if (!isAbsent(news.metadata) && !isMap(news.metadata))
        return { inputs, failures: [...failures, { property: "metadata", reason: "must be an object" }] };
    const own = Object.entries(news.metadata ?? {}).filter(([key]) => !READ_ONLY.includes(key));
    let metadata: PropertyMap = named(ctx.name, olds, Object.fromEntries(own), seed);
    if (!isAbsent(metadata.generateName))
        failures.push({
            property: "metadata.generateName",
            reason: "is not served: give metadata.name, or neither for an automatic name",
        });
    if ((isAbsent(metadata.namespace) || metadata.namespace === "") && (await isNamespaced(ctx, kind)))
        metadata = { ...metadata, namespace: settings.namespace };
    inputs.metadata = metadata;
    failures.push(...namingFailures(kind, metadata), ...annotationFailures(kind, inputs));
    if (groupKind(kind) === "apiextensions.k8s.io/CustomResourceDefinition" && settings.kubeconfig)
        connect(ctx).discovery.define(inputs);
    return { inputs, failures };
}

/** As the API server keeps a Secret: text as base64, in `data`. Equal contents are equal inputs then, and what is read can be compared. */
function encoded(news: PropertyMap): PropertyMap {
    const { data, stringData, ...rest } = news;
    if (!isMap(stringData) || hasUnknown(stringData) || data === UNKNOWN) return news;
    const values = Object.entries(stringData);
    if (values.length === 0 || values.some(([, value]) => typeof value !== "string")) return news;
    const base64 = values.map(([key, value]) => [key, Buffer.from(value as string).toString("base64")]);
    return { ...rest, data: { ...(isMap(data) ? data : {}), ...Object.fromEntries(base64) } };
}

async function isNamespaced(ctx: ProviderContext, kind: Kind): Promise<boolean> {
    const known = isNamespacedByNature(kind);
    if (known !== undefined) return known;
    if (!settingsOf(ctx.config).kubeconfig) return true;
    try {
        return await connect(ctx).discovery.isNamespaced(kind, ctx.signal);
    } catch (error) {
        // A preview may do without the cluster; whatever is made asks again.
        if (error instanceof ClusterError) return true;
        throw error;
    }
}

function namingFailures(kind: Kind, { name }: PropertyMap): CheckFailure[] {
    if (typeof name !== "string" || name === UNKNOWN) return [];
    const reason = nameProblem(name, kind.group);
    return reason === undefined ? [] : [{ property: "metadata.name", reason }];
}

function annotationFailures(kind: Kind, inputs: PropertyMap): CheckFailure[] {
    const failures: CheckFailure[] = [];
    if (replacesUnready(inputs) && !canRunAgain(kind))
        failures.push({
            property: REPLACE_UNREADY_PATH,
            reason: `is for Jobs, and this is a ${kind.kind}: leave it out`,
        });
    try {
        judgeFor(kind, inputs);
    } catch (error) {
        failures.push({ property: "metadata.annotations", reason: (error as Error).message });
    }
    return failures;
}
