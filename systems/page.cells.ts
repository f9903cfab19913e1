/** What a cell of `docs/systems.md` says: a probe, a size, a duration, where a secret comes from. */
import { storeAddresses } from "./external";
import {
    ENVIRONMENTS,
    inEnvironment,
    type PerEnvironment,
    type Resources,
    type Secret,
    type Service,
    type System,
} from "./types";

export function health(service: Service): string {
    const probe = inEnvironment(service.health, "prod");
    const pace = `every ${probe.intervalSeconds} s, ${probe.retries} times`;
    return probe.kind === "http" ? `${code(`GET ${probe.path}`)} ${pace}` : pace;
}

export function origin({ shape }: Secret, { stores }: Pick<System, "stores">): string {
    switch (shape.kind) {
        case "base64":
            return `generated: ${shape.bytes} bytes, base64`;
        case "alphanumeric":
            return `generated: ${shape.length} letters and digits`;
        case "derived":
            return `made of the stores' passwords: ${code(storeAddresses(shape.template, stores))}`;
        case "given":
            return shape.example ? `you, e.g. ${code(shape.example)}` : "you";
    }
}

export function required(secret: Secret): string {
    if (!secret.required) return "no";
    return secret.alternatives ? `yes, or ${secret.alternatives.map(code).join(", ")}` : "yes";
}

export function migration({ command, service, secrets = {} }: System["migrations"][number]): string {
    const other = Object.entries(secrets).map(([name, from]) => `, with ${code(from)} as ${code(name)}`);
    return `1. ${code(command.join(" "))} in ${service}${other.join("")}`;
}

export function backup({ store, schedules, retention, method }: System["backups"][number]): string[] {
    const { days, daily, weekly, localDays } = retention;
    const kept = [
        days && `${days} days`,
        daily && `${daily} daily`,
        weekly && `${weekly} weekly`,
        localDays && `${localDays} days on the machine`,
    ].filter(Boolean);
    return [
        store,
        schedules.map((one) => `${one.name} (${one.kind}) ${code(one.cron)}`).join(", ") || "not scheduled",
        kept.join(", ") || "for ever",
        method,
    ];
}

/** One value where all three are the same. */
export function perEnvironment<T>(value: PerEnvironment<T>, show: (value: T) => string = String): string {
    const shown = ENVIRONMENTS.map((environment) => show(inEnvironment(value, environment)));
    return new Set(shown).size === 1 ? shown[0]! : shown.join(" / ");
}

export function limits(resources: PerEnvironment<Resources>, key: keyof Resources): string {
    return ENVIRONMENTS.map((environment) => inEnvironment(resources, environment)[key]).join(" / ");
}

export function duration(seconds: number): string {
    if (seconds % 3600 === 0) return seconds === 3600 ? "1 hour" : `${seconds / 3600} hours`;
    return seconds % 60 === 0 ? `${seconds / 60} min` : `${seconds} s`;
}

export function link(key: string): string {
    return `[\`${key}\`](#${key})`;
}

export function code(text: string): string {
    return text === "" ? "(empty)" : `\`${text.replaceAll("|", "\\|")}\``;
}

export function table(head: string[], rows: string[][]): string {
    const line = (cells: string[]): string => `| ${cells.join(" | ")} |`;
    return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}
