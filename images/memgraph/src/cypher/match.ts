/** Finds what a pattern describes. */
import { type Edge, Node } from "../graph/elements";
import type { Graph } from "../graph/graph";
import type { Value } from "../bolt/packstream";
import type { EdgePattern, Expression, NodePattern, Pattern } from "./ast";
import { equal, evaluate, isMap, type Item, type Row, type Scope } from "./evaluate";
import { CypherError } from "./lexer";

interface MatchContext {
    graph: Graph;
    parameters: Scope["parameters"];
    where?: Expression;
}

/** Rows that a row becomes when the patterns are matched from it. A relationship is used once in each. */
export function* match(patterns: Pattern[], row: Row, context: MatchContext, used = new Set<Edge>()): Generator<Row> {
    const [pattern, ...others] = patterns;
    if (!pattern) {
        const { where, parameters } = context;
        if (!where || evaluate(where, { row, parameters }) === true) yield row;
        return;
    }
    for (const node of candidates(pattern.nodes[0]!, row, context)) {
        const start = bind(row, pattern.nodes[0]!.variable, node);
        yield* walk(pattern, 0, node, start, context, used, others);
    }
}

function* walk(
    pattern: Pattern,
    step: number,
    at: Node,
    row: Row,
    context: MatchContext,
    used: Set<Edge>,
    others: Pattern[],
): Generator<Row> {
    if (step === pattern.edges.length) {
        yield* match(others, row, context, used);
        return;
    }
    const edgePattern = pattern.edges[step]!;
    const nodePattern = pattern.nodes[step + 1]!;
    for (const [edge, to] of neighbours(at, edgePattern)) {
        if (used.has(edge) || !edgeFits(edge, edgePattern, row, context) || !nodeFits(to, nodePattern, row, context))
            continue;
        used.add(edge);
        const next = bind(bind(row, edgePattern.variable, edge), nodePattern.variable, to);
        yield* walk(pattern, step + 1, to, next, context, used, others);
        used.delete(edge);
    }
}

function* neighbours(node: Node, { direction }: EdgePattern): Generator<[Edge, Node]> {
    if (direction !== "in") for (const edge of [...node.out]) yield [edge, edge.to];
    // A loop is in both sets, but is one relationship.
    if (direction !== "out")
        for (const edge of [...node.in]) if (direction === "in" || edge.from !== node) yield [edge, edge.from];
}

/** Nodes that fit a pattern; by an index where there is one. */
function* candidates(pattern: NodePattern, row: Row, context: MatchContext): Generator<Node> {
    const bound = pattern.variable === undefined ? undefined : row.get(pattern.variable);
    if (bound !== undefined) {
        if (bound instanceof Node && nodeFits(bound, pattern, row, context)) yield bound;
        return;
    }
    for (const node of [...narrow(pattern, row, context)]) {
        if (context.graph.nodes.has(node.id) && nodeFits(node, pattern, row, context)) yield node;
    }
}

function narrow(pattern: NodePattern, row: Row, { graph, parameters, where }: MatchContext): Iterable<Node> {
    const known = [
        ...properties(pattern.properties, { row, parameters }),
        ...equalities(pattern.variable, where, { row, parameters }),
    ];
    for (const label of pattern.labels) {
        for (const [name, value] of known) {
            const nodes = graph.withProperty(label, name, value as Value);
            if (nodes) return nodes;
        }
    }
    const [label] = pattern.labels;
    return label === undefined ? graph.nodes.values() : graph.withLabel(label);
}

/** What `WHERE … variable.property = value AND …` says of a variable, as far as the value is known already. */
function equalities(variable: string | undefined, where: Expression | undefined, scope: Scope): [string, Item][] {
    if (variable === undefined || where?.kind !== "binary") return [];
    if (where.operator === "AND") {
        return [...equalities(variable, where.left, scope), ...equalities(variable, where.right, scope)];
    }
    if (where.operator !== "=") return [];
    for (const [side, other] of [
        [where.left, where.right],
        [where.right, where.left],
    ] as const) {
        const isOurs = side.kind === "property" && side.of.kind === "variable" && side.of.name === variable;
        if (isOurs && (other.kind === "literal" || other.kind === "parameter"))
            return [[side.name, evaluate(other, scope)]];
    }
    return [];
}

function nodeFits(node: Node, pattern: NodePattern, row: Row, { parameters }: MatchContext): boolean {
    const bound = pattern.variable === undefined ? undefined : row.get(pattern.variable);
    if (bound !== undefined && bound !== node) return false;
    if (!pattern.labels.every((label) => node.labels.has(label))) return false;
    return hasProperties(node, pattern.properties, { row, parameters });
}

function edgeFits(edge: Edge, pattern: EdgePattern, row: Row, { parameters }: MatchContext): boolean {
    const bound = pattern.variable === undefined ? undefined : row.get(pattern.variable);
    if (bound !== undefined && bound !== edge) return false;
    if (pattern.types.length > 0 && !pattern.types.includes(edge.type)) return false;
    return hasProperties(edge, pattern.properties, { row, parameters });
}

function hasProperties(of: Node | Edge, wanted: Expression | undefined, scope: Scope): boolean {
    return properties(wanted, scope).every(([name, value]) => {
        const actual = of.properties.get(name);
        // Nothing equals null.
        return actual !== undefined && value !== null && equal(actual, value);
    });
}

/** A pattern's properties, evaluated. */
export function properties(expression: Expression | undefined, scope: Scope): [string, Item][] {
    if (!expression) return [];
    const map = evaluate(expression, scope);
    if (!isMap(map)) throw new CypherError("the properties of a pattern must be a map");
    return Object.entries(map);
}

export function bind(row: Row, variable: string | undefined, item: Item): Row {
    if (variable === undefined || row.get(variable) === item) return row;
    return new Map(row).set(variable, item);
}
