/** Has one rule look at one resource or stack. */
import { asMap, join, MalformedError, placed, placeOf } from "./raw";
import type { Resource, Stack } from "./resource";
import { type Context, isResourceRule, type Report, type Rule, type StackUnit, type Unit, type Units } from "./rule";
import type { SettingsSchema } from "./settings";
import { UnknownValueError } from "./unknown";

/** Something that is wrong. */
export interface Finding {
    /** Absent: it is about the stack as a whole. */
    resource?: Resource;
    /** From the resource's properties on; empty: all of it. */
    path: string;
    message: string;
}

/** Where an unknown kept a rule from a verdict. */
export interface Unevaluated {
    resource?: Resource;
    /** Path of the unknown. */
    path: string;
}

export interface Checked {
    findings: Finding[];
    unevaluated: Unevaluated[];
}

const CLEAN: Checked = Object.freeze({ findings: [], unevaluated: [] });

export function checkResource(rule: Rule, resource: Resource, context: Context<SettingsSchema>): Checked {
    const { view } = rule;
    if (view.scope !== "resource") return CLEAN;
    // What decides whether there is anything to look at may itself be unknown, or not be readable.
    return new Check(rule, context, resource).run(() => view.units(resource));
}

export function checkStack(rule: Rule, stack: Stack, context: Context<SettingsSchema>): Checked {
    const { view } = rule;
    if (view.scope !== "stack") return CLEAN;
    return new Check(rule, context, undefined).run(() => view.units(stack));
}

export function appliesTo(rule: Rule, type: string): boolean {
    return isResourceRule(rule) && rule.view.applies(type);
}

class Check {
    private readonly checked: Checked = { findings: [], unevaluated: [] };
    private readonly seen = new Set<string>();

    constructor(
        private readonly rule: Rule,
        private readonly context: Context<SettingsSchema>,
        private readonly resource: Resource | undefined,
    ) {}

    run(units: () => Units<StackUnit>): Checked {
        let found: Units<StackUnit> | undefined;
        this.guard({ path: "" }, () => (found = units()));
        if (!found) return this.checked;
        for (const path of found.unknown) this.unknown(this.resource, path);
        for (const { path, message } of found.malformed) this.find({ path: "" }, path, message);
        for (const unit of found.units) {
            const report = this.reportOn(unit);
            this.guard(unit, () => this.rule.check(unit, report, this.context));
        }
        return this.checked;
    }

    private reportOn(unit: StackUnit): Report {
        const attempt = (action: () => void) => this.guard(unit, action);
        const each: Report["each"] = (list, path, check) => {
            for (let n = 0; n < list.length; n++) attempt(() => check(list[n], `${path}[${n}]`));
        };
        const eachMap: Report["eachMap"] = (list, path, check) =>
            each(list, path, (item, at) => check(placed(asMap(item, at), join(unit.path, at)), at));
        const report = (path: string, message: string, resource?: Resource): void =>
            this.find(unit, path, message, resource);
        return Object.assign(report, { attempt, each, eachMap });
    }

    /** An unknown leaves its part without a verdict; whatever else goes wrong is no pass. */
    private guard(unit: StackUnit, action: () => void): void {
        try {
            action();
        } catch (error) {
            if (error instanceof UnknownValueError) this.unknown(unit.resource ?? this.resource, error.path);
            else if (error instanceof MalformedError) this.malformed(unit, error);
            else this.find(unit, "", `rule failed: ${nameOf(error)}`);
        }
    }

    private malformed(unit: StackUnit, { from, path, message }: MalformedError): void {
        const place = placeOf(from);
        // From the resource on, or from the unit on.
        if (place === undefined) this.find(unit, path, message);
        else this.find({ ...unit, path: place }, path, message);
    }

    private find(unit: StackUnit, path: string, message: string, resource?: Resource): void {
        const about = resource ?? unit.resource ?? this.resource;
        const absolute = path.startsWith("/") ? path.slice(1) : undefined;
        const at = absolute ?? (resource && resource !== unit.resource ? path : join(unit.path, path));
        const text = unit.label ? `${unit.label}: ${message}` : message;
        if (this.isNew(`${about?.urn ?? about?.name} ${at} ${text}`)) {
            this.checked.findings.push({ resource: about, path: at, message: text });
        }
    }

    private unknown(resource: Resource | undefined, path: string): void {
        if (this.isNew(`${resource?.urn ?? resource?.name} ${path}?`))
            this.checked.unevaluated.push({ resource, path });
    }

    private isNew(key: string): boolean {
        const before = this.seen.size;
        return this.seen.add(key).size > before;
    }
}

/** Without its message, which may show what it failed on. */
function nameOf(error: unknown): string {
    return error instanceof Error ? error.name : typeof error;
}

/** Collects units, where each may be unknown or malformed without hiding the others. */
export class UnitsBuilder<U extends Unit> implements Units<U> {
    readonly units: U[] = [];
    readonly unknown: string[] = [];
    readonly malformed: { path: string; message: string }[] = [];

    /** @param path of what is read, for the error */
    attempt(path: string, action: () => void): void {
        try {
            action();
        } catch (error) {
            if (error instanceof UnknownValueError) this.unknown.push(error.path);
            else if (error instanceof MalformedError)
                this.malformed.push({ path: join(path, error.path), message: error.message });
            else throw error;
        }
    }
}
