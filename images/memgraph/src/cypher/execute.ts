/** Runs the clauses of a query, one after the other, over rows. */
import { Structure, type Value } from "../bolt/packstream";
import { Edge, Node } from "../graph/elements";
import type { Transaction } from "../graph/transaction";
import type { Clause, NodePattern, Pattern, RemoveItem, SetItem } from "./ast";
import { evaluate, isMap, type Item, type Row, type Scope } from "./evaluate";
import { CypherError } from "./lexer";
import { bind, match, properties } from "./match";
import { project } from "./project";

export interface Result {
    columns: string[];
    rows: Item[][];
}

/** @throws CypherError, GraphError; the transaction must then be rolled back. */
export function execute(clauses: Clause[], parameters: Scope["parameters"], transaction: Transaction): Result {
    const run = new Execution(transaction, parameters);
    let rows: Row[] = [new Map()];
    for (const clause of clauses) {
        if (clause.kind === "return") {
            const result = project(clause.projection, rows, parameters);
            return { columns: result.columns, rows: result.rows.map((row) => result.columns.map((c) => row.get(c)!)) };
        }
        rows = run.clause(clause, rows);
    }
    return { columns: [], rows: [] };
}

/** Whether the clauses may change the graph. */
export function writes(clauses: Clause[]): boolean {
    return clauses.some((clause) => ["create", "merge", "set", "remove", "delete"].includes(clause.kind));
}

class Execution {
    constructor(
        private readonly transaction: Transaction,
        private readonly parameters: Scope["parameters"],
    ) {}

    clause(clause: Exclude<Clause, { kind: "return" }>, rows: Row[]): Row[] {
        const { parameters } = this;
        switch (clause.kind) {
            case "match": {
                const context = { graph: this.transaction.graph, parameters, where: clause.where };
                return rows.flatMap((row) => [...match(clause.patterns, row, context)]);
            }
            case "create":
                return rows.map((row) => clause.patterns.reduce((r, pattern) => this.create(pattern, r), row));
            case "merge":
                return rows.flatMap((row) => this.merge(clause, row));
            case "set":
                for (const row of rows) this.set(clause.items, row);
                return rows;
            case "remove":
                for (const row of rows) this.remove(clause.items, row);
                return rows;
            case "delete":
                return this.delete(clause, rows);
            case "unwind":
                return rows.flatMap((row) => this.unwind(evaluate(clause.list, { row, parameters }), clause.name, row));
            case "with": {
                const kept = project(clause.projection, rows, parameters).rows;
                const { where } = clause;
                return where ? kept.filter((row) => evaluate(where, { row, parameters }) === true) : kept;
            }
        }
    }

    private create(pattern: Pattern, row: Row): Row {
        let [current, result] = this.createNode(pattern.nodes[0]!, row, pattern.edges.length > 0);
        for (const [i, edgePattern] of pattern.edges.entries()) {
            const [next, withNode] = this.createNode(pattern.nodes[i + 1]!, result, true);
            const [type] = edgePattern.types;
            if (type === undefined || edgePattern.types.length > 1 || edgePattern.direction === "both") {
                throw new CypherError("a relationship that is created needs one type and a direction");
            }
            const [from, to] = edgePattern.direction === "out" ? [current, next] : [next, current];
            const edge = this.transaction.createEdge(
                type,
                from,
                to,
                this.storable(properties(edgePattern.properties, this.scope(withNode))),
            );
            result = bind(withNode, edgePattern.variable, edge);
            current = next;
        }
        return result;
    }

    /** A node that is bound already is used, but only as an end of a new relationship. */
    private createNode(pattern: NodePattern, row: Row, end: boolean): [Node, Row] {
        const bound = pattern.variable === undefined ? undefined : row.get(pattern.variable);
        if (bound !== undefined) {
            if (!(bound instanceof Node)) throw new CypherError(`${pattern.variable} is no node`);
            if (!end || pattern.labels.length > 0 || pattern.properties) {
                throw new CypherError(`${pattern.variable} is already there: it cannot be created again`);
            }
            return [bound, row];
        }
        const node = this.transaction.createNode(
            pattern.labels,
            this.storable(properties(pattern.properties, this.scope(row))),
        );
        return [node, bind(row, pattern.variable, node)];
    }

    private merge(clause: Extract<Clause, { kind: "merge" }>, row: Row): Row[] {
        const context = { graph: this.transaction.graph, parameters: this.parameters };
        const found = [...match([clause.pattern], row, context)];
        if (found.length > 0) {
            for (const match of found) this.set(clause.onMatch, match);
            return found;
        }
        const created = this.create(clause.pattern, row);
        this.set(clause.onCreate, created);
        return [created];
    }

    private set(items: SetItem[], row: Row): void {
        for (const item of items) {
            const target = this.target(item.variable, row);
            if (target === null) continue;
            if (item.kind === "labels") {
                for (const label of item.labels) this.transaction.changeLabel(node(target, item.variable), label, true);
            } else if (item.kind === "property") {
                const [[name, value]] = [
                    ...this.storable([[item.name, evaluate(item.value, this.scope(row))]], true),
                ] as [[string, Value]];
                this.transaction.setProperty(target, name, value);
            } else {
                this.setAll(target, evaluate(item.value, this.scope(row)), item.add);
            }
        }
    }

    private setAll(target: Node | Edge, value: Item, add: boolean): void {
        const map = value instanceof Node || value instanceof Edge ? Object.fromEntries(value.properties) : value;
        if (!isMap(map)) throw new CypherError("only a map or a node can be set as all properties");
        const wanted = this.storable(Object.entries(map), true);
        if (!add) {
            for (const name of [...target.properties.keys()]) {
                if (!wanted.has(name)) this.transaction.setProperty(target, name, null);
            }
        }
        for (const [name, property] of wanted) this.transaction.setProperty(target, name, property);
    }

    private remove(items: RemoveItem[], row: Row): void {
        for (const item of items) {
            const target = this.target(item.variable, row);
            if (target === null) continue;
            if (item.kind === "property") this.transaction.setProperty(target, item.name, null);
            else
                for (const label of item.labels)
                    this.transaction.changeLabel(node(target, item.variable), label, false);
        }
    }

    /** Relationships first, so that their nodes can go in the same clause. */
    private delete({ targets, detach }: Extract<Clause, { kind: "delete" }>, rows: Row[]): Row[] {
        const items = rows.flatMap((row) => targets.map((target) => evaluate(target, this.scope(row))));
        for (const item of items) if (item instanceof Edge) this.transaction.delete(item, false);
        for (const item of items) {
            if (item instanceof Node) this.transaction.delete(item, detach);
            else if (item !== null && !(item instanceof Edge))
                throw new CypherError("only nodes and relationships can be deleted");
        }
        return rows;
    }

    private unwind(list: Item, name: string, row: Row): Row[] {
        if (list === null) return [];
        if (!Array.isArray(list)) throw new CypherError("UNWIND needs a list");
        return list.map((item) => bind(row, name, item));
    }

    private target(variable: string, row: Row): Node | Edge | null {
        const target = row.get(variable);
        if (target === undefined) throw new CypherError(`Unbound variable: ${variable}.`);
        if (target === null || target instanceof Node || target instanceof Edge) return target;
        throw new CypherError(`${variable} is neither a node nor a relationship`);
    }

    private scope(row: Row): Scope {
        return { row, parameters: this.parameters };
    }

    /** Properties as they are stored: none is null, unless nulls are to be deleted. */
    private storable(entries: [string, Item][], keepNull = false): Map<string, Value> {
        return new Map(
            entries.flatMap(([name, item]) => {
                if (!isStorable(item))
                    throw new CypherError(`"${name}": a property holds no node, relationship or structure`);
                return item === null && !keepNull ? [] : [[name, item] as [string, Value]];
            }),
        );
    }
}

function isStorable(item: Item): item is Value {
    if (item instanceof Node || item instanceof Edge || item instanceof Structure || item instanceof Uint8Array)
        return false;
    if (Array.isArray(item)) return item.every(isStorable);
    return isMap(item) ? Object.values(item).every(isStorable) : true;
}

function node(target: Node | Edge, variable: string): Node {
    if (!(target instanceof Node)) throw new CypherError(`${variable} is no node: only a node has labels`);
    return target;
}
