/** Values that are only known after an update. A rule that reads one has no verdict on what it looked at. */
import { isRaw, join, keyIn, type Raw } from "./raw";

/** What Pulumi's protocol has in the place of a text that is not known; sources that know no value of a variable write it too. */
export const UNKNOWN_TEXT = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** What Pulumi's protocol, state and previews have in the place of an unknown value: of a boolean, a number, a string, a list … */
const SENTINELS = new Set<unknown>([
    "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
    "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
    UNKNOWN_TEXT,
    "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
    "030794c1-ac77-496b-92df-f27374a8bd58",
    "e48ece36-62e2-4504-bad9-02848725956a",
    "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
]);

/** An unknown was read. */
export class UnknownValueError extends Error {
    constructor(
        /** From the resource's properties on. */
        readonly path: string,
    ) {
        super(`${path} is not known yet`);
        this.name = "UnknownValueError";
    }
}

/** What is read, or `otherwise` where it is not known. */
export function ifKnown<T>(read: () => T, otherwise: T): T {
    try {
        return read();
    } catch (error) {
        if (error instanceof UnknownValueError) return otherwise;
        throw error;
    }
}

export function isUnknown(value: unknown): boolean {
    return typeof value === "string" && SENTINELS.has(value);
}

function holdsUnknown(value: unknown): boolean {
    if (typeof value === "string") return SENTINELS.has(value);
    if (typeof value !== "object" || value === null) return false;
    for (const item of Array.isArray(value) ? value : Object.values(value)) if (holdsUnknown(item)) return true;
    return false;
}

/** The properties as rules may read them: where they hold unknowns, reading one throws `UnknownValueError`. */
export function guarded(props: Raw): Raw {
    return holdsUnknown(props) ? (guard(props, "") as Raw) : props;
}

function guard(value: unknown, path: string): unknown {
    if (typeof value !== "object" || value === null) return value;
    // One guard for each value, so that what was found once is found again.
    const guards = new Map<string | symbol, unknown>();
    return new Proxy(value, {
        get(target, key) {
            const item: unknown = Reflect.get(target, key);
            if (typeof key === "symbol" || !Object.hasOwn(target, key) || key === "length") return item;
            const at = join(path, Array.isArray(target) ? `[${key}]` : keyIn(key));
            if (isUnknown(item)) throw new UnknownValueError(at);
            if (typeof item !== "object" || item === null) return item;
            if (!guards.has(key)) guards.set(key, guard(item, at));
            return guards.get(key);
        },
    });
}

/** Where properties have themselves: a proxy may not answer with anything else what can neither be changed nor configured. */
export const SELF = Symbol("self");

/**
 * Takes the properties out of the proxy in which a policy pack gets them, which throws an error of its own: the same ones for each policy
 * where they have themselves. That proxy answers reads alone, so what describes a property is the property's own.
 */
export function unguarded(props: Raw): Raw {
    if (!isRaw(props)) return {};
    const self = (props as { [SELF]?: Raw })[SELF];
    if (self) return self;
    const own = Object.entries(Object.getOwnPropertyDescriptors(props));
    return Object.fromEntries(own.map(([key, { value }]) => [key, value as unknown]));
}
