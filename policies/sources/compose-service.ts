/**
 * Translates a Compose service to the inputs of a container. What has a type that it must not have stays as it is, so that rules refuse it.
 */
import { isRaw, type Raw } from "../core/raw";
import { isUnknown } from "../core/unknown";
import { variablesOf } from "./compose-env-file";
import { Definitions, type Item, lastOfEach, type Layer } from "./compose-definitions";
import {
    devices,
    flag,
    healthTests,
    logging,
    memoryMiB,
    mounts,
    number,
    ports,
    restart,
    ulimits,
} from "./compose-forms";
import { Origins } from "./compose-origins";

/** Properties of which the last definition that says it counts. */
const SCALARS: readonly [string, string, ((value: unknown) => unknown)?][] = [
    ["privileged", "privileged", flag],
    ["readOnly", "read_only", flag],
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

/** Lists whose items of all definitions count; of those with the same key the last. */
const LISTS: readonly [string, string, ((item: unknown) => unknown[])?, ((item: unknown) => unknown)?][] = [
    ["capabilities.adds", "cap_add"],
    ["capabilities.drops", "cap_drop"],
    ["securityOpts", "security_opt"],
    ["deviceCgroupRules", "device_cgroup_rules"],
    ["devices", "devices", devices, (item) => isRaw(item) && (item["containerPath"] ?? item["hostPath"])],
    ["ports", "ports", ports],
];

const API_SOCKET = { type: "bind", source: "/var/run/docker.sock", target: "/var/run/docker.sock" };

export interface Around {
    /** The files' volumes, by name. */
    readonly volumes: Raw;
    /** Whether others wait for its end. */
    readonly ends: boolean;
    /** The file of a path; undefined: there is none. */
    readonly read: (path: string) => string | undefined;
}

export function containerOf(
    layers: readonly Layer[],
    { volumes, ends, read }: Around,
): { props: Raw; origins: Origins } {
    const service = new Definitions(layers);
    const own = layers.at(-1)!;
    const origins = new Origins({ place: own.from.place, path: own.path });
    const props: Record<string, unknown> = {};
    const set = (property: string, { value, origin }: Item) => {
        put(props, property, value);
        origins.note(property, origin);
    };
    const setList = (
        property: string,
        items: readonly Item[] | Item | undefined,
        translate = (item: unknown) => [item],
        keyOf?: (item: unknown) => unknown,
    ) => {
        if (items === undefined) return;
        // No list at all.
        if (!Array.isArray(items)) return set(property, items as Item);
        const all = (items as readonly Item[]).flatMap(({ value, origin }) =>
            (isUnknown(value) ? [value] : translate(value)).map((item) => ({ value: item, origin })),
        );
        const list = keyOf ? lastOfEach(all, keyOf) : all;
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
    for (const [property, key, translate, keyOf] of LISTS) setList(property, service.list(key), translate, keyOf);
    const isAt = (mount: unknown) => isRaw(mount) && mount["target"];
    setList("mounts", withApiSocket(service), (item) => mounts(item, volumes), isAt);
    setList("envs", service.pairs("environment", variablesOf(service.since("env_file"), read)));
    setList("labels", service.pairs("labels"), (item) => {
        const [, label = "", value = ""] = /^([^=]*)=?(.*)$/s.exec(String(item))!;
        return [{ label, value }];
    });
    setList("build.args", service.pairs(["build", "args"]));
    setList("command", service.words("command"));
    setList("entrypoints", service.words("entrypoint"));
    setList("ulimits", service.entries("ulimits"), ulimits);
    // What is built here has that name for its own.
    const image = service.last("image");
    if (image && !service.last("build")) set("image", image);
    const again = service.merged("deploy", "restart_policy") ?? service.last("restart");
    if (again) Object.assign(props, restart(again.value));
    if (again) origins.note("restart", again.origin);
    const health = service.merged("healthcheck");
    if (health) set("healthcheck", { ...health, value: healthTests(health.value) });
    const logs = service.logging();
    if (logs) {
        for (const [key, value] of Object.entries(logging(logs.value))) set(key, { ...logs, value });
    }
    // Without a word on networks it is in the project's own.
    if (props["networkMode"] === undefined) props["networksAdvanced"] = [{ name: "default" }];
    if (ends) props["mustRun"] = false;
    return { props, origins };
}

/** The volumes, with the engine's socket where Compose is asked to mount that: `use_api_socket`. */
function withApiSocket(service: Definitions): readonly Item[] | Item | undefined {
    const volumes = service.list("volumes");
    const said = service.last("use_api_socket");
    if (!said || flag(said.value) !== true || (volumes && !Array.isArray(volumes))) return volumes;
    return [...((volumes as readonly Item[] | undefined) ?? []), { ...said, value: API_SOCKET }];
}

const same = (value: unknown): unknown => value;

function put(props: Record<string, unknown>, path: string, value: unknown): void {
    const [first = "", second] = path.split(".");
    if (second === undefined) props[first] = value;
    else props[first] = { ...(props[first] as Raw | undefined), [second]: value };
}
