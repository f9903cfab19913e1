/** The documents of a YAML or JSON file, read as `kubectl` reads them, with the line of everything in them. */
import { type EventType, FAILSAFE_SCHEMA, load, type State, Type, YAMLException } from "js-yaml";

export interface ReadDocument {
    readonly value: unknown;
    /** Line, from 1, of what is at a path of keys, or of what it would be in. */
    lineAt(keys: readonly (string | number)[]): number;
}

/** A document that cannot be read. */
export interface BrokenDocument {
    readonly line: number;
    readonly message: string;
}

/** What aliases may repeat: more is a file that is made to blow up. */
const MOST_REPEATED = 100_000;

/** Each document by itself: one that is broken does not hide those around it. */
export function readDocuments(text: string): (ReadDocument | BrokenDocument)[] {
    return partsOf(text).map(({ part, line }) => read(part, line));
}

/** @param before how many lines are before it */
function read(text: string, before: number): ReadDocument | BrokenDocument {
    const nodes = new Nodes();
    try {
        const listener = (event: EventType, state: State) => nodes.listen(event, state);
        // The last of two equal keys counts, as in JSON.
        const value = load(text, { schema: KUBECTL, json: true, listener });
        nodes.refuseCycles(value);
        return { value, lineAt: (keys) => before + 1 + (nodes.lineOf(value, keys) ?? beginningOf(text)) };
    } catch (error) {
        if (error instanceof UnfitError) return { line: before + 1 + error.line, message: error.message };
        if (!(error instanceof YAMLException)) throw error;
        const line = before + 1 + ((error.mark as YAMLException["mark"] | undefined)?.line ?? 0);
        return { line, message: text.includes("{{") ? TEMPLATE : error.reason };
    }
}

const TEMPLATE = "it is a template: render it first, as helm template does, and judge what comes of it";

/** It is YAML, and nothing that `kubectl` takes. */
class UnfitError extends Error {
    constructor(
        /** From 0. */
        readonly line: number,
        message: string,
    ) {
        super(message);
        this.name = "UnfitError";
    }
}

/** A line of its own ends a document, wherever it is: no text that goes over several lines can have one at its beginning. */
const END = /^(?:---|\.\.\.)(?=\s|$)/gm;

function partsOf(text: string): { part: string; line: number }[] {
    const parts: { part: string; line: number }[] = [];
    let [from, line] = [0, 0];
    const cut = (to: number): void => {
        const part = text.slice(from, to);
        // Directives are of the document that follows.
        if (/^%/m.test(part) && !/^[^%#\s]/m.test(part)) return;
        parts.push({ part, line });
        line += part.split("\n").length - 1;
        from = to;
    };
    for (const { 0: marker, index } of text.matchAll(END)) {
        if (marker === "---") cut(index);
        else cut(index + marker.length);
    }
    cut(text.length);
    return parts;
}

/** From 0. */
function beginningOf(text: string): number {
    const line = text.split("\n").findIndex((line) => !/^(?:\s*|\s*#.*|%.*|---\s*(?:#.*)?)$/.test(line));
    return Math.max(line, 0);
}

/** Something in a document, as the parser comes across it. */
interface Node {
    /** From 0. */
    line: number;
    result: unknown;
    /** Items, or keys and values by turns. */
    children: Node[];
    /** How many nodes it is, with what aliases repeat. */
    size: number;
}

class Nodes {
    private readonly open: Node[] = [];
    /** By what was made of them: an alias is what it stands for. */
    private readonly known = new WeakMap<object, Node>();
    private repeated = 0;

    listen(event: EventType, { line, result }: State): void {
        if (event === "open") this.open.push({ line, result: undefined, children: [], size: 1 });
        else this.close(this.open.pop()!, result);
    }

    private close(node: Node, result: unknown): void {
        node.result = result;
        if (typeof result === "object" && result !== null) {
            const known = this.known.get(result);
            if (known) {
                node.size = known.size;
                // Where the parser only looked whether more follows, it is the one that it just read.
                if (node.children.at(-1)?.result !== result) this.repeat(node);
            } else {
                if (!Array.isArray(result)) refuseKeysOf(node);
                for (const child of node.children) node.size += child.size;
                this.known.set(result, node);
            }
        }
        this.open.at(-1)?.children.push(node);
    }

    private repeat({ size, line }: Node): void {
        this.repeated += size;
        if (this.repeated > MOST_REPEATED) throw new UnfitError(line, "its aliases repeat too much");
    }

    /** @throws UnfitError where an alias stands for something that it is in: no walk through that would end */
    refuseCycles(value: unknown, around = new Set<object>(), seen = new Set<object>()): void {
        if (typeof value !== "object" || value === null) return;
        if (around.has(value)) throw new UnfitError(this.known.get(value)?.line ?? 0, "it holds itself, by an alias");
        if (seen.has(value)) return;
        seen.add(value);
        around.add(value);
        for (const item of Object.values(value)) this.refuseCycles(item, around, seen);
        around.delete(value);
    }

    /** Undefined: nothing of the path is there. */
    lineOf(value: unknown, keys: readonly (string | number)[]): number | undefined {
        let line: number | undefined;
        for (const key of keys) {
            const child = this.childOf(value, key);
            if (!child) break;
            ({ line, value } = child);
        }
        return line;
    }

    private childOf(value: unknown, key: string | number): { line: number; value: unknown } | undefined {
        if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return undefined;
        const children = this.known.get(value)?.children ?? [];
        const item = (value as Record<string, unknown>)[key];
        const node = Array.isArray(value)
            ? children[key as number]
            : children.find(({ result }, n) => String(result) === String(key) && (n % 2 === 0 || children.length % 2));
        return node && { line: node.line, value: item };
    }
}

/** `{{ .Values.name }}` is a map whose key is a map. */
function refuseKeysOf({ line, children }: Node): void {
    const keys = children.filter((_child, n) => n % 2 === 0);
    if (keys.some(({ result }) => typeof result === "object" && result !== null)) throw new UnfitError(line, TEMPLATE);
}

function scalar(tag: string, pattern: RegExp, construct: (text: string) => unknown): Type {
    const resolve = (text: string | null) => text !== null && pattern.test(text);
    return new Type(`tag:yaml.org,2002:${tag}`, { kind: "scalar", resolve, construct });
}

/** `kubectl` reads YAML 1.1, where `yes` and `on` are true, but knows neither its times nor its dates. */
const KUBECTL = FAILSAFE_SCHEMA.extend({
    implicit: [
        scalar("null", /^(?:~|null|Null|NULL)?$/, () => null),
        scalar(
            "bool",
            /^(?:y|Y|yes|Yes|YES|true|True|TRUE|on|On|ON|n|N|no|No|NO|false|False|FALSE|off|Off|OFF)$/,
            (text) => /^(?:y|t|on)/i.test(text),
        ),
        scalar("int", /^[-+]?(?:0b[01_]+|0o?[0-7_]+|0x[\da-fA-F_]+|0|[1-9][\d_]*)$/, integer),
        scalar(
            "float",
            /^(?:[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/,
            float,
        ),
        scalar("merge", /^<<$/, (text) => text),
    ],
    // What else a tag says of a value, nobody here knows.
    explicit: (["scalar", "sequence", "mapping"] as const).flatMap((kind) => [
        new Type("!", { kind, multi: true }),
        new Type("tag:", { kind, multi: true }),
    ]),
});

function integer(text: string): number {
    const [, sign, digits = ""] = /^([-+]?)(.*)$/.exec(text.replaceAll("_", ""))!;
    const size = Number(/^0[0-7]+$/.test(digits) ? `0o${digits}` : digits);
    return sign === "-" ? -size : size;
}

function float(text: string): number {
    return Number(text.replace(/\.inf$/i, "Infinity").replace(/\.nan$/i, "NaN"));
}
