/** A statement of a policy document as rules look at it. */
import { asMap, asText, isRaw, keyIn, mapAt, type Raw, textAt, valueAt } from "../core/raw";
import { isUnknown, UnknownValueError } from "../core/unknown";

export class Condition {
    constructor(
        /** `StringEquals`, `ForAnyValue:StringLike`, `BoolIfExists` … */
        readonly operator: string,
        readonly key: string,
        readonly values: readonly string[],
    ) {}

    /**
     * Whether a request must say one of the values. One that is silent passes IfExists and ForAllValues, one that says anything else passes
     * a negated operator, and Null asks only whether it says anything.
     */
    get demands(): boolean {
        return DEMANDING.test(this.operator);
    }
}

const DEMANDING = /^(?:ForAnyValue:)?(?!Null$)(?!\w*Not)\w+(?<!IfExists)$/i;

/** Keys that say how a request comes, which whoever makes it decides. */
const TRANSPORT = /^(?:aws:securetransport|s3:tlsversion)$/i;

/** As a resource: anything, in any partition of AWS's. */
const EVERYTHING = /^(?:\*+|arn:(?:\*|aws[\w-]*:\*)(?::\*)*)$/;

/** A statement, with every list made one. */
export class Statement {
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
            Object.keys(asMap(keys, `Condition.${operator}`)).map(
                (key) => new Condition(operator, key, textsAt(keys as Raw, key, asScalar)),
            ),
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
        return this.resources.some((resource) => EVERYTHING.test(resource)) || this.notResources.length > 0;
    }

    /** Holds of some requests alone, by more than how they come. */
    get isLimited(): boolean {
        return this.conditions.some(({ demands, key }) => demands && !TRANSPORT.test(key));
    }

    /** Whether it is about an action: `s3:GetObject`. */
    covers(action: string): boolean {
        if (this.notActions.length > 0) return !this.notActions.some((pattern) => matches(pattern, action));
        return this.actions.some((pattern) => matches(pattern, action));
    }
}

function textsAt(raw: Raw, key: string, read: (item: unknown, path: string) => string = asText): string[] {
    const value = valueAt(raw, key);
    if (value === undefined) return [];
    return (Array.isArray(value) ? (value as unknown[]) : [value]).map((item, n) => {
        const at = `${keyIn(key)}[${n}]`;
        const text = read(item, at);
        // In a document that was put together from parts, as an object.
        if (isUnknown(text)) throw new UnknownValueError(at);
        return text;
    });
}

/** AWS reads `false` and `"false"` as the same. */
function asScalar(item: unknown, path: string): string {
    return typeof item === "boolean" || typeof item === "number" ? String(item) : asText(item, path);
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
            .replace(/\*+/g, ".*")
            .replace(/\?/g, ".");
        patterns.set(pattern, (compiled = new RegExp(`^${escaped}$`, "i")));
    }
    return compiled.test(action);
}
