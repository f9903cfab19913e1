/** A store's container must have room for what the store itself is told to use: the kernel kills it otherwise, under load. */
import type { Resources, Stores, System } from "../../systems/types";
import { inEnvironment, postgresSettings } from "../../systems/types";
import type { SystemRuleContext } from "./context";

type StoreWithContainer = NonNullable<Stores["postgres"] | Stores["redis"] | Stores["memgraph"]>;

/** SQLite is a file of a service and has no container. */
export function storesWithContainers(system: System): Map<string, StoreWithContainer> {
    const { postgres, redis, memgraph } = system.stores;
    const stores = Object.entries({ postgres, redis, memgraph });
    return new Map(stores.filter((entry): entry is [string, StoreWithContainer] => entry[1] !== undefined));
}

export function storeMemory(
    context: SystemRuleContext,
    name: string,
    resources: Resources,
    said: Partial<Resources> | undefined,
): void {
    const need = memoryNeed(context, name);
    if (need === undefined || said?.memoryLimitMiB === undefined || resources.memoryLimitMiB > need.mib) return;
    const path = ["services", name, "resources", "memoryLimitMiB"];
    context.problems.add({
        path,
        value: said.memoryLimitMiB,
        rule: `must be above ${need.mib} MiB, which ${name} is told to use (${need.setting})`,
        remedy: context.problems.set(path, need.mib * 2),
    });
}

function memoryNeed(
    { system, environment }: SystemRuleContext,
    name: string,
): { mib: number; setting: string } | undefined {
    const { postgres, redis, memgraph } = system.stores;
    if (name === "redis" && redis) return { mib: redis.maxMemoryMiB, setting: "maxmemory" };
    if (name === "memgraph" && memgraph) {
        return { mib: inEnvironment(memgraph.memoryLimitMiB, environment), setting: "--memory-limit" };
    }
    if (name === "postgres" && postgres) {
        const mib = postgresMiB(postgresSettings(postgres, environment).shared_buffers);
        return mib === undefined ? undefined : { mib, setting: "shared_buffers" };
    }
    return undefined;
}

/** Postgres's units: kB, MB, GB, and 8 kB pages without one. */
function postgresMiB(setting: string | undefined): number | undefined {
    const [, amount, unit = ""] = /^(\d+)(kB|MB|GB)?$/.exec(setting ?? "") ?? [];
    if (amount === undefined) return undefined;
    const kib = { "": 8, kB: 1, MB: 1024, GB: 1024 * 1024 }[unit] ?? 0;
    return Math.ceil((Number(amount) * kib) / 1024);
}
