/**
 * Every property of `docker:index/container:Container`, in one table: what it must be, whether a change replaces the container, its
 * default, where it goes in Docker's API and how it is read back. Order: as in the provider's documentation.
 */
import type { PropertyMap } from "../../../provider";
import { atLeast, matches, notEmpty, oneOf } from "../../schema/rules";
import { equivalent } from "../../schema/diff";
import { isMap, type Property } from "../../schema/types";
import { labelMap } from "../resource";
import type { ContainerProperty } from "./api";
import { capabilityNames, config, cpusText, host, limitBesideCpus, mebibytes } from "./mapping";
import {
    complete,
    getHealthcheck,
    getMounts,
    getPorts,
    isOn,
    putHealthcheck,
    putMounts,
    putPorts,
    putVolumes,
    shapes,
} from "./nested";

const text = { kind: "string" } satisfies Property;
const whole = { kind: "integer", rule: atLeast(0) } satisfies Property;
const yesNo = { kind: "boolean" } satisfies Property;
const texts = { kind: "set", of: text } satisfies Property;
const replaces = true;
const computed = true;

/** Docker cannot take a limit off a living container: setting it to 0 is ignored. */
const whenRemoved = (_before: unknown, after: unknown): boolean => after === undefined;

const devices = (why: string): ContainerProperty => ({ kind: "any", refused: why, get: () => [] });
const rates = devices("limits on block devices are not served");

export const properties: Record<string, ContainerProperty> = {
    name: { ...text, replaces, rule: notEmpty, get: (info) => info.Name.replace(/^\//, "") },
    image: {
        ...text,
        required: true,
        replaces,
        rule: notEmpty,
        put: (body, value) => (body.Image = value as string),
        get: (info, inputs) => (String(inputs.image).startsWith("sha256:") ? info.Image : info.Config.Image),
    },
    command: { kind: "list", of: text, replaces, computed, ...config("Cmd", []) },
    entrypoints: { kind: "list", of: text, replaces, computed, ...config("Entrypoint", []) },
    // The image adds its own to these two, so what was asked for counts.
    envs: {
        ...texts,
        of: { ...text, secret: true },
        replaces,
        computed,
        put: (body, value) => (body.Env = [...(value as string[])].sort()),
        get: (_info, inputs) => [...((inputs.envs as string[] | undefined) ?? [])].sort(),
    },
    labels: {
        kind: "set",
        of: { kind: "object", fields: shapes.label },
        replaces,
        computed,
        put: (body, value) => (body.Labels = { ...body.Labels, ...labelMap(value) }),
        get: (_info, inputs) => complete(shapes.label, inputs.labels),
    },
    user: { ...text, replaces, computed, ...config("User") },
    workingDir: { ...text, replaces, computed, ...config("WorkingDir") },
    hostname: { ...text, replaces, computed, ...config("Hostname") },
    domainname: { ...text, replaces, ...config("Domainname") },
    tty: { ...yesNo, replaces, ...config("Tty", false) },
    stdinOpen: { ...yesNo, replaces, ...config("OpenStdin", false) },
    stopSignal: { ...text, replaces, computed, ...config("StopSignal") },
    stopTimeout: { ...whole, replaces, computed, ...config("StopTimeout", 0) },
    healthcheck: {
        kind: "object",
        fields: shapes.healthcheck,
        computed,
        // The real provider records a change that Docker cannot make.
        replaces,
        put: (body, value) => putHealthcheck(body, value as PropertyMap),
        get: getHealthcheck,
    },
    ports: {
        kind: "set",
        of: { kind: "object", fields: shapes.port },
        replaces,
        put: (body, value) => putPorts(body, value as PropertyMap[]),
        get: getPorts,
    },
    publishAllPorts: { ...yesNo, replaces, ...host("PublishAllPorts", false) },
    volumes: {
        kind: "set",
        of: { kind: "object", fields: shapes.volume },
        replaces,
        put: (body, value) => putVolumes(body, value as PropertyMap[]),
        get: (_info, inputs) => complete(shapes.volume, inputs.volumes),
    },
    mounts: {
        kind: "set",
        of: { kind: "object", fields: shapes.mount },
        replaces,
        put: (body, value) => putMounts(body, value as PropertyMap[]),
        get: getMounts,
    },
    // As with health checks: Docker cannot change it, so the container is replaced.
    tmpfs: { kind: "map", replaces, ...host("Tmpfs") },
    uploads: {
        kind: "set",
        of: { kind: "object", fields: shapes.upload },
        replaces,
        get: (_info, inputs) =>
            complete(shapes.upload, inputs.uploads).map((upload) => ({
                ...(upload as PropertyMap),
                executable: (upload as PropertyMap).executable ?? false,
            })),
    },
    networkMode: { ...text, replaces, default: "bridge", ...host("NetworkMode", "") },
    networksAdvanced: {
        kind: "set",
        of: { kind: "object", fields: shapes.network },
        replaces,
        // One that it was taken off by hand is missing, so that the container is replaced; what it was put on by hand is nobody's concern.
        get: (info, inputs) => complete(shapes.network, inputs.networksAdvanced).filter((one) => isOn(info, one)),
    },
    hosts: {
        kind: "set",
        of: { kind: "object", fields: shapes.host },
        replaces,
        put: (body, value) =>
            (body.HostConfig.ExtraHosts = (value as PropertyMap[]).map(
                ({ host, ip }) => `${String(host)}:${String(ip)}`,
            )),
        get: (info) =>
            ((info.HostConfig.ExtraHosts ?? []) as string[]).map((entry) => {
                const colon = entry.indexOf(":");
                return { host: entry.slice(0, colon), ip: entry.slice(colon + 1) };
            }),
    },
    dns: { ...texts, replaces, ...host("Dns") },
    dnsOpts: { ...texts, replaces, ...host("DnsOptions") },
    dnsSearches: { ...texts, replaces, ...host("DnsSearch") },
    capabilities: {
        kind: "object",
        fields: shapes.capabilities,
        replaces,
        put: (body, value) => {
            body.HostConfig.CapAdd = capabilityNames((value as PropertyMap).adds);
            body.HostConfig.CapDrop = capabilityNames((value as PropertyMap).drops);
        },
        get: (info, inputs) => {
            const adds = (info.HostConfig.CapAdd ?? []) as string[];
            const drops = (info.HostConfig.CapDrop ?? []) as string[];
            const read = adds.length + drops.length > 0 ? { adds, drops } : null;
            const asked = isMap(inputs.capabilities)
                ? { adds: inputs.capabilities.adds ?? [], drops: inputs.capabilities.drops ?? [] }
                : null;
            return equivalent(properties.capabilities!, read, asked) ? asked : read;
        },
    },
    securityOpts: {
        kind: "set",
        of: { ...text, same: (value) => (value === "no-new-privileges" ? "no-new-privileges:true" : value) },
        replaces,
        computed,
        ...host("SecurityOpt", []),
    },
    privileged: { ...yesNo, replaces, ...host("Privileged", false) },
    readOnly: { ...yesNo, replaces, ...host("ReadonlyRootfs", false) },
    groupAdds: { ...texts, replaces, ...host("GroupAdd") },
    usernsMode: { ...text, replaces, ...host("UsernsMode", "") },
    pidMode: { ...text, replaces, ...host("PidMode"), get: (info) => info.HostConfig.PidMode || null },
    ipcMode: { ...text, replaces, computed, ...host("IpcMode", "") },
    cgroupnsMode: { ...text, replaces, rule: oneOf("private", "host"), put: host("CgroupnsMode").put! },
    cgroupParent: { ...text, replaces, put: host("CgroupParent").put! },
    runtime: { ...text, replaces, computed, ...host("Runtime", "") },
    init: { ...yesNo, replaces, computed, ...host("Init", false) },
    sysctls: { kind: "map", replaces, ...host("Sysctls") },
    ulimits: {
        kind: "set",
        of: { kind: "object", fields: shapes.ulimit },
        replaces,
        put: (body, value) =>
            (body.HostConfig.Ulimits = (value as PropertyMap[]).map((limit) => ({
                Name: limit.name as string,
                Soft: limit.soft as number,
                Hard: limit.hard as number,
            }))),
        // The engine adds its own default limits to these.
        get: (info, inputs) => {
            const asked = new Set(((inputs.ulimits ?? []) as PropertyMap[]).map((limit) => limit.name));
            return (info.HostConfig.Ulimits ?? [])
                .filter((limit) => asked.has(limit.Name!))
                .map((limit) => ({ hard: limit.Hard!, name: limit.Name!, soft: limit.Soft! }));
        },
    },
    shmSize: { ...whole, replaces, computed, ...mebibytes("ShmSize") },
    storageOpts: { kind: "map", replaces, ...host("StorageOpt") },
    memory: { ...whole, replaces: whenRemoved, ...mebibytes("Memory") },
    memoryReservation: { ...whole, replaces: whenRemoved, ...mebibytes("MemoryReservation") },
    // Docker sets it to twice the memory when it is not given.
    memorySwap: { kind: "integer", rule: atLeast(-1), computed, replaces: whenRemoved, ...mebibytes("MemorySwap") },
    cpus: {
        ...text,
        replaces,
        rule: matches(/^\d+(\.\d{0,9})?$/, `must be a number of CPUs as text, such as "1.5"`),
        same: (value) => Number(value),
        put: (body, value) => (body.HostConfig.NanoCpus = Math.round(Number(value) * 1e9)),
        get: (info) => (info.HostConfig.NanoCpus ? cpusText(info.HostConfig.NanoCpus) : null),
    },
    cpuPeriod: { ...whole, replaces: whenRemoved, ...limitBesideCpus("CpuPeriod") },
    cpuQuota: { ...whole, replaces: whenRemoved, ...limitBesideCpus("CpuQuota") },
    cpuShares: { ...whole, replaces: whenRemoved, ...host("CpuShares", 0) },
    cpuSet: {
        ...text,
        replaces: whenRemoved,
        rule: matches(/^\d+([,-]\d+)*$/, `must be CPU numbers, such as "0-1" or "0,2"`),
        ...host("CpusetCpus", ""),
    },
    restart: {
        ...text,
        default: "no",
        rule: oneOf("no", "on-failure", "always", "unless-stopped"),
        put: (body, value, inputs) =>
            (body.HostConfig.RestartPolicy = {
                Name: value as string,
                MaximumRetryCount: Number(inputs.maxRetryCount ?? 0),
            }),
        get: (info) => info.HostConfig.RestartPolicy?.Name || "no",
    },
    maxRetryCount: { ...whole, get: (info) => info.HostConfig.RestartPolicy?.MaximumRetryCount ?? 0 },
    logDriver: {
        ...text,
        replaces,
        computed,
        put: (body, value) =>
            (body.HostConfig.LogConfig = { Config: {}, ...body.HostConfig.LogConfig, Type: value as string }),
        get: (info) => info.HostConfig.LogConfig?.Type ?? "",
    },
    logOpts: {
        kind: "map",
        replaces,
        put: (body, value) => (body.HostConfig.LogConfig = { Type: "", ...body.HostConfig.LogConfig, Config: value }),
        // A daemon's default options are not the program's.
        get: (info, inputs) =>
            inputs.logOpts ? ((info.HostConfig.LogConfig?.Config as PropertyMap | undefined) ?? null) : null,
    },
    devices: {
        kind: "set",
        of: { kind: "object", fields: shapes.device },
        replaces,
        put: (body, value) =>
            (body.HostConfig.Devices = (value as PropertyMap[]).map((device) => ({
                PathOnHost: device.hostPath,
                PathInContainer: device.containerPath ?? device.hostPath,
                CgroupPermissions: device.permissions,
            }))),
        get: (_info, inputs) => complete(shapes.device, inputs.devices),
    },
    deviceReadBps: rates,
    deviceReadIops: rates,
    deviceWriteBps: rates,
    deviceWriteIops: rates,
    deviceRequests: devices("GPUs and CDI devices are not served"),
    gpus: { kind: "any", refused: "GPUs are not served" },
    pidsLimit: {
        kind: "any",
        refused: `the docker provider has no such property: set ulimits with "nproc", or a cgroupParent that has the limit`,
    },
    platform: { ...text, replaces, computed, get: (info) => info.Platform },
    // Docker removes such a container itself: it cannot be turned on or off later.
    rm: { ...yesNo, replaces, ...host("AutoRemove", false) },
    // From here on: how the container is treated, which a living one need not be told.
    mustRun: { ...yesNo, default: true },
    start: { ...yesNo, default: true },
    wait: yesNo,
    waitTimeout: { ...whole, default: 60 },
    attach: yesNo,
    logs: yesNo,
    removeVolumes: { ...yesNo, default: true },
    destroyGraceSeconds: whole,
    containerReadRefreshTimeoutMilliseconds: { ...whole, default: 15_000 },
};
