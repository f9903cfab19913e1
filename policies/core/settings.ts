/**
 * What of a rule can be set, and what is set: by `--policy-pack-config` in the pack, by `--config` under `gw policy`; one file for both.
 */
import { type Environment, type Level, policyName, type Rule, type RuleInfo } from "./rule";

type Value = string | number | boolean | readonly string[];

/** A setting: its type is the default's. */
export interface Setting<T extends Value = Value> {
    readonly description: string;
    /** One for all environments, or one for each. */
    readonly default: T | Readonly<Record<Environment, T>>;
}

export type SettingsSchema = Readonly<Record<string, Setting>>;

type Widened<T> = T extends string
    ? string
    : T extends number
      ? number
      : T extends boolean
        ? boolean
        : readonly string[];

/** What a rule gets. */
export type Settings<S extends SettingsSchema> = {
    readonly [K in keyof S]: S[K] extends Setting<infer T> ? Widened<T> : never;
};

/** By policy name, as Pulumi has it; "all" is for every rule. */
export type Configuration = Readonly<Record<string, RuleConfiguration | Level>>;
type RuleConfiguration = Readonly<Record<string, unknown>> & { readonly enforcementLevel?: Level | typeof REMEDIATE };

/** Pulumi mends what it can before it judges. In files nothing is mended. */
const REMEDIATE = "remediate";
const LEVELS = ["advisory", "mandatory", REMEDIATE, "disabled"];

function isPerEnvironment(value: Setting["default"]): value is Readonly<Record<Environment, Value>> {
    return typeof value === "object" && !Array.isArray(value);
}

function defaultOf(setting: Setting, environment: Environment): Value {
    return isPerEnvironment(setting.default) ? setting.default[environment] : setting.default;
}

/** What a rule is to use: what is configured, else its defaults. */
export function settingsOf(
    rule: Rule,
    configured: Readonly<Record<string, unknown>>,
    environment: Environment,
): Settings<SettingsSchema> {
    return Object.fromEntries(
        Object.entries(rule.settings).map(([key, setting]) => [
            key,
            (configured[key] as Value | undefined) ?? defaultOf(setting, environment),
        ]),
    );
}

function configurationOf(configuration: Configuration, name: string): RuleConfiguration {
    const value = configuration[name] ?? {};
    return typeof value === "string" ? { enforcementLevel: value } : value;
}

/** How a rule is enforced: as configured for it, for all, or as it says itself. */
export function levelOf(rule: RuleInfo, configuration: Configuration, environment: Environment): Level {
    const level =
        configurationOf(configuration, policyName(rule)).enforcementLevel ??
        configurationOf(configuration, "all").enforcementLevel ??
        rule.levels[environment];
    return level === REMEDIATE ? "mandatory" : level;
}

export function configuredFor(rule: RuleInfo, configuration: Configuration): Readonly<Record<string, unknown>> {
    return configurationOf(configuration, policyName(rule));
}

/** A JSON schema of a rule's settings, for Pulumi and for what is configured here. */
export function schemaOf(rule: Rule, environment: Environment): Record<string, SettingSchema> {
    return Object.fromEntries(
        Object.entries(rule.settings).map(([key, setting]) => {
            const value = defaultOf(setting, environment);
            const type = Array.isArray(value) ? "array" : (typeof value as "string" | "number" | "boolean");
            const items = Array.isArray(value) ? { items: { type: "string" as const } } : {};
            return [key, { type, ...items, description: setting.description, default: value }];
        }),
    );
}

export interface SettingSchema {
    type: "string" | "number" | "boolean" | "array";
    items?: { type: "string" };
    description: string;
    default: Value;
}

/** Everything that is wrong with a configuration; rules that do not exist, settings that a rule does not have, values of another type. */
export function problemsOf(configuration: unknown, rules: readonly Rule[]): string[] {
    if (typeof configuration !== "object" || configuration === null || Array.isArray(configuration)) {
        return ["it must be a map of policy names"];
    }
    const byName = new Map(rules.map((rule) => [policyName(rule), rule]));
    return Object.entries(configuration).flatMap(([name, value]: [string, unknown]) => {
        const rule = byName.get(name);
        if (!rule && name !== "all") return [`${name}: there is no such policy`];
        if (typeof value === "string")
            return LEVELS.includes(value) ? [] : [`${name}: must be one of ${LEVELS.join(", ")}`];
        if (typeof value !== "object" || value === null) return [`${name}: must be a level or a map`];
        return Object.entries(value).flatMap(([key, set]: [string, unknown]) => {
            if (key === "enforcementLevel") {
                return LEVELS.includes(set as string) ? [] : [`${name}.${key}: must be one of ${LEVELS.join(", ")}`];
            }
            const schema = rule && schemaOf(rule, "prod")[key];
            if (!schema) return [`${name}.${key}: the policy has no such setting`];
            return isOf(schema, set)
                ? []
                : [`${name}.${key}: must be ${schema.type === "array" ? "a list of strings" : `a ${schema.type}`}`];
        });
    });
}

function isOf(schema: SettingSchema, value: unknown): boolean {
    if (schema.type !== "array") return typeof value === schema.type;
    return Array.isArray(value) && value.every((item) => typeof item === "string");
}
