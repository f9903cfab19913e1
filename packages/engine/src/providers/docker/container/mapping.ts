/** How plain properties travel to Docker's API and back: one helper for each place they live in. */
import type { PropertyValue } from "../../../provider";
import type { ContainerProperty, CreateBody, HostConfig, Inspect } from "./api";

const MIB = 1024 * 1024;

/** A property that Docker keeps under one key of the container's configuration. */
export function config(
    key: keyof CreateBody & keyof Inspect["Config"],
    zero: PropertyValue = "",
): Partial<ContainerProperty> {
    return {
        put: (body, value) => Object.assign(body, { [key]: value }),
        get: (info) => (info.Config[key] as PropertyValue | undefined) ?? zero,
    };
}

/** The same for its host configuration. */
export function host(key: keyof HostConfig, zero: PropertyValue = null): Partial<ContainerProperty> {
    return {
        put: (body, value) => Object.assign(body.HostConfig, { [key]: value }),
        get: (info) => {
            const value = info.HostConfig[key] as PropertyValue | undefined;
            const empty = typeof value === "object" && value !== null && Object.keys(value).length === 0;
            return value === undefined || value === null || empty ? zero : value;
        },
    };
}

/** Mebibytes for people, bytes for Docker; -1 stays, it means "no limit". */
export function mebibytes(key: "Memory" | "MemoryReservation" | "MemorySwap" | "ShmSize"): Partial<ContainerProperty> {
    return {
        put: (body, value) => (body.HostConfig[key] = toBytes(value as number)),
        get: (info) => {
            const bytes = info.HostConfig[key] ?? 0;
            return bytes > 0 ? Math.floor(bytes / MIB) : bytes;
        },
    };
}

function toBytes(mebi: number): number {
    return mebi > 0 ? mebi * MIB : mebi;
}

/** Cores as the plugin prints them, `1` as `1.0` and `10` as `10.`: another text would be a change in its every preview. */
export function cpusText(nanoCpus: number): string {
    const nine = (nanoCpus / 1e9).toFixed(9);
    return nine.split("0").length - 1 === 9 ? (nanoCpus / 1e9).toFixed(1) : nine.replace(/0+$/, "");
}

/** As Docker's own clients send them: `CAP_NET_ADMIN`. */
export function capabilityNames(names: PropertyValue | undefined): string[] {
    return ((names ?? []) as string[])
        .map((name) => name.toUpperCase())
        .map((name) => (name === "ALL" || name.startsWith("CAP_") ? name : `CAP_${name}`));
}

/** The provider ignores both beside `cpus`, and does not read them back. */
export function limitBesideCpus(key: "CpuPeriod" | "CpuQuota"): Partial<ContainerProperty> {
    return {
        put: (body, value, inputs) => {
            if (!inputs.cpus) body.HostConfig[key] = value as number;
        },
    };
}
