/** What the definitions of a Compose service say together, by Compose's rules of merging, and where each of it was written. */
import { isRaw, join, keyIn, type Raw } from "../core/raw";
import { isUnknown } from "../core/unknown";
import type { ComposeFile, MergeTag } from "./compose-file";
import { words } from "./compose-forms";
import type { Origin } from "./compose-origins";

/** What one definition says: that of a service that it extends, its own, or that of a file laid over its own. */
export interface Layer {
    readonly service: Raw;
    readonly from: ComposeFile;
    /** Path of the service, from the file on. */
    readonly path: string;
}

/** A value with where it was written. */
export interface Item {
    readonly value: unknown;
    readonly origin: Origin;
}

/** All that one definition says under some keys. */
interface Said extends Item {
    readonly from: ComposeFile;
}

/** The last of those with the same key, in the place of the first; what has none is kept. */
export function lastOfEach(items: readonly Item[], keyOf: (value: unknown) => unknown): Item[] {
    const kept = new Map<unknown, Item>();
    for (const item of items) {
        const key = isUnknown(item.value) ? undefined : keyOf(item.value);
        kept.set(typeof key === "string" ? key : item, item);
    }
    return [...kept.values()];
}

/** What the definitions of a service say together. */
export class Definitions {
    constructor(private readonly layers: readonly Layer[]) {}

    /** The last that is said of a key. */
    last(...keys: string[]): Item | undefined {
        return this.all(...keys).at(-1);
    }

    /** One map of all under a key; the last that is said where that is no map. */
    merged(...keys: string[]): Item | undefined {
        const said = this.all(...keys);
        const last = said.at(-1);
        if (!last || !isRaw(last.value)) return last;
        const maps = said.map(({ value }) => value).filter(isRaw);
        return { ...last, value: Object.assign({}, ...maps) as Raw };
    }

    /** Options are those of one driver. */
    logging(): Item | undefined {
        const logs = this.merged("logging");
        const drivers = new Set(this.all("logging", "driver").map(({ value }) => value));
        if (!logs || !isRaw(logs.value) || drivers.size > 1) return drivers.size > 1 ? this.last("logging") : logs;
        const options = this.merged("logging", "options");
        return options ? { ...logs, value: { ...logs.value, options: options.value } } : logs;
    }

    /** The definitions whose word on a key counts. */
    since(key: string): Layer[] {
        const from = this.layers.findLastIndex((layer) => tagAt(layer, [key]) !== undefined);
        const counting = from === -1 ? this.layers : this.layers.slice(from);
        return counting.filter((layer) => tagAt(layer, [key]) !== "!reset");
    }

    /** The items of all lists under a key; the value itself where one is no list. */
    list(key: string): Item[] | Item | undefined {
        return this.joined(this.all(key), ({ value, origin }) =>
            Array.isArray(value)
                ? value.map((item, n) => ({ value: item, origin: within(origin, `[${n}]`) }))
                : undefined,
        );
    }

    /**
     * `NAME=value` of all maps and lists under a key, or under one within another; of one name the last.
     * @param before what comes before all of them
     */
    pairs(keys: string | readonly string[], before: readonly Item[] = []): Item[] | Item | undefined {
        const gone = new Set<Item>();
        const items = this.joined(this.all(...[keys].flat()), (said) => {
            const { value, origin, from } = said;
            if (Array.isArray(value))
                return value.map((item, n) => ({ value: item, origin: within(origin, `[${n}]`) }));
            if (!isRaw(value)) return undefined;
            return entriesOf(said).map(({ name, ...item }) => {
                const entry = { ...item, value: pair(name, item.value) };
                if (from.tags.get(item.origin.path) === "!reset") gone.add(entry);
                return entry;
            });
        });
        if (items !== undefined && !Array.isArray(items)) return items;
        const all = [...before, ...(items ?? [])];
        const kept = lastOfEach(all, (value) => String(value).split("=")[0]).filter((item) => !gone.has(item));
        return items === undefined && before.length === 0 ? undefined : kept;
    }

    /** What is under each name of the maps under a key, with its name. */
    entries(key: string): Item[] | Item | undefined {
        return this.joined(this.all(key), (said) =>
            isRaw(said.value)
                ? entriesOf(said).map(({ name, value, origin }) => ({ value: [name, value], origin }))
                : undefined,
        );
    }

    /** A command: a list, or a line. */
    words(key: string): Item[] | Item | undefined {
        const said = this.last(key);
        if (!said || isUnknown(said.value)) return said;
        const list = words(said.value);
        return (
            list?.map((value, n) => ({
                value,
                origin: Array.isArray(said.value) ? within(said.origin, `[${n}]`) : said.origin,
            })) ?? said
        );
    }

    private all(...keys: string[]): Said[] {
        let said: Said[] = [];
        for (const layer of this.layers) {
            let value: unknown = layer.service;
            for (const key of keys) value = isRaw(value) ? value[key] : undefined;
            const tag = tagAt(layer, keys);
            if (tag !== undefined) said = [];
            if (tag === "!reset" || value === undefined || value === null) continue;
            said.push({
                value,
                from: layer.from,
                origin: { place: layer.from.place, path: join(layer.path, ...keys) },
            });
        }
        return said;
    }

    private joined(said: readonly Said[], items: (item: Said) => Item[] | undefined): Item[] | Item | undefined {
        const found: Item[] = [];
        for (const item of said) {
            const some = items(item);
            if (!some) return item;
            found.push(...some);
        }
        return said.length === 0 ? undefined : found;
    }
}

/** The tag of what is under keys, or of what that is in. */
function tagAt({ from: { tags }, path }: Layer, keys: readonly string[]): MergeTag | undefined {
    if (tags.size === 0) return undefined;
    for (let n = keys.length; n >= 0; n--) {
        const tag = tags.get(join(path, ...keys.slice(0, n)));
        if (tag !== undefined) return tag;
    }
    return undefined;
}

function entriesOf({ value, origin }: Item): (Item & { name: string })[] {
    return Object.entries(value as Raw).map(([name, item]) => ({
        name,
        value: item,
        origin: within(origin, keyIn(name)),
    }));
}

function within(origin: Origin, part: string): Origin {
    return { ...origin, path: join(origin.path, part) };
}

function pair(name: string, value: unknown): unknown {
    if (isUnknown(value)) return value;
    return value === null ? name : `${name}=${String(value)}`;
}
