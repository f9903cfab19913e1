/** Writes `docs/systems.md` from the systems' data, as part of `npm run generate`. */
import { CATALOG } from "../images/catalog";
import { storeAddresses } from "./external";
import { SYSTEMS } from ".";
import {
    health,
    origin,
    required,
    migration,
    backup,
    perEnvironment,
    limits,
    duration,
    link,
    code,
    table,
} from "./page.cells";
import {
    postgresSettings,
    POOLER,
    type PerEnvironment,
    REPLICA,
    type Resources,
    type System,
    type SystemVariant,
} from "./types";

/** The page, in Markdown that is yet to be formatted. */
export function systemsPage(): string {
    const systems = Object.values(SYSTEMS);
    return [
        "# The five systems",
        "<!-- Generated from systems/ by `npm run generate`. Do not edit. -->",
        "What each system runs, what it needs from you, and what is promised for it. Every figure comes from the system's " +
            "own document; where that is silent, the choice and its reason are in a comment in `systems/`, and the choices " +
            "that you should know of are under _Good to know_. Figures that differ are given as dev / staging / prod. " +
            "`{url}` stands for the stack's address, `{apiUrl}` for its API's.",
        "## At a glance",
        table(
            ["Key", "System", "Services", "Stores", "Dev stack"],
            systems.map((system) => [
                link(system.key),
                system.title,
                system.services.map((one) => one.name).join(", "),
                Object.keys(system.stores).join(", "),
                `https://${system.key}.localhost:${system.edge.devHttpsPort}`,
            ]),
        ),
        ...systems.flatMap(section),
    ].join("\n\n");
}

function section(system: System): string[] {
    return [
        `## ${system.key}`,
        `**${system.title}.** ${system.summary}. Document: ${system.document}.${host(system)}`,
        "### Services",
        table(
            ["Name", "Image", "Port", "Replicas (most)", "CPU limit", "Memory limit (MiB)", "Health", "Starts after"],
            system.services.map((one) => [
                one.name,
                code(CATALOG[one.image]!.registry),
                String(one.port ?? "none"),
                `${perEnvironment(one.replicas)} (${one.maxReplicas})`,
                limits(one.resources, "cpuLimit"),
                limits(one.resources, "memoryLimitMiB"),
                health(one),
                one.dependsOn.join(", ") || "nothing",
            ]),
        ),
        "### Stores",
        table(["Store", "Image", "CPU limit", "Memory limit (MiB)", "Settings"], stores(system)),
        ...Object.entries(system.databases?.others ?? {}).flatMap(([name, variant]) =>
            otherDatabase(name, variant, system),
        ),
        "### Variables",
        table(
            ["Service", "Variable", "Required", "Default", "Set to", "Meaning"],
            system.services.flatMap((one) =>
                one.env.map((variable) => [
                    one.name,
                    code(variable.name),
                    variable.required ? "yes" : "no",
                    variable.documentDefault === undefined ? "" : code(variable.documentDefault),
                    variable.value
                        ? perEnvironment(variable.value, (value) => code(storeAddresses(value, system.stores)))
                        : "not set",
                    variable.description,
                ]),
            ),
        ),
        "### Secrets",
        table(
            ["Secret", "Where from", "Required", "Meaning"],
            system.secrets.map((one) => [code(one.name), origin(one, system), required(one), one.description]),
        ),
        "### Volumes",
        table(
            ["Volume", "Size (GiB)", "Kept outside of dev", "Holds"],
            system.volumes.map((one) => [
                code(one.name),
                perEnvironment(one.size, (size) => String(size / 1024)),
                one.stateful ? "yes" : "no",
                one.description,
            ]),
        ),
        "### Migrations",
        system.migrations.length === 0 ? "None." : system.migrations.map(migration).join("\n"),
        "### Backups and recovery",
        table(["Of", "When (UTC)", "Kept", "How"], system.backups.map(backup)),
        table(
            ["If this happens", "Back within", "Data lost at most"],
            system.objectives.map((one) => [
                one.scenario.replaceAll("-", " "),
                duration(one.rtoSeconds),
                one.rpoSeconds === 0 ? "none" : duration(one.rpoSeconds),
            ]),
        ),
        "### Alerts",
        "What the document asks somebody's Prometheus to tell of. Nothing here deploys one.",
        table(
            ["Alert", "Severity", "Condition", "For"],
            system.alerts.map((one) => [
                one.name,
                one.severity,
                code(one.condition),
                one.forSeconds === 0 ? "at once" : duration(one.forSeconds),
            ]),
        ),
        "### Good to know",
        system.notes.map((note) => `- ${note}`).join("\n"),
    ];
}

/** What is different with another database. */
function otherDatabase(name: string, variant: SystemVariant, system: System): string[] {
    const own = <T>(all: T[] | undefined, before: T[]): T[] => (all ?? []).filter((one) => !before.includes(one));
    const facts = [
        ...own(variant.services, system.services).map(
            (one) =>
                `- ${one.name} starts after ${one.dependsOn.join(", ")} and is given ${one.secrets.map(code).join(", ")}`,
        ),
        ...own(variant.secrets, system.secrets).map(
            (one) => `- ${code(one.name)} is ${origin(one, { stores: variant.stores ?? system.stores })}`,
        ),
        ...own(variant.volumes, system.volumes).map((one) => `- ${code(one.name)} holds ${one.description}`),
        ...own(variant.backups, system.backups).map((one) => `- ${backup(one).join("; ")}`),
    ];
    return [
        `With ${code(`groundwork:database: ${name}`)} instead:`,
        table(
            ["Store", "Image", "CPU limit", "Memory limit (MiB)", "Settings"],
            stores({ stores: variant.stores ?? {} }),
        ),
        facts.join("\n"),
    ];
}

function host({ host: size }: System): string {
    if (!size) return "";
    const { cpu, memoryMiB, diskMiB } = size.minimum;
    return ` It asks for at least ${cpu ? `${cpu} cores, ` : ""}${memoryMiB / 1024} GiB of memory and ${diskMiB / 1024} GiB of disk.`;
}

function stores(system: Pick<System, "stores">): string[][] {
    const { postgres, redis, memgraph, sqlite } = system.stores;
    const row = (name: string, store: { image: string; resources: PerEnvironment<Resources> }, settings: string) => [
        name,
        code(CATALOG[store.image]!.registry),
        limits(store.resources, "cpuLimit"),
        limits(store.resources, "memoryLimitMiB"),
        settings,
    ];
    const assignments = (settings: Record<string, string>): string =>
        Object.entries(settings)
            .map(([name, value]) => code(`${name}=${value}`))
            .join(", ");
    return [
        ...(postgres
            ? [
                  row(
                      "postgres",
                      postgres,
                      `database ${code(postgres.database)}, role ${code(postgres.user)}, ${postgres.tls ? "TLS required" : "no TLS"}, extensions ${postgres.extensions.map(code).join(", ") || "none"}; in prod ${assignments(postgresSettings(postgres, "prod"))}`,
                  ),
              ]
            : []),
        ...(postgres?.replicaVolume
            ? [
                  row(
                      REPLICA,
                      postgres,
                      `a hot standby of it on ${code(postgres.replicaVolume)}: ${perEnvironment(postgres.readReplicas)}`,
                  ),
              ]
            : []),
        ...(postgres?.pooler
            ? [
                  row(
                      POOLER,
                      postgres.pooler,
                      `${postgres.pooler.poolSize} connections to Postgres in all, a transaction each; ${perEnvironment(postgres.pooler.replicas)} replicas, up to ${postgres.pooler.maxClients} clients each`,
                  ),
              ]
            : []),
        ...(redis
            ? [
                  row(
                      "redis",
                      redis,
                      assignments({
                          maxmemory: `${redis.maxMemoryMiB}mb`,
                          "maxmemory-policy": redis.maxMemoryPolicy,
                          appendonly: redis.appendOnly ? "yes" : "no",
                          ...(redis.appendOnly && { appendfsync: redis.appendFsync }),
                          ...(redis.maxClients && { maxclients: String(redis.maxClients) }),
                          save: redis.save.join(" ") || '""',
                      }),
                  ),
              ]
            : []),
        ...(memgraph
            ? [
                  row(
                      "memgraph",
                      memgraph,
                      `Bolt on ${memgraph.boltPort}, monitoring on ${memgraph.monitoringPort}, a snapshot every ${duration(memgraph.snapshotIntervalSeconds)}, ${memgraph.snapshotRetention} kept`,
                  ),
              ]
            : []),
        ...(sqlite ? [["sqlite", `in ${sqlite.service}`, "", "", code(sqlite.path)]] : []),
    ];
}
