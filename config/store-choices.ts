/** What a stack file says of the stores, with the defaults filled in. */
import type { Environment, System } from "../systems/types";
import type { StoreChoices } from "../systems/external";
import { effectiveValues, type Get } from "./effective";
import type { ConfigInput } from "./schema";

/** What is missing and required is empty here: `rules/external.ts` and `rules/operator.ts` tell of it. */
export function storeChoices(input: ConfigInput, system: System, environment: Environment): StoreChoices {
    const get = effectiveValues({ input, system, environment });
    return { postgres: postgresChoice(input.stores?.postgres, get), redis: redisChoice(input.stores?.redis, get) };
}

type Said = NonNullable<ConfigInput["stores"]>;

function postgresChoice(said: Said["postgres"] = {}, get: Get): StoreChoices["postgres"] {
    const mode = get("stores.postgres.mode");
    if (mode === "container") return { mode };
    if (mode === "operator") {
        const { instances, apiServer = [] } = said;
        return { mode, instances, apiServer, operatorNamespace: get("stores.postgres.operatorNamespace") };
    }
    const { host = "", user, database, addresses = [] } = said;
    return {
        mode,
        ...{ host, user, database, addresses },
        port: get("stores.postgres.port"),
        tls: get("stores.postgres.tls"),
    };
}

function redisChoice(said: Said["redis"] = {}, get: Get): StoreChoices["redis"] {
    if (get("stores.redis.mode") !== "external") return { mode: "container" };
    const { host = "", user, addresses = [] } = said;
    return {
        mode: "external",
        ...{ host, user, addresses },
        port: get("stores.redis.port"),
        tls: get("stores.redis.tls"),
    };
}
