/** What a stack file says of the stores, with the defaults filled in. */
import type { Environment, System } from "../systems/types";
import type { StoreChoices } from "../systems/external";
import { type DefaultPath, defaultOf } from "./defaults";
import type { ConfigInput } from "./schema";

/** What is missing and required is empty here: `rules/external.ts` and `rules/operator.ts` tell of it. */
export function storeChoices({ stores = {} }: ConfigInput, system: System, environment: Environment): StoreChoices {
    const preset = <T>(path: DefaultPath) => defaultOf(path, system, environment) as T;
    return {
        postgres: postgresChoice(stores.postgres, preset),
        redis: redisChoice(stores.redis, preset),
    };
}

type Preset = <T>(path: DefaultPath) => T;
type Said = NonNullable<ConfigInput["stores"]>;

function postgresChoice(said: Said["postgres"] = {}, preset: Preset): StoreChoices["postgres"] {
    const mode = said.mode ?? preset<StoreChoices["postgres"]["mode"]>("stores.postgres.mode");
    if (mode === "container") return { mode };
    if (mode === "operator") {
        const { instances, apiServer = [] } = said;
        const operatorNamespace = said.operatorNamespace ?? preset<string>("stores.postgres.operatorNamespace");
        return { mode, instances, apiServer, operatorNamespace };
    }
    const { host = "", user, database, addresses = [] } = said;
    return {
        mode,
        ...{ host, user, database, addresses },
        port: said.port ?? preset("stores.postgres.port"),
        tls: said.tls ?? preset("stores.postgres.tls"),
    };
}

function redisChoice(said: Said["redis"] = {}, preset: Preset): StoreChoices["redis"] {
    if ((said.mode ?? preset("stores.redis.mode")) !== "external") return { mode: "container" };
    const { host = "", user, addresses = [] } = said;
    return {
        mode: "external",
        ...{ host, user, addresses },
        port: said.port ?? preset("stores.redis.port"),
        tls: said.tls ?? preset("stores.redis.tls"),
    };
}
