import { POOLER_PORT, POSTGRES_PORT, REDIS_PORT } from "../systems/addresses";
import { OBJECT_STORE, POOLER, REPLICA, type System } from "../systems/types";
import { OBJECT_STORE_PORT } from "./backup/object-store";

/** Where a store answers, or what stands before or beside one. Undefined: it is none, or answers nowhere. */
export function storePort(name: string, { stores }: Pick<System, "stores">): number | undefined {
    switch (name) {
        case "postgres":
        case REPLICA:
            return POSTGRES_PORT;
        case POOLER:
            return POOLER_PORT;
        case "redis":
            return REDIS_PORT;
        case "memgraph":
            return stores.memgraph?.boltPort;
        case OBJECT_STORE:
            return OBJECT_STORE_PORT;
        default:
            return undefined;
    }
}
