/** What becomes of an object when its inputs change. */
import { equal, hasUnknown } from "../../properties";
import type { DiffResult, PropertyMap, ProviderContext, Recorded } from "../../provider";
import { isMap } from "../schema/types";
import { changesBetween } from "./changes";
import { connect } from "./connection";
import { ApiError, ClusterError, isImmutable, reasonOf } from "./errors";
import { hasEarlierManager } from "./managers";
import { fieldManagerOf, isAutonamed } from "./naming";
import { replacedFor } from "./immutable";
import { at, metadataOf, OWNER_ANNOTATION, type KubeObject } from "./object";
import { apply } from "./patch";
import { isToRunAgain, REPLACE_UNREADY_PATH } from "./rerun";
import { settingsOf } from "./settings";
import { withoutAnnotations } from "./state";
import { kindOf, type Kind } from "./type";

const NONE: DiffResult = { changed: false, replaces: [], deleteBeforeReplace: false, detailed: {} };

/** Metadata that every change moves. */
const MOVING = ["managedFields", "resourceVersion", "generation"];

/** What its inputs say, and for a Job that failed that it is to run again. */
export async function diffObject(ctx: ProviderContext, olds: Recorded, news: PropertyMap): Promise<DiffResult> {
    const result = await diffInputs(ctx, olds, news);
    if (result.replaces.length > 0 || !(await isToRunAgain(ctx, olds, news))) return result;
    return {
        ...result,
        changed: true,
        replaces: [REPLACE_UNREADY_PATH],
        deleteBeforeReplace: isInTheWay(olds, news),
    };
}

/**
 * Inputs that are as they were need no request. Otherwise the API server is asked what it would make of them: what it takes for the same,
 * such as `1000m` and `1`, is no change, and what it refuses to change in place is replaced.
 */
async function diffInputs(ctx: ProviderContext, olds: Recorded, news: PropertyMap): Promise<DiffResult> {
    if (equal(olds.inputs, news) && !hasUnknown(news)) return NONE;
    const settings = settingsOf(ctx.config);
    const kind = kindOf(ctx.type);
    const detailed = changesBetween(olds.inputs, news);
    const replaces = replacedFor(kind, olds, news, settings);
    const result = { changed: true, replaces, deleteBeforeReplace: false, detailed };
    if (replaces.length > 0) return { ...result, deleteBeforeReplace: isInTheWay(olds, news) };
    if (hasUnknown(news) || !settings.kubeconfig) return result;
    const answer = await ask(ctx, kind, olds, news, detailed);
    if (answer === "same") return NONE;
    if (answer === "update") return result;
    const causes = Object.keys(detailed).filter((path) => answer.some((field) => overlap(path, field)));
    return {
        ...result,
        replaces: causes.length > 0 ? causes : Object.keys(detailed),
        deleteBeforeReplace: isInTheWay(olds, news),
    };
}

/** Old and new cannot be there at the same time: they have the same name, and the program gave it. */
function isInTheWay({ outputs }: Recorded, news: PropertyMap): boolean {
    const { name, namespace } = metadataOf(news);
    const live = metadataOf(outputs);
    return !isAutonamed(news) && name === live.name && (live.namespace === undefined || namespace === live.namespace);
}

/** @returns the fields that cannot be changed, if the API server refuses to */
async function ask(
    ctx: ProviderContext,
    kind: Kind,
    olds: Recorded,
    news: PropertyMap,
    detailed: DiffResult["detailed"],
): Promise<"same" | "update" | string[]> {
    try {
        const connection = connect(ctx);
        const resource = await connection.discovery.find(kind, ctx.signal);
        if (!resource) return "update";
        const live = await connection.get(resource, metadataOf(news) as { name: string }, ctx.signal);
        // What was removed by hand is made again.
        if (!live) return "update";
        // A field that an earlier manager holds too would stay in the answer.
        if (hasEarlierManager(live) && Object.values(detailed).includes("delete")) return "update";
        const manager = fieldManagerOf(ctx.urn, news, olds.outputs);
        const request = { connection, ctx, resource, inputs: news, manager, force: true, dryRun: true };
        return equal(essence(live), essence(await apply(request))) ? "same" : "update";
    } catch (error) {
        ctx.signal.throwIfAborted();
        if (isImmutable(error)) return (error as ApiError).causes.map(({ field = "" }) => field);
        // A change that another one in this run makes possible is refused now and not then.
        if (error instanceof ApiError && error.code === 422)
            ctx.log(`as things are now, the cluster would refuse this: ${reasonOf(error, kind.kind)}`, "warning");
        if (error instanceof ApiError || error instanceof ClusterError) return "update";
        throw error;
    }
}

/** What counts of an object in a comparison. */
function essence(object: KubeObject): PropertyMap {
    const { status: _, ...rest } = withoutAnnotations(object as unknown as PropertyMap, [OWNER_ANNOTATION]);
    const metadata = isMap(rest.metadata) ? Object.entries(rest.metadata) : [];
    return { ...rest, metadata: Object.fromEntries(metadata.filter(([key]) => !MOVING.includes(key))) };
}

/** @param path as a preview has it @param field as the API server names it, e.g. `spec.template` or `spec` */
function overlap(path: string, field: string): boolean {
    const [a, b] = [path, field].map((text) => text.replace(/\["([^"]*)"\]/g, ".$1").replace(/^\./, "")) as [
        string,
        string,
    ];
    return a === b || a.startsWith(`${b}.`) || a.startsWith(`${b}[`) || b.startsWith(`${a}.`) || b.startsWith(`${a}[`);
}

/** What tells an object from another one of the same name. */
export function recordedUid(outputs: PropertyMap): string | undefined {
    const uid = at(outputs, "metadata", "uid");
    return typeof uid === "string" ? uid : undefined;
}
