/** Rules on `services`, held against the system's data. */
import {
    backupCompanions,
    containerStores,
    EDGE,
    externalStores,
    inEnvironment,
    type Resources,
    type Service,
    storeCompanions,
} from "../../systems/types";
import type { ConfigInput } from "../schema";
import { hint } from "../suggest";
import { effective } from "../effective";
import type { RuleContext } from "./context";
import { storeMemory } from "./store-memory";

type ServiceInput = NonNullable<ConfigInput["services"]>[string];

export function services(context: RuleContext): void {
    const { system, input, problems } = context;
    const byName = new Map(system.services.map((service) => [service.name, service]));
    const stores = new Map([
        ...containerStores(system.stores),
        ...storeCompanions(system.stores),
        ...backupCompanions(system),
    ]);
    for (const [name, said] of Object.entries(input.services ?? {})) {
        const service = byName.get(name);
        if (service !== undefined) {
            replicas(context, service, said);
            env(context, service, said);
            delivery(context, service, said);
            reservations(context, name, inEnvironment(service.resources, context.environment), said);
        } else if (name === EDGE || stores.has(name)) {
            const store = stores.get(name);
            resourcesOnly(context, name, said);
            const own = inEnvironment((store ?? system.edge).resources, context.environment);
            reservations(context, name, own, said);
            storeMemory(context, name, { ...own, ...said.resources }, said.resources);
        } else if (!externalStores(system.stores).has(name)) {
            const known = [...byName.keys(), ...stores.keys(), EDGE];
            problems.add({
                path: ["services", name],
                rule: `is not a service or store of ${system.key}. ${hint(name, known)}`,
                remedy: problems.remove(["services", name]),
            });
        }
    }
}

/** Variables that the program cannot start without and that nobody sets. */
export function requiredEnv({ system, environment, input, problems }: RuleContext): void {
    for (const service of system.services) {
        const said = input.services?.[service.name]?.env ?? {};
        for (const variable of service.env) {
            const path = ["services", service.name, "env", variable.name];
            const own = variable.value && inEnvironment(variable.value, environment);
            if (!variable.required || own !== undefined || Object.hasOwn(said, variable.name)) continue;
            if (problems.touches(path)) continue;
            problems.add({
                path,
                rule: `is required: ${system.key} does not start without it (${variable.description})`,
                remedy: problems.set(path, variable.documentDefault ?? "<value>"),
            });
        }
    }
}

function replicas({ system, problems }: RuleContext, service: Service, said: ServiceInput): void {
    const wanted = said.replicas;
    if (wanted === undefined) return;
    const path = ["services", service.name, "replicas"];
    const shared = new Map(system.volumes.map((volume) => [volume.name, volume.shared]));
    const single = service.mounts.find((mount) => shared.get(mount.volume) === false && mount.readOnly !== true);
    if (wanted > 1 && single !== undefined) {
        problems.add({
            path,
            value: wanted,
            rule: `must be 1: the volume ${single.volume} can be written by one replica only`,
            remedy: problems.set(path, 1),
        });
    } else if (wanted > service.maxReplicas) {
        problems.add({
            path,
            value: wanted,
            rule: `must be at most ${service.maxReplicas}: the document of ${system.key} allows no more`,
            remedy: problems.set(path, service.maxReplicas),
        });
    }
}

/** A secret in the environment shows in `docker inspect`, in the process list and in the state. */
function env({ system, problems }: RuleContext, service: Service, said: ServiceInput): void {
    const secrets = new Set(system.secrets.map((secret) => secret.name));
    for (const name of Object.keys(said.env ?? {})) {
        const path = ["services", service.name, "env", name];
        if (secrets.has(name)) {
            problems.add({
                path,
                rule: `is a secret of ${system.key} and must not be a plain variable: give it under groundwork:secrets`,
                remedy: `${problems.remove(path)}; then ${problems.set(["secrets", name], "")}`,
            });
        } else if (name.endsWith("_FILE") && secrets.has(name.slice(0, -"_FILE".length))) {
            problems.add({
                path,
                rule: `is set by Groundwork: it names the file that holds the secret ${name.slice(0, -"_FILE".length)}`,
                remedy: problems.remove(path),
            });
        }
    }
}

function delivery(context: RuleContext, service: Service, said: ServiceInput): void {
    const { problems } = context;
    // There it is the kubelet that sets variables, and no shell.
    if (effective(context, "target") === "kubernetes") return;
    const path = ["services", service.name, "command"];
    const hasCommand = said.command !== undefined || service.command !== undefined;
    if (said.secretDelivery !== "export" || hasCommand || problems.touches(path)) return;
    problems.add({
        path,
        rule: "is required with secretDelivery export: a shell exports the secrets and then runs it",
        remedy: problems.set([...path, 0], "<program>"),
    });
}

function resourcesOnly({ problems }: RuleContext, name: string, said: ServiceInput): void {
    for (const key of ["replicas", "env", "command", "secretDelivery"] as const) {
        const value = said[key];
        if (value === undefined || (key === "replicas" && value === 1)) continue;
        problems.add({
            path: ["services", name, key],
            value: key === "env" ? undefined : value,
            rule: `cannot be set for ${name}, only resources can: the rest of it is the system's`,
            remedy: problems.remove(["services", name, key]),
        });
    }
}

function reservations({ problems, environment }: RuleContext, name: string, own: Resources, said: ServiceInput): void {
    const all = { ...own, ...said.resources };
    for (const [reservation, limit, unit] of [
        ["cpuReservation", "cpuLimit", "cores"],
        ["memoryReservationMiB", "memoryLimitMiB", "MiB"],
    ] as const) {
        const set = { reservation: said.resources?.[reservation], limit: said.resources?.[limit] };
        if (all[reservation] <= all[limit] || (set.reservation === undefined && set.limit === undefined)) continue;
        const base = ["services", name, "resources"];
        const from = (value: unknown) => (value === undefined ? `, the default in ${environment}` : "");
        if (set.reservation !== undefined) {
            problems.add({
                path: [...base, reservation],
                value: set.reservation,
                rule: `must not be above ${limit} (${all[limit]} ${unit}${from(set.limit)})`,
                remedy: problems.set([...base, reservation], all[limit]),
            });
        } else {
            problems.add({
                path: [...base, limit],
                value: set.limit,
                rule: `must not be below ${reservation} (${all[reservation]} ${unit}, the default in ${environment})`,
                remedy: problems.set([...base, limit], all[reservation]),
            });
        }
    }
}
