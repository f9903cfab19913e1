/** What has to be done to a resource that is there. */
import type { DetailedDiff, DiffKind } from "./events";
import { isWithin, parsePath, topLevel } from "./paths";
import { equal, plain } from "./properties";
import type { DiffResult, PropertyMap } from "./provider";
import { plainState, providerFor, type Run } from "./run";
import type { State } from "./state/store";
import { isProviderType, packageOf, typeOf } from "./urn";

export interface Difference {
    changed: boolean;
    replace: boolean;
    deleteBeforeReplace: boolean;
    /** Top-level properties that changed. */
    diffs: string[];
    /** Top-level properties that force a replacement. */
    keys: string[];
    detailedDiff?: DetailedDiff;
}

const NONE: Difference = { changed: false, replace: false, deleteBeforeReplace: false, diffs: [], keys: [] };

/** A replacement whose cause is not a property. */
export function replaceFor(reason: string): Difference {
    return { ...NONE, changed: true, replace: true, keys: [reason], diffs: [reason] };
}

/** @param wanted the resource as it is to be, its inputs checked */
export async function difference(run: Run, old: State, wanted: State): Promise<Difference> {
    if (old.taint) return replaceFor("taint");
    if (!wanted.custom || isProviderType(wanted.type)) {
        if (old.custom !== wanted.custom) return replaceFor("provider");
        const inputs = byProperty(plain(old.inputs ?? {}), plain(wanted.inputs ?? {}));
        return { ...NONE, changed: !equal(old.inputs ?? {}, wanted.inputs ?? {}), ...inputs };
    }
    if (!old.provider || packageOf(typeOf(old.urn)) !== packageOf(wanted.type)) return replaceFor("provider");
    return providerDifference(run, old, wanted, wanted);
}

/** Asks the provider; `options` are those of the program, or of the state for a resource that it has not registered yet. */
export async function providerDifference(run: Run, old: State, wanted: State, options: State): Promise<Difference> {
    const { provider, context } = providerFor(run, wanted, "update");
    const recorded = { ...plainState(old), initErrors: old.initErrors };
    const result = await provider.diff(context, old.id ?? "", recorded, plain(wanted.inputs ?? {}));
    const difference = withOptions(result, plain(old.inputs ?? {}), plain(wanted.inputs ?? {}), options);
    // What a provider did not get to the end with is done again.
    return !difference.changed && old.initErrors?.length ? { ...difference, changed: true } : difference;
}

/** Applies `ignoreChanges` and `replaceOnChanges` to what a provider found. */
function withOptions(result: DiffResult, olds: PropertyMap, news: PropertyMap, options: State): Difference {
    if (!result.changed && result.replaces.length === 0) return NONE;
    const ignored = (options.ignoreChanges ?? []).map(parsePath);
    const kept = (path: string): boolean => !ignored.some((prefix) => isWithin(parsePath(path), prefix));
    const found = Object.keys(result.detailed).length > 0 ? result.detailed : byTopLevel(olds, news);
    const detailed = Object.fromEntries(Object.entries(found).filter(([path]) => kept(path)));
    const replaces = result.replaces.filter(kept);
    if (Object.keys(found).length > 0 && Object.keys(detailed).length === 0 && replaces.length === 0) return NONE;

    const forced = (options.replaceOnChanges ?? []).map(parsePath);
    const replacing = replaces.map(parsePath);
    const detailedDiff: DetailedDiff = {};
    for (const [path, kind] of Object.entries(detailed)) {
        const parsed = parsePath(path);
        const replace =
            forced.some((prefix) => isWithin(parsed, prefix)) ||
            replacing.some((p) => isWithin(parsed, p) || isWithin(p, parsed));
        detailedDiff[path] = { kind: replace ? `${kind}-replace` : kind, inputDiff: true };
    }
    const causes = Object.keys(detailedDiff).filter((path) => detailedDiff[path]!.kind.endsWith("-replace"));
    const keys = unique([...replaces, ...causes].map(topLevel));
    return {
        changed: true,
        replace: keys.length > 0,
        deleteBeforeReplace: result.deleteBeforeReplace,
        diffs: unique(Object.keys(detailedDiff).map(topLevel)),
        keys,
        detailedDiff,
    };
}

function byProperty(olds: PropertyMap, news: PropertyMap): Pick<Difference, "diffs" | "detailedDiff"> {
    const detailed = byTopLevel(olds, news);
    return {
        diffs: Object.keys(detailed),
        detailedDiff: Object.fromEntries(
            Object.entries(detailed).map(([key, kind]) => [key, { kind, inputDiff: true }]),
        ),
    };
}

function byTopLevel(olds: PropertyMap, news: PropertyMap): Record<string, "add" | "delete" | "update"> {
    const result: Record<string, DiffKind & ("add" | "delete" | "update")> = {};
    for (const key of unique([...Object.keys(olds), ...Object.keys(news)])) {
        const path = /^[\w-]+$/.test(key) ? key : `["${key.replace(/["\\]/g, "\\$&")}"]`;
        if (!(key in olds)) result[path] = "add";
        else if (!(key in news)) result[path] = "delete";
        else if (!equal(olds[key], news[key])) result[path] = "update";
    }
    return result;
}

function unique(items: string[]): string[] {
    return [...new Set(items)];
}
