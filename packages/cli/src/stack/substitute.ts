/** One environment's configuration with another system put in its place. */
import { SYSTEMS } from "../../../../systems";
import {
    containerStores,
    type Database,
    imageKeys,
    storeCompanions,
    type System,
    type SystemKey,
    withDatabase,
} from "../../../../systems/types";
import { isMap } from "./text";

/** Values by key below `groundwork:`. */
export type ConfigValues = Record<string, unknown>;

/** Names in a system, by the config key that they stand under. */
const NAMES: Record<string, (system: System) => string[]> = {
    services: (system) => [
        ...system.services.map((s) => s.name),
        ...containerStores(system.stores).keys(),
        ...storeCompanions(system.stores).keys(),
    ],
    volumes: (system) => system.volumes.map((v) => v.name),
    secrets: (system) => system.secrets.map((s) => s.name),
    "images.overrides": imageKeys,
};

/**
 * Puts `key` in the place of the file's own system. What belongs to the environment stays: target, TLS, image source and mirror, Docker
 * host, backups, protection, objectives, the edge's address; and a domain whose first label is the system's key, with the other key there.
 * What belongs to the one system that the file was written for goes: any other domain, its database, stores, replica and ports, and the
 * settings of services, volumes, secrets and images that it has and the other has not. A name that neither has stays, so that validation
 * tells of it.
 * @returns the values, and the keys that were left out, for a note
 */
export function substituteSystem(values: ConfigValues, key: SystemKey): { values: ConfigValues; dropped: string[] } {
    const written = SYSTEMS[values["system"] as SystemKey] as System | undefined;
    const own = written && withDatabase(written, values["database"] as Database | undefined);
    const result: ConfigValues = structuredClone({ ...values, system: key });
    const dropped: string[] = [];
    if (values["system"] === key) return { values: result, dropped };

    const drop = (path: string, goes: (name: string) => boolean): void => {
        const map = path.split(".").reduce<unknown>((map, part) => (isMap(map) ? map[part] : undefined), result);
        if (!isMap(map)) return;
        for (const name of Object.keys(map).filter(goes)) {
            delete map[name];
            dropped.push(`groundwork:${path}.${name}`);
        }
    };
    const domain = result["domain"];
    const named = written && typeof domain === "string" && domain.startsWith(`${written.key}.`);
    if (named) result["domain"] = key + domain.slice(written.key.length);
    for (const name of [...(named ? [] : ["domain"]), "database", "stores", "postgres"].filter(
        (name) => name in result,
    )) {
        delete result[name];
        dropped.push(`groundwork:${name}`);
    }
    drop("edge", (name) => name === "httpPort" || name === "httpsPort");
    for (const [path, namesOf] of Object.entries(NAMES)) {
        const before = new Set(own ? namesOf(own) : []);
        const after = new Set(namesOf(SYSTEMS[key]));
        drop(path, (name) => before.has(name) && !after.has(name));
    }
    return { values: result, dropped };
}
