/**
 * What a rule is. A rule is pure: it looks at one thing (a container, a bucket, a stack) and reports what is wrong with it. It does not
 * know where that came from, so the same one runs in the policy pack and over files. Constructors by what is looked at (`containerRule` …)
 * are made by `ruleFor`, each beside its view.
 */
import type { Reference } from "../frameworks/framework";
import type { Raw } from "./raw";
import type { Resource, Stack } from "./resource";
import type { Settings, SettingsSchema } from "./settings";

/** The gravest first. */
export const SEVERITIES = ["critical", "high", "medium", "low"] as const;
export type Severity = (typeof SEVERITIES)[number];
/** mandatory: nothing is deployed. advisory: it is said. */
export type Level = "advisory" | "mandatory" | "disabled";
export const ENVIRONMENTS = ["dev", "staging", "prod"] as const;
export type Environment = (typeof ENVIRONMENTS)[number];

/** One thing that a rule looks at. */
export interface Unit {
    /** Where it is in its resource: `spec.template.spec.containers[0]`; empty: all of it. */
    readonly path: string;
    /** What messages call it, where the resource holds several: `init container migrate`. */
    readonly label?: string;
}

/** The units of a resource or a stack. Where an unknown keeps one from being seen, its path is in `unknown`. */
export interface Units<U extends Unit> {
    readonly units: readonly U[];
    readonly unknown: readonly string[];
    /** Parts that have the wrong type: no rule can pass them. */
    readonly malformed: readonly { path: string; message: string }[];
}

/** How a resource is looked at. `units` is called once a resource: views remember what they found. */
export interface ResourceView<U extends Unit> {
    readonly scope: "resource";
    /** Whether a resource of this type can have any unit. */
    applies(type: string): boolean;
    units(resource: Resource): Units<U>;
}

/** A unit of a stack says which resource it is about; without one it is about the stack. */
export interface StackUnit extends Unit {
    readonly resource?: Resource;
}

/** How a stack is looked at as a whole: for what is only seen by looking at several resources. */
export interface StackView<U extends StackUnit> {
    readonly scope: "stack";
    units(stack: Stack): Units<U>;
}

/** Takes what is wrong. */
export interface Report {
    /**
     * @param path of what is wrong, from the unit on; with a slash before it, from the resource on
     * @param message ends no line with a dot; says what is wrong and never shows a value that may be secret
     * @param resource in a stack's rule: what is wrong, where that is not the unit's own resource
     */
    (path: string, message: string, resource?: Resource): void;
    /** Goes on after an unknown or malformed part, which are noted: for each item of a list. */
    each(list: readonly unknown[], path: string, check: (item: unknown, path: string) => void): void;
    /** As `each`, of a list whose items must be maps. */
    eachMap(list: readonly unknown[], path: string, check: (item: Raw, path: string) => void): void;
    /** Does something, and notes an unknown or malformed part instead of ending with it. */
    attempt(action: () => void): void;
}

export interface Context<S extends SettingsSchema> {
    readonly settings: Settings<S>;
    readonly environment: Environment;
}

/** What is said of a rule, beside what it checks. */
export interface RuleInfo {
    /** Stable: GW-K8S-001. */
    readonly id: `GW-${"K8S" | "DOC" | "AWS" | "STK" | "WVR"}-${string}`;
    /** With the id the policy's name: `privileged`. */
    readonly slug: string;
    /** What holds where it is kept: "Containers are not privileged". */
    readonly title: string;
    /** What goes wrong where it is not kept. */
    readonly why: string;
    /** What to do. */
    readonly remedy: string;
    readonly severity: Severity;
    readonly levels: Readonly<Record<Environment, Level>>;
    /** Controls of frameworks that it checks, wholly or in part. */
    readonly references: readonly Reference[];
}

export interface Definition<U extends Unit, S extends SettingsSchema> extends RuleInfo {
    readonly settings?: S;
    /** Where all that it finds has one remedy: what belongs in the place of what is at a path that is reported. */
    readonly mend?: (found: unknown) => unknown;
    check(unit: U, report: Report, context: Context<S>): void;
}

interface RuleOf<V> extends RuleInfo {
    readonly view: V;
    readonly settings: SettingsSchema;
    readonly mend?: (found: unknown) => unknown;
    check(unit: Unit, report: Report, context: Context<SettingsSchema>): void;
}
export type ResourceRule = RuleOf<ResourceView<Unit>>;
export type StackRule = RuleOf<StackView<StackUnit>>;
export type Rule = ResourceRule | StackRule;

export type RuleConstructor<U extends Unit, R extends Rule> = <S extends SettingsSchema = Record<never, never>>(
    definition: Definition<U, S>,
) => R;

/** The constructor of rules that look at what a view shows. */
export function ruleFor<U extends Unit>(view: ResourceView<U>): RuleConstructor<U, ResourceRule>;
export function ruleFor<U extends StackUnit>(view: StackView<U>): RuleConstructor<U, StackRule>;
export function ruleFor(view: ResourceView<Unit> | StackView<StackUnit>): RuleConstructor<never, Rule> {
    return (definition) => ({ settings: {}, ...definition, view }) as unknown as Rule;
}

export function isResourceRule(rule: Rule): rule is ResourceRule {
    return rule.view.scope === "resource";
}

/** What Pulumi calls it: `gw-k8s-001-privileged`. */
export function policyName(rule: RuleInfo): string {
    return `${rule.id.toLowerCase()}-${rule.slug}`;
}

/** Mandatory from staging on, so that a developer can try something. */
export const FROM_STAGING = { dev: "advisory", staging: "mandatory", prod: "mandatory" } as const;
/** Mandatory everywhere: what nobody does for a good reason. */
export const ALWAYS = { dev: "mandatory", staging: "mandatory", prod: "mandatory" } as const;
/** Mandatory in prod, advice before. */
export const IN_PROD = { dev: "advisory", staging: "advisory", prod: "mandatory" } as const;
/** Advice wherever it is. */
export const ADVICE = { dev: "advisory", staging: "advisory", prod: "advisory" } as const;
/** Asked for in prod alone: a developer's machine has no second node. */
export const PROD_ONLY = { dev: "disabled", staging: "disabled", prod: "mandatory" } as const;
/** Advice in prod alone. */
export const PROD_ADVICE = { dev: "disabled", staging: "disabled", prod: "advisory" } as const;
