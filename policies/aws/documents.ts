/** Policy documents of AWS as rules look at them: statements, each with its lists, wherever a document is. */
import { UnitsBuilder } from "../core/check";
import { asMap, asText, isRaw, join, keyIn, listAt, MalformedError, mapAt, textAt, valueAt } from "../core/raw";
import type { Raw } from "../core/raw";
import { remember } from "../core/remember";
import type { Resource } from "../core/resource";
import { ruleFor } from "../core/rule";
import type { Unit } from "../core/rule";
import { isUnknown, UnknownValueError } from "../core/unknown";

/** identity: what somebody may do. trust: who may become a role. resource: who may do what with one thing. */
export type DocumentKind = "identity" | "trust" | "bucket" | "key";

interface Condition {
    /** `StringEquals`, `Bool` … */
    readonly operator: string;
    readonly key: string;
    readonly values: readonly string[];
}

/** A statement, with every list made one. */
class Statement {
    readonly effect: string;
    readonly actions: readonly string[];
    readonly notActions: readonly string[];
    readonly resources: readonly string[];
    readonly notResources: readonly string[];
    /** `AWS`, `Service`, `Federated` … with whom; `*` alone is everybody of any kind. */
    readonly principals: readonly { type: string; value: string }[];
    readonly conditions: readonly Condition[];
    readonly hasNotPrincipal: boolean;

    constructor(raw: Raw) {
        this.effect = textAt(raw, "Effect") ?? "";
        this.actions = textsAt(raw, "Action");
        this.notActions = textsAt(raw, "NotAction");
        this.resources = textsAt(raw, "Resource");
        this.notResources = textsAt(raw, "NotResource");
        this.principals = principalsOf(raw);
        this.hasNotPrincipal = valueAt(raw, "NotPrincipal") !== undefined;
        this.conditions = Object.entries(mapAt(raw, "Condition")).flatMap(([operator, keys]) =>
            Object.keys(asMap(keys, `Condition.${operator}`)).map((key) => ({
                ...{ operator, key },
                values: textsAt(keys as Raw, key),
            })),
        );
    }

    get allows(): boolean {
        return this.effect === "Allow";
    }

    /** Whoever comes, with credentials or without. */
    get isForEverybody(): boolean {
        return this.principals.some(({ type, value }) => value === "*" && (type === "*" || type === "AWS"));
    }

    /** On anything that its actions can be on. */
    get isOnEverything(): boolean {
        return this.resources.includes("*") || this.notResources.length > 0;
    }

    /** Whether it is about an action: `s3:GetObject`. */
    covers(action: string): boolean {
        if (this.notActions.length > 0) return !this.notActions.some((pattern) => matches(pattern, action));
        return this.actions.some((pattern) => matches(pattern, action));
    }
}

export interface PolicyStatement extends Unit {
    readonly kind: DocumentKind;
    readonly statement: Statement;
}

/** Where resources have documents: properties by type. */
const DOCUMENTS: Readonly<Record<string, Readonly<Record<string, DocumentKind>>>> = {
    "aws:iam/groupPolicy:GroupPolicy": { policy: "identity" },
    "aws:iam/policy:Policy": { policy: "identity" },
    "aws:iam/role:Role": { assumeRolePolicy: "trust" },
    "aws:iam/rolePolicy:RolePolicy": { policy: "identity" },
    "aws:iam/userPolicy:UserPolicy": { policy: "identity" },
    "aws:kms/key:Key": { policy: "key" },
    "aws:kms/keyPolicy:KeyPolicy": { policy: "key" },
    "aws:s3/bucket:Bucket": { policy: "bucket" },
    "aws:s3/bucketV2:BucketV2": { policy: "bucket" },
    "aws:s3/bucketPolicy:BucketPolicy": { policy: "bucket" },
};

const statementUnits = remember((resource: Resource) => {
    const found = new UnitsBuilder<PolicyStatement>();
    const add = (raw: Raw, key: string, at: string, kind: DocumentKind) =>
        found.attempt("", () => {
            rawStatements(raw, key, at).forEach((item, n) => {
                const path = join(at, `Statement[${n}]`);
                found.attempt("", () => {
                    const statement = made(item, path);
                    const id = textAt(item as Raw, "Sid");
                    found.units.push({ kind, statement, path, ...(id !== undefined && { label: `statement ${id}` }) });
                });
            });
        });
    for (const [key, kind] of Object.entries(DOCUMENTS[resource.type] ?? {})) add(resource.props, key, key, kind);
    if (resource.type !== "aws:iam/role:Role") return found;
    found.attempt("", () => {
        listAt(resource.props, "inlinePolicies").forEach((item, n) => {
            const at = `inlinePolicies[${n}]`;
            found.attempt("", () => add(asMap(item, at), "policy", join(at, "policy"), "identity"));
        });
    });
    return found;
});

/** Looks at every statement of every policy document. */
export const statementRule = ruleFor<PolicyStatement>({
    scope: "resource",
    applies: (type) => Object.hasOwn(DOCUMENTS, type),
    units: statementUnits,
});

/** The statements of a document in a property. */
export function statementsIn(raw: Raw, key: string): Statement[] {
    return rawStatements(raw, key, key).map((item, n) => made(item, `${key}.Statement[${n}]`));
}

/** Where a document has one statement, that need not be a list. */
function rawStatements(raw: Raw, key: string, path: string): readonly unknown[] {
    const value = valueAt(raw, key);
    if (value === undefined || value === "") return [];
    const document = typeof value === "string" ? parsed(value, path) : value;
    const statements = valueAt(asMap(document, path), "Statement");
    if (statements === undefined) return [];
    return Array.isArray(statements) ? (statements as unknown[]) : [statements];
}

function parsed(text: string, path: string): unknown {
    try {
        return JSON.parse(text);
    } catch {
        throw new MalformedError(path, "a policy document in JSON", text);
    }
}

function made(item: unknown, path: string): Statement {
    const raw = asMap(item, path);
    try {
        return new Statement(raw);
    } catch (error) {
        if (error instanceof MalformedError)
            throw new MalformedError(join(path, error.path), "of a type that AWS reads", undefined);
        throw error;
    }
}

function textsAt(raw: Raw, key: string): string[] {
    const value = valueAt(raw, key);
    if (value === undefined) return [];
    return (Array.isArray(value) ? (value as unknown[]) : [value]).map((item, n) => {
        const at = `${keyIn(key)}[${n}]`;
        const text = typeof item === "boolean" ? String(item) : asText(item, at);
        // In a document that was put together from parts, as an object.
        if (isUnknown(text)) throw new UnknownValueError(at);
        return text;
    });
}

function principalsOf(raw: Raw): { type: string; value: string }[] {
    const value = valueAt(raw, "Principal");
    if (value === undefined) return [];
    if (!isRaw(value)) return [{ type: "*", value: asText(value, "Principal") }];
    return Object.keys(value).flatMap((type) => textsAt(value, type).map((item) => ({ type, value: item })));
}

const patterns = new Map<string, RegExp>();

/** As AWS compares: `*` and `?` stand for any, case does not count. */
function matches(pattern: string, action: string): boolean {
    let compiled = patterns.get(pattern);
    if (!compiled) {
        const escaped = pattern
            .replace(/[.+^${}()|[\]\\]/g, "\\$&")
            .replace(/\*/g, ".*")
            .replace(/\?/g, ".");
        patterns.set(pattern, (compiled = new RegExp(`^${escaped}$`, "i")));
    }
    return compiled.test(action);
}
