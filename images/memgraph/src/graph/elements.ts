/** What a graph is made of, and the changes that it knows. */
import type { Value } from "../bolt/packstream";

export class Node {
    readonly kind = "node";
    readonly labels: Set<string>;
    readonly properties: Map<string, Value>;
    readonly out = new Set<Edge>();
    readonly in = new Set<Edge>();

    constructor(
        readonly id: bigint,
        labels: string[],
        properties: { [key: string]: Value },
    ) {
        this.labels = new Set(labels);
        this.properties = new Map(Object.entries(properties));
    }
}

export class Edge {
    readonly kind = "edge";
    readonly properties: Map<string, Value>;

    constructor(
        readonly id: bigint,
        readonly type: string,
        readonly from: Node,
        readonly to: Node,
        properties: { [key: string]: Value },
    ) {
        this.properties = new Map(Object.entries(properties));
    }
}

export interface Constraint {
    kind: "unique" | "exists";
    label: string;
    properties: string[];
}

/** `property` is absent for an index of a label alone. */
export interface Index {
    label: string;
    property?: string;
}

/** A change; in words that PackStream can write. */
export type Operation =
    | ["node+", bigint, string[], { [key: string]: Value }]
    | ["node-", bigint]
    | ["edge+", bigint, string, bigint, bigint, { [key: string]: Value }]
    | ["edge-", bigint]
    | ["label+", bigint, string]
    | ["label-", bigint, string]
    | ["set", "node" | "edge", bigint, string, Value]
    | ["index+", string, string | null]
    | ["index-", string, string | null]
    | ["constraint+", "unique" | "exists", string, string[]]
    | ["constraint-", "unique" | "exists", string, string[]];

/** A rule of the graph would be broken, or something is not there. The text goes to the client. */
export class GraphError extends Error {}

/** A value as a map's key: equal values, and only they, have equal texts. An integer and a float of the same size are equal. */
export function valueKey(value: Value): string {
    if (typeof value === "bigint") return `n${value}`;
    if (typeof value === "number") return Number.isInteger(value) ? `n${BigInt(value)}` : `n${value}`;
    if (Array.isArray(value)) return `[${value.map(valueKey).join(",")}]`;
    if (typeof value === "string") return `s${JSON.stringify(value)}`;
    if (value !== null && typeof value === "object") {
        const entries = Object.entries(value as Record<string, Value>).sort(([a], [b]) => (a < b ? -1 : 1));
        return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${valueKey(item)}`).join(",")}}`;
    }
    return String(value);
}
