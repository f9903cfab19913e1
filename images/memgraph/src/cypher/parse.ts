/** The part of Cypher that the stand-in knows. What it does not know it names. */
import {
    ADMIN_COMMANDS,
    type Clause,
    type EdgePattern,
    type Expression,
    type NodePattern,
    type Pattern,
    type Projection,
    type RemoveItem,
    type SetItem,
    type Statement,
} from "./ast";
import { CypherError } from "./lexer";
import { parseExpression, parseLabels, parseMap } from "./parse-expression";
import { Reader } from "./reader";

/** @throws CypherError */
export function parse(query: string): Statement {
    const reader = new Reader(query);
    const statement = parseStatement(reader, query);
    reader.takesSymbol(";");
    if (!reader.atEnd()) throw reader.unexpected("the end of the query");
    return statement;
}

function parseStatement(reader: Reader, query: string): Statement {
    const admin = ADMIN_COMMANDS.find((command) => reader.takes(command));
    if (admin) return { kind: "admin", command: admin };
    for (const command of ["BEGIN", "COMMIT", "ROLLBACK"] as const) {
        if (reader.takes(command)) return { kind: "transaction", command };
    }
    for (const [word, add] of [
        ["CREATE", true],
        ["DROP", false],
    ] as const) {
        if (reader.takes(`${word} INDEX ON`)) return parseIndex(reader, add);
        if (reader.takes(`${word} CONSTRAINT ON`)) return parseConstraint(reader, add);
    }
    const clauses: Clause[] = [];
    while (!reader.atEnd() && !reader.seesSymbol(";")) clauses.push(parseClause(reader));
    if (clauses.length === 0) throw new CypherError("the query is empty");
    const returns = clauses.findIndex((clause) => clause.kind === "return");
    if (returns >= 0 && returns < clauses.length - 1) throw new CypherError("RETURN must come last");
    const last = clauses.at(-1)!.kind;
    if (["match", "with", "unwind"].includes(last)) {
        throw new CypherError(`a query cannot end with ${last.toUpperCase()}: ${query.trim().slice(0, 80)}`);
    }
    return { kind: "query", clauses };
}

function parseIndex(reader: Reader, add: boolean): Statement {
    reader.expectSymbol(":");
    const label = reader.name("a label");
    let property: string | null = null;
    if (reader.takesSymbol("(")) {
        property = reader.name("a property's name");
        reader.expectSymbol(")");
    }
    return { kind: "index", add, label, property };
}

/** `(n:L) ASSERT EXISTS (n.p)`, `(n:L) ASSERT n.p, n.q IS UNIQUE` */
function parseConstraint(reader: Reader, add: boolean): Statement {
    reader.expectSymbol("(");
    const variable = reader.name("a variable");
    reader.expectSymbol(":");
    const label = reader.name("a label");
    reader.expectSymbol(")");
    reader.expect("ASSERT");
    const property = () => {
        if (reader.name("a variable") !== variable)
            throw new CypherError(`a constraint on ${variable} names another variable`);
        reader.expectSymbol(".");
        return reader.name("a property's name");
    };
    if (reader.takes("EXISTS")) {
        reader.expectSymbol("(");
        const properties = [property()];
        reader.expectSymbol(")");
        return { kind: "constraint", add, type: "exists", label, properties };
    }
    const properties = [property()];
    while (reader.takesSymbol(",")) properties.push(property());
    reader.expect("IS UNIQUE");
    return { kind: "constraint", add, type: "unique", label, properties };
}

function parseClause(reader: Reader): Clause {
    if (reader.takes("MATCH")) {
        const patterns = parsePatterns(reader);
        return { kind: "match", patterns, where: parseWhere(reader) };
    }
    if (reader.takes("CREATE")) return { kind: "create", patterns: parsePatterns(reader) };
    if (reader.takes("MERGE")) return parseMerge(reader);
    if (reader.takes("SET")) return { kind: "set", items: parseSet(reader) };
    if (reader.takes("REMOVE")) return { kind: "remove", items: parseRemove(reader) };
    if (reader.takes("DETACH DELETE")) return { kind: "delete", targets: parseTargets(reader), detach: true };
    if (reader.takes("DELETE")) return { kind: "delete", targets: parseTargets(reader), detach: false };
    if (reader.takes("UNWIND")) {
        const list = parseExpression(reader);
        reader.expect("AS");
        return { kind: "unwind", list, name: reader.name("a variable") };
    }
    if (reader.takes("WITH")) {
        const projection = parseProjection(reader);
        return { kind: "with", projection, where: parseWhere(reader) };
    }
    if (reader.takes("RETURN")) return { kind: "return", projection: parseProjection(reader) };
    const { text } = reader.peek();
    throw new CypherError(
        `the Memgraph stand-in does not know ${text.toUpperCase()} here; it knows MATCH, CREATE, MERGE, SET, REMOVE, DELETE, UNWIND, WITH and RETURN`,
    );
}

function parseWhere(reader: Reader): Expression | undefined {
    return reader.takes("WHERE") ? parseExpression(reader) : undefined;
}

function parseMerge(reader: Reader): Clause {
    const pattern = parsePattern(reader);
    const onCreate: SetItem[] = [];
    const onMatch: SetItem[] = [];
    for (;;) {
        if (reader.takes("ON CREATE SET")) onCreate.push(...parseSet(reader));
        else if (reader.takes("ON MATCH SET")) onMatch.push(...parseSet(reader));
        else return { kind: "merge", pattern, onCreate, onMatch };
    }
}

function parsePatterns(reader: Reader): Pattern[] {
    const patterns = [parsePattern(reader)];
    while (reader.takesSymbol(",")) patterns.push(parsePattern(reader));
    return patterns;
}

function parsePattern(reader: Reader): Pattern {
    const nodes = [parseNode(reader)];
    const edges: EdgePattern[] = [];
    while (reader.seesSymbol("-") || reader.seesSymbol("<")) {
        edges.push(parseEdge(reader));
        nodes.push(parseNode(reader));
    }
    return { nodes, edges };
}

function parseNode(reader: Reader): NodePattern {
    reader.expectSymbol("(");
    const variable =
        reader.seesSymbol(":") || reader.seesSymbol("{") || reader.seesSymbol(")")
            ? undefined
            : reader.name("a variable");
    const labels = parseLabels(reader);
    const properties = parseProperties(reader);
    reader.expectSymbol(")");
    return { variable, labels, properties };
}

function parseProperties(reader: Reader): Expression | undefined {
    if (reader.seesSymbol("{")) return parseMap(reader);
    if (reader.peek().kind === "parameter") return { kind: "parameter", name: reader.next().text };
    return undefined;
}

function parseEdge(reader: Reader): EdgePattern {
    const left = reader.takesSymbol("<");
    reader.expectSymbol("-");
    const edge: Omit<EdgePattern, "direction"> = { types: [] };
    if (reader.takesSymbol("[")) {
        if (["word", "quoted"].includes(reader.peek().kind)) edge.variable = reader.name("a variable");
        if (reader.takesSymbol(":")) {
            do {
                reader.takesSymbol(":");
                edge.types.push(reader.name("a type"));
            } while (reader.takesSymbol("|"));
        }
        if (reader.seesSymbol("*"))
            throw new CypherError("the Memgraph stand-in does not know paths of variable length");
        edge.properties = parseProperties(reader);
        reader.expectSymbol("]");
    }
    reader.expectSymbol("-");
    const right = reader.takesSymbol(">");
    return { ...edge, direction: left === right ? "both" : left ? "in" : "out" };
}

function parseSet(reader: Reader): SetItem[] {
    const items: SetItem[] = [];
    do {
        const variable = reader.name("a variable");
        if (reader.seesSymbol(":")) {
            items.push({ kind: "labels", variable, labels: parseLabels(reader) });
        } else if (reader.takesSymbol(".")) {
            const name = reader.name("a property's name");
            reader.expectSymbol("=");
            items.push({ kind: "property", variable, name, value: parseExpression(reader) });
        } else {
            const add = reader.takesSymbol("+=");
            if (!add) reader.expectSymbol("=");
            items.push({ kind: "properties", variable, add, value: parseExpression(reader) });
        }
    } while (reader.takesSymbol(","));
    return items;
}

function parseRemove(reader: Reader): RemoveItem[] {
    const items: RemoveItem[] = [];
    do {
        const variable = reader.name("a variable");
        if (reader.seesSymbol(":")) {
            items.push({ kind: "labels", variable, labels: parseLabels(reader) });
        } else {
            reader.expectSymbol(".");
            items.push({ kind: "property", variable, name: reader.name("a property's name") });
        }
    } while (reader.takesSymbol(","));
    return items;
}

function parseTargets(reader: Reader): Expression[] {
    const targets = [parseExpression(reader)];
    while (reader.takesSymbol(",")) targets.push(parseExpression(reader));
    return targets;
}

function parseProjection(reader: Reader): Projection {
    const projection: Projection = { distinct: reader.takes("DISTINCT"), star: false, items: [], orderBy: [] };
    if (reader.takesSymbol("*")) projection.star = true;
    else {
        do {
            const from = reader.peek().at;
            const expression = parseExpression(reader);
            const name = reader.takes("AS") ? reader.name("a name") : reader.text(from);
            projection.items.push({ name, expression });
        } while (reader.takesSymbol(","));
    }
    if (reader.takes("ORDER BY")) {
        do {
            const expression = parseExpression(reader);
            const descending = ["DESC", "DESCENDING"].some((word) => reader.takes(word));
            if (!descending) ["ASC", "ASCENDING"].some((word) => reader.takes(word));
            projection.orderBy.push({ expression, descending });
        } while (reader.takesSymbol(","));
    }
    if (reader.takes("SKIP")) projection.skip = parseExpression(reader);
    if (reader.takes("LIMIT")) projection.limit = parseExpression(reader);
    return projection;
}
