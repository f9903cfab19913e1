/** Short ways to write limits and sizes. */
import type { PerEnvironment, Resources, Volume } from "../types";

const GIB = 1024;

export function gib(amount: number): number {
    return amount * GIB;
}

/** `cpu` and `memoryMiB` as `[reservation, limit]`. */
export function resources(cpu: [number, number], memoryMiB: [number, number]): Resources {
    return {
        cpuReservation: cpu[0],
        cpuLimit: cpu[1],
        memoryReservationMiB: memoryMiB[0],
        memoryLimitMiB: memoryMiB[1],
    };
}

/**
 * Our own figures for dev, where all five systems share one machine: at most one core each, because Docker refuses a
 * limit of more cores than its host has, and next to nothing reserved.
 */
export function devResources(memoryLimitMiB: number, cpuLimit = 1): Resources {
    return resources([0.05, cpuLimit], [64, memoryLimitMiB]);
}

/** dev's own figures, and the document's for staging and prod. */
export function sized(dev: Resources, staging: Resources, prod = staging): PerEnvironment<Resources> {
    return { default: staging, dev, staging, prod };
}

/** A volume of `[dev, staging, prod]` GiB; stateful and for one replica unless said otherwise. */
export function volume(
    name: string,
    description: string,
    [dev, staging, prod]: [number, number, number],
    kind: Partial<Pick<Volume, "stateful" | "shared" | "oneHost" | "unsaved">> = {},
): Volume {
    const size = { default: gib(prod), dev: gib(dev), staging: gib(staging), prod: gib(prod) };
    return { name, size, stateful: true, shared: false, ...kind, description };
}

/**
 * One in dev; where the document runs several, two in staging, so that what only several replicas show is seen before
 * prod.
 */
export function replicas(prod: number): PerEnvironment<number> {
    return { default: prod, dev: 1, staging: Math.min(2, prod), prod };
}
