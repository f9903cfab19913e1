/** Translates a Compose service to the inputs of a container. What has a type that it must not have stays as it is, so that rules refuse it. */
import { isRaw, join, keyIn } from "../core/raw";
import type { Raw } from "../core/raw";
import { isUnknown } from "../core/unknown";
import {
    devices,
    healthTests,
    logging,
    memoryMiB,
    mounts,
    number,
    ports,
    restart,
    ulimits,
    words,
} from "./compose-forms";
import { Origins } from "./compose-origins";
import type { Origin } from "./compose-origins";
import type { Place } from "./place";

/** What one definition says: the service's own, or that of one that it extends. */
export interface Layer {
    readonly service: Raw;
    readonly place: Place;
    /** Of the service, from the file on. */
    readonly path: string;
}

/** A value with where it was written. */
export interface Item {
    readonly value: unknown;
    readonly origin: Origin;
}

/** Of which the last that says it counts. */
const SCALARS: readonly [string, string, ((value: unknown) => unknown)?][] = [
    ["privileged", "privileged"],
    ["readOnly", "read_only"],
    ["user", "user", (value) => (typeof value === "number" ? String(value) : value)],
    ["networkMode", "network_mode"],
    ["pidMode", "pid"],
    ["ipcMode", "ipc"],
    ["utsMode", "uts"],
    ["usernsMode", "userns_mode"],
    ["cgroupParent", "cgroup_parent"],
    ["cgroupnsMode", "cgroup"],
    ["memory", "mem_limit", memoryMiB],
    ["cpus", "cpus", number],
    ["cpuShares", "cpu_shares", number],
    ["cpuQuota", "cpu_quota", number],
    ["pidsLimit", "pids_limit", number],
];

/** Newer names of the same, which count before those. */
const LIMITS: readonly [string, string, (value: unknown) => unknown][] = [
    ["memory", "memory", memoryMiB],
    ["cpus", "cpus", number],
    ["pidsLimit", "pids", number],
];

/** Of which those of all definitions count. */
const LISTS: readonly [string, string, ((item: unknown) => unknown[])?][] = [
    ["capabilities.adds", "cap_add"],
    ["capabilities.drops", "cap_drop"],
    ["securityOpts", "security_opt"],
    ["deviceCgroupRules", "device_cgroup_rules"],
    ["devices", "devices", devices],
    ["ports", "ports", ports],
];

/** @param volumes of the file, by name @param ends whether others wait for its end */
export function containerOf(layers: readonly Layer[], volumes: Raw, ends: boolean): { props: Raw; origins: Origins } {
    const service = new Service(layers);
    const own = layers.at(-1)!;
    const origins = new Origins({ place: own.place, path: own.path });
    const props: Record<string, unknown> = {};
    const set = (property: string, { value, origin }: Item) => {
        put(props, property, value);
        origins.note(property, origin);
    };
    const setList = (
        property: string,
        items: readonly Item[] | Item | undefined,
        translate = (item: unknown) => [item],
    ) => {
        if (items === undefined) return;
        // No list at all.
        if (!Array.isArray(items)) return set(property, items as Item);
        const list = (items as readonly Item[]).flatMap(({ value, origin }) =>
            (isUnknown(value) ? [value] : translate(value)).map((item) => ({ value: item, origin })),
        );
        if (list.length > 0)
            put(
                props,
                property,
                list.map(({ value }) => value),
            );
        list.forEach(({ origin }, n) => origins.note(`${property}[${n}]`, origin));
    };
    for (const [property, key, translate = same] of SCALARS) {
        const item = service.last(key);
        if (item) set(property, { ...item, value: translate(item.value) });
    }
    for (const [property, key, translate] of LIMITS) {
        const item = service.last("deploy", "resources", "limits", key);
        if (item) set(property, { ...item, value: translate(item.value) });
    }
    for (const [property, key, translate] of LISTS) setList(property, service.list(key), translate);
    setList("mounts", service.list("volumes"), (item) => mounts(item, volumes));
    setList("envs", service.pairs("environment"));
    setList("labels", service.pairs("labels"), (item) => {
        const [, label = "", value = ""] = /^([^=]*)=?(.*)$/s.exec(String(item))!;
        return [{ label, value }];
    });
    setList("command", service.words("command"));
    setList("entrypoints", service.words("entrypoint"));
    setList("ulimits", service.entries("ulimits"), ulimits);
    // What is built here has that name for its own.
    const image = service.last("image");
    if (image && !service.last("build")) set("image", image);
    const again = service.last("deploy", "restart_policy") ?? service.last("restart");
    if (again) Object.assign(props, restart(again.value));
    if (again) origins.note("restart", again.origin);
    const health = service.last("healthcheck");
    if (health) set("healthcheck", { ...health, value: healthTests(health.value) });
    const logs = service.last("logging");
    if (logs) {
        for (const [key, value] of Object.entries(logging(logs.value))) set(key, { ...logs, value });
    }
    // Without a word on networks it is in the project's own.
    if (props["networkMode"] === undefined) props["networksAdvanced"] = [{ name: "default" }];
    if (ends) props["mustRun"] = false;
    return { props, origins };
}

const same = (value: unknown): unknown => value;

function put(props: Record<string, unknown>, path: string, value: unknown): void {
    const [first = "", second] = path.split(".");
    if (second === undefined) props[first] = value;
    else props[first] = { ...(props[first] as Raw | undefined), [second]: value };
}

/** A service as all its definitions make it. */
class Service {
    constructor(private readonly layers: readonly Layer[]) {}

    /** The last that is said of a key. */
    last(...keys: string[]): Item | undefined {
        return this.all(...keys).at(-1);
    }

    /** The items of all lists under a key; the value itself where one is no list. */
    list(key: string): Item[] | Item | undefined {
        return this.joined(this.all(key), ({ value, origin }) =>
            Array.isArray(value)
                ? value.map((item, n) => ({ value: item, origin: within(origin, `[${n}]`) }))
                : undefined,
        );
    }

    /** `NAME=value` of all maps and lists under a key; of one name the last. */
    pairs(key: string): Item[] | Item | undefined {
        const items = this.joined(this.all(key), (said) => {
            const { value, origin } = said;
            if (Array.isArray(value))
                return value.map((item, n) => ({ value: item, origin: within(origin, `[${n}]`) }));
            return isRaw(value)
                ? entriesOf(said).map(({ name, ...item }) => ({ ...item, value: pair(name, item.value) }))
                : undefined;
        });
        if (!Array.isArray(items)) return items;
        return [...new Map(items.map((item) => [String(item.value).split("=")[0], item])).values()];
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

    private all(...keys: string[]): Item[] {
        return this.layers.flatMap(({ service, place, path }) => {
            let value: unknown = service;
            for (const key of keys) value = isRaw(value) ? value[key] : undefined;
            return value === undefined || value === null
                ? []
                : [{ value, origin: { place, path: join(path, ...keys) } }];
        });
    }

    private joined(said: readonly Item[], items: (item: Item) => Item[] | undefined): Item[] | Item | undefined {
        const found: Item[] = [];
        for (const item of said) {
            const some = items(item);
            if (!some) return item;
            found.push(...some);
        }
        return said.length === 0 ? undefined : found;
    }
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
