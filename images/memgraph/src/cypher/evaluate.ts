/** Values of expressions. Null spreads the way that Cypher says: what is unknown makes the answer unknown. */
import { Structure, type Value } from "../bolt/packstream";
import { Edge, Node, valueKey } from "../graph/elements";
import type { Expression } from "./ast";
import { callFunction } from "./functions";
import { CypherError } from "./lexer";

/** What a variable may hold. */
export type Item = Value | Node | Edge | Item[] | { [key: string]: Item };
export type Row = Map<string, Item>;

export interface Scope {
    row: Row;
    parameters: { [key: string]: Value };
    /** Values of aggregations, worked out over a group of rows before. */
    aggregates?: Map<Expression, Item>;
}

export function evaluate(expression: Expression, scope: Scope): Item {
    switch (expression.kind) {
        case "literal":
            return expression.value;
        case "parameter": {
            const value = Object.hasOwn(scope.parameters, expression.name)
                ? scope.parameters[expression.name]
                : undefined;
            if (value === undefined) throw new CypherError(`Parameter $${expression.name} not provided.`);
            return value;
        }
        case "variable": {
            const value = scope.row.get(expression.name);
            if (value === undefined) throw new CypherError(`Unbound variable: ${expression.name}.`);
            return value;
        }
        case "property":
            return property(evaluate(expression.of, scope), expression.name);
        case "index":
            return element(evaluate(expression.of, scope), evaluate(expression.by, scope));
        case "list":
            return expression.items.map((item) => evaluate(item, scope));
        case "map":
            return Object.fromEntries(expression.entries.map(([key, item]) => [key, evaluate(item, scope)]));
        case "labels": {
            const node = evaluate(expression.of, scope);
            if (node === null) return null;
            if (!(node instanceof Node)) throw new CypherError("only a node has labels");
            return expression.labels.every((label) => node.labels.has(label));
        }
        case "unary":
            return unary(expression.operator, evaluate(expression.operand, scope));
        case "binary":
            return binary(expression, scope);
        case "call":
            return scope.aggregates?.get(expression) ?? callFunction(expression, (arg) => evaluate(arg, scope));
    }
}

export function isMap(item: Item): item is { [key: string]: Item } {
    const special = Array.isArray(item) || item instanceof Node || item instanceof Edge || item instanceof Uint8Array;
    return item !== null && typeof item === "object" && !special && !(item instanceof Structure);
}

function property(of: Item, name: string): Item {
    if (of === null) return null;
    if (of instanceof Node || of instanceof Edge) return of.properties.get(name) ?? null;
    if (isMap(of)) return Object.hasOwn(of, name) ? of[name]! : null;
    throw new CypherError(`only nodes, relationships and maps have properties; .${name} was asked of something else`);
}

function element(of: Item, by: Item): Item {
    if (of === null || by === null) return null;
    if (Array.isArray(of) && typeof by === "bigint") return of.at(Number(by)) ?? null;
    if (typeof by === "string") return property(of, by);
    throw new CypherError("[ ] needs a list and a whole number, or a map and a text");
}

function unary(operator: string, operand: Item): Item {
    if (operator === "IS NULL") return operand === null;
    if (operator === "IS NOT NULL") return operand !== null;
    if (operand === null) return null;
    if (operator === "NOT" && typeof operand === "boolean") return !operand;
    if (operator === "-" && typeof operand === "bigint") return -operand;
    if (operator === "-" && typeof operand === "number") return -operand;
    throw new CypherError(`${operator} does not go with this value`);
}

function binary(expression: Extract<Expression, { kind: "binary" }>, scope: Scope): Item {
    const { operator } = expression;
    const left = evaluate(expression.left, scope);
    // Not after these: the other side may be an error that the first side rules out.
    if (operator === "AND" && left === false) return false;
    if (operator === "OR" && left === true) return true;
    const right = evaluate(expression.right, scope);
    switch (operator) {
        case "AND":
            return right === false ? false : left === null || right === null ? null : truth(left) && truth(right);
        case "OR":
            return right === true ? true : left === null || right === null ? null : truth(left) || truth(right);
        case "XOR":
            return left === null || right === null ? null : truth(left) !== truth(right);
    }
    if (left === null || right === null) return null;
    if (operator === "=") return equal(left, right);
    if (operator === "<>") return !equal(left, right);
    if (operator === "IN") {
        if (!Array.isArray(right)) throw new CypherError("IN needs a list");
        const found = right.some((item) => item !== null && equal(left, item));
        return found || (right.includes(null) ? null : false);
    }
    if (["<", "<=", ">", ">="].includes(operator)) return compareWith(operator, left, right);
    if (["STARTS WITH", "ENDS WITH", "CONTAINS"].includes(operator)) return textTest(operator, left, right);
    return arithmetic(operator, left, right);
}

function truth(item: Item): boolean {
    if (typeof item !== "boolean") throw new CypherError("AND, OR and XOR need true or false");
    return item;
}

export function equal(left: Item, right: Item): boolean {
    return itemKey(left) === itemKey(right);
}

/** Like `valueKey`, for nodes and relationships as well. */
export function itemKey(item: Item): string {
    if (item instanceof Node || item instanceof Edge) return `${item.kind}${item.id}`;
    if (Array.isArray(item)) return `[${item.map(itemKey).join(",")}]`;
    return valueKey(item as Value);
}

function compareWith(operator: string, left: Item, right: Item): boolean | null {
    const comparable = (isNumber(left) && isNumber(right)) || (typeof left === "string" && typeof right === "string");
    if (!comparable) return null;
    const order = compare(left, right);
    return operator === "<" ? order < 0 : operator === "<=" ? order <= 0 : operator === ">" ? order > 0 : order >= 0;
}

export function isNumber(item: Item): item is bigint | number {
    return typeof item === "bigint" || typeof item === "number";
}

/** An order over all items, for ORDER BY; null comes last. */
export function compare(left: Item, right: Item): number {
    const rank = (item: Item) =>
        item === null ? 9 : isNumber(item) ? 5 : typeof item === "boolean" ? 4 : typeof item === "string" ? 3 : 1;
    if (rank(left) !== rank(right)) return rank(left) - rank(right);
    if (Array.isArray(left) && Array.isArray(right)) {
        for (const [i, item] of left.entries()) {
            if (i >= right.length) return 1;
            const order = compare(item, right[i]!);
            if (order !== 0) return order;
        }
        return left.length - right.length;
    }
    const [a, b] = [left, right] as [bigint, bigint];
    return a < b ? -1 : a > b ? 1 : 0;
}

function textTest(operator: string, left: Item, right: Item): boolean {
    if (typeof left !== "string" || typeof right !== "string") throw new CypherError(`${operator} needs texts`);
    if (operator === "STARTS WITH") return left.startsWith(right);
    return operator === "ENDS WITH" ? left.endsWith(right) : left.includes(right);
}

function arithmetic(operator: string, left: Item, right: Item): Item {
    if (operator === "+") {
        if (typeof left === "string" && (typeof right === "string" || isNumber(right))) return left + String(right);
        if (isNumber(left) && typeof right === "string") return String(left) + right;
        if (Array.isArray(left)) return [...left, ...(Array.isArray(right) ? right : [right])];
        if (Array.isArray(right)) return [left, ...right];
    }
    if (typeof left === "bigint" && typeof right === "bigint") return integerArithmetic(operator, left, right);
    if (isNumber(left) && isNumber(right)) return calculate(operator, Number(left), Number(right));
    throw new CypherError(`${operator} does not go with these values`);
}

function integerArithmetic(operator: string, a: bigint, b: bigint): bigint {
    if ((operator === "/" || operator === "%") && b === 0n) throw new CypherError("Division by zero.");
    const result = calculate(operator, a, b);
    if (BigInt.asIntN(64, result) !== result) throw new CypherError("the result does not fit into 64 bits");
    return result;
}

/** JavaScript's operators are the same for both kinds of number, which its compiler cannot be told of a type parameter. */
function calculate<T extends number | bigint>(operator: string, a: T, b: T): T;
function calculate(operator: string, a: number, b: number): number {
    switch (operator) {
        case "+":
            return a + b;
        case "-":
            return a - b;
        case "*":
            return a * b;
        case "/":
            return a / b;
        default:
            return a % b;
    }
}
