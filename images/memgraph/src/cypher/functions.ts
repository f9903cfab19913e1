import type { Value } from "../bolt/packstream";
import { Edge, Node } from "../graph/elements";
import type { Expression } from "./ast";
import { compare, isMap, isNumber, type Item, itemKey } from "./evaluate";
import { CypherError } from "./lexer";

type Call = Extract<Expression, { kind: "call" }>;

/** Functions of rows, rather than of values. */
const AGGREGATES = ["count", "collect", "sum", "min", "max", "avg"];

export function isAggregate(expression: Expression): boolean {
    return expression.kind === "call" && AGGREGATES.includes(expression.name);
}

/** Null in, null out, but for `coalesce`. */
const FUNCTIONS: Record<string, (...args: Item[]) => Item> = {
    coalesce: (...args) => args.find((arg) => arg !== null) ?? null,
    id: (of) => (of instanceof Node || of instanceof Edge ? of.id : wrong("id")),
    labels: (of) => (of instanceof Node ? [...of.labels] : wrong("labels")),
    type: (of) => (of instanceof Edge ? of.type : wrong("type")),
    keys: (of) => Object.keys(propertiesOf(of, "keys")),
    properties: (of) => propertiesOf(of, "properties"),
    startnode: (of) => (of instanceof Edge ? of.from : wrong("startNode")),
    endnode: (of) => (of instanceof Edge ? of.to : wrong("endNode")),
    size: (of) => (typeof of === "string" || Array.isArray(of) ? BigInt(of.length) : wrong("size")),
    tostring: (of) =>
        isNumber(of) || typeof of === "boolean" ? String(of) : typeof of === "string" ? of : wrong("toString"),
    tointeger: (of) => {
        const number = typeof of === "bigint" ? of : Math.trunc(Number(of));
        return typeof number === "bigint" ? number : Number.isFinite(number) ? BigInt(number) : null;
    },
    tofloat: (of) => (Number.isNaN(Number(of)) ? null : Number(of)),
    tolower: (of) => (typeof of === "string" ? of.toLowerCase() : wrong("toLower")),
    toupper: (of) => (typeof of === "string" ? of.toUpperCase() : wrong("toUpper")),
    abs: (of) => (typeof of === "bigint" ? (of < 0n ? -of : of) : typeof of === "number" ? Math.abs(of) : wrong("abs")),
    timestamp: () => BigInt(Date.now()) * 1000n,
    range: (from, to) => {
        if (typeof from !== "bigint" || typeof to !== "bigint") return wrong("range");
        return Array.from({ length: Math.max(0, Number(to - from) + 1) }, (_, i) => from + BigInt(i));
    },
};

function wrong(name: string): never {
    throw new CypherError(`${name}() does not take this value`);
}

function propertiesOf(of: Item | undefined, name: string): { [key: string]: Value } {
    if (of instanceof Node || of instanceof Edge) return Object.fromEntries(of.properties);
    return of !== undefined && isMap(of) ? (of as { [key: string]: Value }) : wrong(name);
}

export function callFunction(call: Call, valueOf: (arg: Expression) => Item): Item {
    if (isAggregate(call)) throw new CypherError(`${call.name}() can only be used in RETURN and WITH`);
    const run = Object.hasOwn(FUNCTIONS, call.name) ? FUNCTIONS[call.name] : undefined;
    if (!run) throw new CypherError(`the Memgraph stand-in does not know the function ${call.name}()`);
    const args = call.args.map(valueOf);
    if (args.includes(null) && call.name !== "coalesce") return null;
    return run(...args);
}

/** The value of an aggregation over a group; `values` are its argument's, one for each row. */
export function aggregate(call: Call, values: Item[], rows: number): Item {
    if (call.star) {
        if (call.name !== "count") throw new CypherError(`${call.name}(*) has no meaning`);
        return BigInt(rows);
    }
    let known = values.filter((value) => value !== null);
    if (call.distinct) known = [...new Map(known.map((value) => [itemKey(value), value])).values()];
    switch (call.name) {
        case "count":
            return BigInt(known.length);
        case "collect":
            return known;
        case "min":
        case "max":
            if (known.length === 0) return null;
            return known.reduce((a, b) => (compare(a, b) < 0 === (call.name === "min") ? a : b));
        default:
            return sumOrAverage(call.name, known);
    }
}

function sumOrAverage(name: string, values: Item[]): Item {
    if (!values.every(isNumber)) throw new CypherError(`${name}() needs numbers`);
    const whole = values.every((value) => typeof value === "bigint");
    if (name === "sum" && whole) return (values as bigint[]).reduce((a, b) => a + b, 0n);
    const sum = (values as (bigint | number)[]).reduce<number>((a, b) => a + Number(b), 0);
    return name === "sum" ? sum : values.length === 0 ? null : sum / values.length;
}
