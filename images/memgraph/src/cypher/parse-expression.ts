import type { Expression } from "./ast";
import { CypherError } from "./lexer";
import type { Reader } from "./reader";

/** From the loosest binding to the tightest; each level's operators bind from the left. */
const LEVELS: string[][] = [["OR"], ["XOR"], ["AND"]];
const COMPARISONS = ["=", "<>", "<=", ">=", "<", ">"];
const TEXT_TESTS = ["STARTS WITH", "ENDS WITH", "CONTAINS", "IN"];

export function parseExpression(reader: Reader, level = 0): Expression {
    if (level === LEVELS.length) return parseNot(reader);
    let left = parseExpression(reader, level + 1);
    for (;;) {
        const operator = LEVELS[level]!.find((word) => reader.takes(word));
        if (operator === undefined) return left;
        left = { kind: "binary", operator, left, right: parseExpression(reader, level + 1) };
    }
}

function parseNot(reader: Reader): Expression {
    return reader.takes("NOT")
        ? { kind: "unary", operator: "NOT", operand: parseNot(reader) }
        : parseComparison(reader);
}

function parseComparison(reader: Reader): Expression {
    let left = parseSum(reader);
    for (;;) {
        const operator =
            COMPARISONS.find((symbol) => reader.takesSymbol(symbol)) ?? TEXT_TESTS.find((words) => reader.takes(words));
        if (operator !== undefined) left = { kind: "binary", operator, left, right: parseSum(reader) };
        else if (reader.takes("IS NULL")) left = { kind: "unary", operator: "IS NULL", operand: left };
        else if (reader.takes("IS NOT NULL")) left = { kind: "unary", operator: "IS NOT NULL", operand: left };
        else return left;
    }
}

function parseSum(reader: Reader): Expression {
    let left = parseProduct(reader);
    for (;;) {
        const operator = ["+", "-"].find((symbol) => reader.takesSymbol(symbol));
        if (operator === undefined) return left;
        left = { kind: "binary", operator, left, right: parseProduct(reader) };
    }
}

function parseProduct(reader: Reader): Expression {
    let left = parseSign(reader);
    for (;;) {
        const operator = ["*", "/", "%"].find((symbol) => reader.takesSymbol(symbol));
        if (operator === undefined) return left;
        left = { kind: "binary", operator, left, right: parseSign(reader) };
    }
}

function parseSign(reader: Reader): Expression {
    if (!reader.takesSymbol("-")) return parsePostfix(reader);
    // As one literal, because the smallest integer has no positive counterpart.
    const { kind, text } = reader.peek();
    if (kind === "integer") return { kind: "literal", value: integer(reader, `-${text}`) };
    return { kind: "unary", operator: "-", operand: parseSign(reader) };
}

function parsePostfix(reader: Reader): Expression {
    let expression = parseAtom(reader);
    for (;;) {
        if (reader.takesSymbol(".")) {
            expression = { kind: "property", of: expression, name: reader.name("a property's name") };
        } else if (reader.takesSymbol("[")) {
            expression = { kind: "index", of: expression, by: parseExpression(reader) };
            reader.expectSymbol("]");
        } else if (reader.seesSymbol(":")) {
            expression = { kind: "labels", of: expression, labels: parseLabels(reader) };
        } else {
            return expression;
        }
    }
}

/** `:A:B` */
export function parseLabels(reader: Reader): string[] {
    const labels: string[] = [];
    while (reader.takesSymbol(":")) labels.push(reader.name("a label"));
    return labels;
}

function parseAtom(reader: Reader): Expression {
    const token = reader.peek();
    switch (token.kind) {
        case "integer":
            return { kind: "literal", value: integer(reader, token.text) };
        case "float":
            reader.next();
            return { kind: "literal", value: Number(token.text) };
        case "string":
            reader.next();
            return { kind: "literal", value: token.text };
        case "parameter":
            reader.next();
            return { kind: "parameter", name: token.text };
        case "symbol":
            return parseBracketed(reader);
        case "quoted":
            reader.next();
            return { kind: "variable", name: token.text };
        case "word":
            return parseWord(reader);
        default:
            throw reader.unexpected("an expression");
    }
}

function integer(reader: Reader, text: string): bigint {
    reader.next();
    const value = text.startsWith("-0x") ? -BigInt(text.slice(1)) : BigInt(text);
    if (BigInt.asIntN(64, value) !== value) throw new CypherError(`${text} does not fit into 64 bits`);
    return value;
}

function parseBracketed(reader: Reader): Expression {
    if (reader.takesSymbol("(")) {
        const inner = parseExpression(reader);
        reader.expectSymbol(")");
        return inner;
    }
    if (reader.takesSymbol("[")) return { kind: "list", items: parseItems(reader, "]") };
    if (reader.seesSymbol("{")) return parseMap(reader);
    throw reader.unexpected("an expression");
}

/** `{key: value, …}` */
export function parseMap(reader: Reader): Expression {
    reader.expectSymbol("{");
    const entries: [string, Expression][] = [];
    if (!reader.takesSymbol("}")) {
        do {
            const key = reader.name("a key");
            reader.expectSymbol(":");
            entries.push([key, parseExpression(reader)]);
        } while (reader.takesSymbol(","));
        reader.expectSymbol("}");
    }
    return { kind: "map", entries };
}

function parseWord(reader: Reader): Expression {
    const name = reader.next().text;
    if (reader.seesSymbol("(")) return parseCall(reader, name);
    switch (name.toUpperCase()) {
        case "TRUE":
            return { kind: "literal", value: true };
        case "FALSE":
            return { kind: "literal", value: false };
        case "NULL":
            return { kind: "literal", value: null };
        case "CASE":
        case "EXISTS":
        case "ALL":
            throw new CypherError(`the Memgraph stand-in does not know ${name.toUpperCase()} here`);
    }
    return { kind: "variable", name };
}

function parseCall(reader: Reader, name: string): Expression {
    reader.expectSymbol("(");
    const distinct = reader.takes("DISTINCT");
    if (reader.takesSymbol("*")) {
        reader.expectSymbol(")");
        return { kind: "call", name: name.toLowerCase(), args: [], distinct, star: true };
    }
    return { kind: "call", name: name.toLowerCase(), args: parseItems(reader, ")"), distinct, star: false };
}

function parseItems(reader: Reader, close: string): Expression[] {
    const items: Expression[] = [];
    if (reader.takesSymbol(close)) return items;
    do items.push(parseExpression(reader));
    while (reader.takesSymbol(","));
    reader.expectSymbol(close);
    return items;
}
