/** A store's container must have room for what the store itself is told to use: the kernel kills it otherwise, under load. */
import { inEnvironment, postgresMiB, postgresSettings, REPLICA, type Resources } from "../../systems/types";
import type { RuleContext } from "./context";

export function storeMemory(
    context: RuleContext,
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

function memoryNeed({ system, environment }: RuleContext, name: string): { mib: number; setting: string } | undefined {
    const { postgres, redis, memgraph } = system.stores;
    if (name === "redis" && redis) return { mib: redis.maxMemoryMiB, setting: "maxmemory" };
    if (name === "memgraph" && memgraph) {
        return { mib: inEnvironment(memgraph.memoryLimitMiB, environment), setting: "--memory-limit" };
    }
    if ((name === "postgres" || name === REPLICA) && postgres) {
        const mib = postgresMiB(postgresSettings(postgres, environment).shared_buffers);
        return mib === undefined ? undefined : { mib, setting: "shared_buffers" };
    }
    return undefined;
}
