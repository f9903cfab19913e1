/** Shapes of the container's nested properties, and how they travel to the API and back. */
import type { PropertyMap, PropertyValue } from "../../../provider";
import { formatDuration, parseDuration } from "../../schema/duration";
import { absolutePath, atLeast, base64, duration, matches, oneOf } from "../../schema/rules";
import { isMap, type Fields, type Property } from "../../schema/types";
import { stable } from "../../schema/diff";
import type { CreateBody, Inspect } from "./api";

const text: Property = { kind: "string" };
const texts: Property = { kind: "set", of: text };
const whole: Property = { kind: "integer" };

/** Durations of equal length are equal, however they are written. */
const time: Property = {
    kind: "string",
    default: "0s",
    rule: duration,
    same: (value) => parseDuration(String(value)) ?? value,
};

/** Docker reports `CAP_NET_ADMIN` for `NET_ADMIN`. */
const capability: Property = { kind: "string", same: (value) => String(value).toUpperCase().replace(/^CAP_/, "") };

export const shapes = {
    label: { label: { kind: "string", required: true }, value: { kind: "string", required: true } },
    capabilities: { adds: { kind: "set", of: capability }, drops: { kind: "set", of: capability } },
    upload: {
        file: { kind: "string", required: true, rule: absolutePath },
        content: { kind: "string", secret: true },
        contentBase64: { kind: "string", secret: true, rule: base64 },
        executable: { kind: "boolean" },
        permissions: { kind: "string", rule: matches(/^0[0-7]{3}$/, `must be four octal digits, such as "0644"`) },
        source: text,
        sourceHash: text,
        owner: { kind: "any", refused: "the docker provider has none: uploaded files belong to root; set permissions" },
        group: { kind: "any", refused: "the docker provider has none: uploaded files belong to root; set permissions" },
    },
    port: {
        internal: { kind: "integer", required: true },
        // The engine picks a free port when none is given.
        external: { kind: "integer", computed: true },
        ip: { kind: "string", default: "0.0.0.0" },
        protocol: { kind: "string", default: "tcp", rule: oneOf("tcp", "udp", "sctp") },
    },
    mount: {
        target: { kind: "string", required: true },
        source: text,
        type: { kind: "string", required: true, rule: oneOf("bind", "volume", "tmpfs") },
        readOnly: { kind: "boolean" },
        bindOptions: {
            kind: "object",
            fields: {
                propagation: {
                    kind: "string",
                    rule: oneOf("private", "rprivate", "shared", "rshared", "slave", "rslave"),
                },
            },
        },
        volumeOptions: {
            kind: "any",
            refused: `the real provider fails with it on engines before 26.0; mount the volume as it is, and make it with docker.Volume`,
        },
        tmpfsOptions: { kind: "object", fields: { sizeBytes: whole, mode: whole } },
    },
    volume: {
        containerPath: text,
        hostPath: { kind: "string", rule: absolutePath },
        volumeName: text,
        fromContainer: text,
        readOnly: { kind: "boolean" },
        selinuxRelabel: { kind: "string", rule: oneOf("z", "Z") },
    },
    network: {
        name: { kind: "string", required: true },
        aliases: texts,
        ipv4Address: text,
        ipv6Address: text,
        linkLocalIps: texts,
        macAddress: text,
        driverOpts: texts,
        gwPriority: { kind: "integer", rule: atLeast(0) },
    },
    host: { host: { kind: "string", required: true }, ip: { kind: "string", required: true } },
    ulimit: {
        name: { kind: "string", required: true },
        soft: { kind: "integer", required: true },
        hard: { kind: "integer", required: true },
    },
    healthcheck: {
        tests: { kind: "list", of: text },
        interval: time,
        timeout: time,
        startPeriod: time,
        startInterval: time,
        retries: { kind: "integer", rule: atLeast(0) },
    },
    device: {
        hostPath: { kind: "string", required: true },
        containerPath: text,
        permissions: { kind: "string", default: "rwm" },
    },
} satisfies Record<string, Fields>;

/** Every field of every element, with the zero values that the real provider reports; sorted, as sets have no order. */
export function complete(fields: Fields, items: PropertyValue | undefined): PropertyValue[] {
    if (!Array.isArray(items)) return [];
    const filled = items.filter(isMap).map((item) => {
        const whole: PropertyMap = {};
        for (const [key, field] of Object.entries(fields))
            if (field.refused === undefined) whole[key] = item[key] ?? zero(field);
        return whole;
    });
    return filled.sort((a, b) => (stable(a) < stable(b) ? -1 : 1));
}

function zero(field: Property): PropertyValue {
    if (field.default !== undefined) return field.default;
    return { string: "", integer: null, boolean: null, map: {}, list: [], set: [], object: null, any: null }[
        field.kind
    ];
}

export function putPorts(body: CreateBody, ports: PropertyMap[]): void {
    const exposed: Record<string, object> = {};
    const bindings: Record<string, { HostIp: string; HostPort: string }[]> = {};
    for (const port of ports) {
        const key = `${String(port.internal)}/${String(port.protocol)}`;
        exposed[key] = {};
        (bindings[key] ??= []).push({ HostIp: String(port.ip ?? ""), HostPort: String(port.external ?? "") });
    }
    body.ExposedPorts = exposed;
    body.HostConfig.PortBindings = bindings;
}

/**
 * What is bound, with the host ports that the engine chose. The bindings asked for, not those in effect: a stopped container has none
 * of these, and neither has one on internal networks only.
 */
export function getPorts(info: Inspect): PropertyValue[] {
    const asked = (info.HostConfig.PortBindings ?? {}) as Record<string, { HostIp: string; HostPort: string }[] | null>;
    return Object.entries(asked)
        .flatMap(([key, bindings]) => {
            const [internal, protocol] = key.split("/") as [string, string];
            const effective = info.NetworkSettings.Ports?.[key] ?? [];
            return (bindings ?? []).map((binding, i) => ({
                external: Number(binding.HostPort) || Number(effective[i]?.HostPort ?? 0),
                internal: Number(internal),
                ip: binding.HostIp || "0.0.0.0",
                protocol,
            }));
        })
        .sort((a, b) => a.internal - b.internal || (a.protocol < b.protocol ? -1 : 1));
}

export function putVolumes(body: CreateBody, volumes: PropertyMap[]): void {
    const anonymous: Record<string, object> = {};
    const binds: string[] = [];
    const from: string[] = [];
    for (const volume of volumes) {
        const source = (volume.hostPath as string) || (volume.volumeName as string);
        const path = volume.containerPath as string;
        if (volume.fromContainer) from.push(volume.fromContainer as string);
        else {
            anonymous[path] = {};
            const mode =
                (volume.readOnly === true ? "ro" : "rw") +
                (volume.selinuxRelabel ? `,${volume.selinuxRelabel as string}` : "");
            if (source) binds.push(`${source}:${path}:${mode}`);
        }
    }
    body.Volumes = anonymous;
    if (binds.length > 0) body.HostConfig.Binds = binds;
    if (from.length > 0) body.HostConfig.VolumesFrom = from;
}

export function putMounts(body: CreateBody, mounts: PropertyMap[]): void {
    body.HostConfig.Mounts = mounts.map((mount) => ({
        Type: mount.type as "bind" | "volume" | "tmpfs",
        Target: mount.target as string,
        Source: (mount.source as string | undefined) ?? "",
        ReadOnly: mount.readOnly === true,
        ...(isMap(mount.bindOptions) && { BindOptions: { Propagation: mount.bindOptions.propagation as "private" } }),
        ...(isMap(mount.tmpfsOptions) && {
            TmpfsOptions: {
                SizeBytes: Number(mount.tmpfsOptions.sizeBytes ?? 0),
                Mode: Number(mount.tmpfsOptions.mode ?? 0),
            },
        }),
    }));
}

export function getMounts(info: Inspect): PropertyValue[] {
    const mounts = (info.HostConfig.Mounts ?? []).map((mount) => ({
        bindOptions: mount.BindOptions ? { propagation: mount.BindOptions.Propagation } : null,
        readOnly: mount.ReadOnly ? true : null,
        source: mount.Source ?? "",
        target: mount.Target,
        tmpfsOptions: mount.TmpfsOptions
            ? { mode: mount.TmpfsOptions.Mode ?? 0, sizeBytes: mount.TmpfsOptions.SizeBytes ?? 0 }
            : null,
        type: mount.Type,
        volumeOptions: null,
    }));
    return mounts.sort((a, b) => (a.source + a.target < b.source + b.target ? -1 : 1)) as PropertyValue[];
}

export function putHealthcheck(body: CreateBody, check: PropertyMap): void {
    const nanoseconds = (value: PropertyValue | undefined): number => parseDuration(String(value ?? "0s")) ?? 0;
    const startInterval = nanoseconds(check.startInterval);
    body.Healthcheck = {
        Test: (check.tests as string[] | undefined) ?? [],
        Interval: nanoseconds(check.interval),
        Timeout: nanoseconds(check.timeout),
        StartPeriod: nanoseconds(check.startPeriod),
        // Engines before 25.0 do not know it.
        ...(startInterval > 0 ? { StartInterval: startInterval } : {}),
        Retries: Number(check.retries ?? 0),
    };
}

export function getHealthcheck(info: Inspect, inputs: PropertyMap): PropertyValue {
    const check = info.Config.Healthcheck;
    if (!check?.Test) return null;
    const asked = isMap(inputs.healthcheck) ? inputs.healthcheck.startInterval : undefined;
    return {
        interval: formatDuration(check.Interval ?? 0),
        retries: check.Retries ?? 0,
        startInterval: check.StartInterval === undefined ? (asked ?? "0s") : formatDuration(check.StartInterval),
        startPeriod: formatDuration(check.StartPeriod ?? 0),
        tests: check.Test,
        timeout: formatDuration(check.Timeout ?? 0),
    };
}

/** Whether a container is on a network that is named by its name or its id. One that does not run is on none yet, or no more. */
export function isOn({ State, NetworkSettings }: Inspect, network: PropertyValue): boolean {
    const { name } = network as PropertyMap;
    const on = Object.entries(NetworkSettings.Networks ?? {});
    return !State.Running || on.some(([key, { NetworkID }]) => key === name || NetworkID === name);
}

export function getNetworkDatas(info: Inspect): PropertyValue[] {
    return Object.entries(info.NetworkSettings.Networks ?? {})
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([networkName, network]) => ({
            gateway: network.Gateway,
            globalIpv6Address: network.GlobalIPv6Address,
            globalIpv6PrefixLength: network.GlobalIPv6PrefixLen,
            ipAddress: network.IPAddress,
            ipPrefixLength: network.IPPrefixLen,
            ipv6Gateway: network.IPv6Gateway,
            macAddress: network.MacAddress,
            networkName,
        }));
}
