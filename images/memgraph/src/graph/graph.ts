/** The graph in memory. Every change is an operation that can be undone, and that the log can repeat. */
import type { Value } from "../bolt/packstream";
import { type Constraint, Edge, GraphError, type Index, Node, type Operation, valueKey } from "./elements";

export class Graph {
    readonly nodes = new Map<bigint, Node>();
    readonly edges = new Map<bigint, Edge>();
    readonly indexes: Index[] = [];
    readonly constraints: Constraint[] = [];
    /** Never given twice, not even after a delete. */
    nextId = 0n;
    private readonly byLabel = new Map<string, Set<Node>>();
    /** `label property` → value → nodes, for each index of a property. */
    private readonly byProperty = new Map<string, Map<string, Set<Node>>>();

    /** Does an operation; returns those that take it back, in order. @throws GraphError */
    apply(operation: Operation): Operation[] {
        switch (operation[0]) {
            case "node+":
                return this.addNode(operation[1], operation[2], operation[3]);
            case "node-":
                return this.removeNode(this.node(operation[1]));
            case "edge+":
                return this.addEdge(operation);
            case "edge-":
                return this.removeEdge(this.edge(operation[1]));
            case "label+":
            case "label-":
                return this.changeLabel(this.node(operation[1]), operation[2], operation[0] === "label+");
            case "set":
                return this.setProperty(operation);
            case "index+":
            case "index-":
                return this.changeIndex(operation);
            case "constraint+":
            case "constraint-":
                return this.changeConstraint(operation);
        }
    }

    node(id: bigint): Node {
        const node = this.nodes.get(id);
        if (!node) throw new GraphError(`node ${id} does not exist`);
        return node;
    }

    edge(id: bigint): Edge {
        const edge = this.edges.get(id);
        if (!edge) throw new GraphError(`relationship ${id} does not exist`);
        return edge;
    }

    withLabel(label: string): Set<Node> {
        return this.byLabel.get(label) ?? new Set();
    }

    /** Nodes of a label with a property's value, by an index; undefined when there is none for it. */
    withProperty(label: string, property: string, value: Value): Set<Node> | undefined {
        return (
            this.byProperty.get(`${label} ${property}`)?.get(valueKey(value)) ??
            (this.hasIndex(label, property) ? new Set() : undefined)
        );
    }

    hasIndex(label: string, property?: string): boolean {
        return this.indexes.some((index) => index.label === label && index.property === property);
    }

    /** Checks the constraints on nodes that a transaction changed. @throws GraphError */
    validate(changed: Iterable<Node>): void {
        for (const node of changed) {
            if (!this.nodes.has(node.id)) continue;
            for (const constraint of this.constraints) {
                if (node.labels.has(constraint.label)) this.validateOne(node, constraint);
            }
        }
    }

    private validateOne(node: Node, constraint: Constraint): void {
        const { kind, label, properties } = constraint;
        const values = properties.map((property) => node.properties.get(property));
        if (kind === "exists") {
            if (values.includes(undefined)) {
                throw new GraphError(
                    `Unable to commit due to existence constraint violation on :${label}(${properties.join(", ")})`,
                );
            }
        } else if (!values.includes(undefined)) {
            const same = (other: Node) =>
                properties.every((property, i) => {
                    const value = other.properties.get(property);
                    return value !== undefined && valueKey(value) === valueKey(values[i]!);
                });
            const candidates = this.withProperty(label, properties[0]!, values[0]!) ?? this.withLabel(label);
            for (const other of candidates) {
                if (other !== node && same(other)) {
                    throw new GraphError(
                        `Unable to commit due to unique constraint violation on :${label}(${properties.join(", ")})`,
                    );
                }
            }
        }
    }

    private addNode(id: bigint, labels: string[], properties: { [key: string]: Value }): Operation[] {
        const node = new Node(id, labels, properties);
        this.nodes.set(id, node);
        this.reserve(id);
        for (const label of labels) this.enter(node, label);
        return [["node-", id]];
    }

    private removeNode(node: Node): Operation[] {
        if (node.out.size + node.in.size > 0) {
            throw new GraphError(
                "Failed to remove node because of its existing connections. Consider using DETACH DELETE.",
            );
        }
        for (const label of node.labels) this.leave(node, label);
        this.nodes.delete(node.id);
        return [["node+", node.id, [...node.labels], Object.fromEntries(node.properties)]];
    }

    private addEdge([, id, type, fromId, toId, properties]: Extract<Operation, { 0: "edge+" }>): Operation[] {
        const [from, to] = [this.node(fromId), this.node(toId)];
        const edge = new Edge(id, type, from, to, properties);
        this.edges.set(id, edge);
        this.reserve(id);
        from.out.add(edge);
        to.in.add(edge);
        return [["edge-", id]];
    }

    private removeEdge(edge: Edge): Operation[] {
        edge.from.out.delete(edge);
        edge.to.in.delete(edge);
        this.edges.delete(edge.id);
        return [["edge+", edge.id, edge.type, edge.from.id, edge.to.id, Object.fromEntries(edge.properties)]];
    }

    private changeLabel(node: Node, label: string, add: boolean): Operation[] {
        if (node.labels.has(label) === add) return [];
        if (add) {
            node.labels.add(label);
            this.enter(node, label);
        } else {
            this.leave(node, label);
            node.labels.delete(label);
        }
        return [[add ? "label-" : "label+", node.id, label]];
    }

    private setProperty([, kind, id, name, value]: Extract<Operation, { 0: "set" }>): Operation[] {
        const target = kind === "node" ? this.node(id) : this.edge(id);
        const old = target.properties.get(name) ?? null;
        if (target.kind === "node") for (const label of target.labels) this.leaveIndex(target, label, name);
        if (value === null) target.properties.delete(name);
        else target.properties.set(name, value);
        if (target.kind === "node") for (const label of target.labels) this.enterIndex(target, label, name);
        return [["set", kind, id, name, old]];
    }

    private changeIndex([name, label, property]: Extract<Operation, { 0: "index+" | "index-" }>): Operation[] {
        const wanted = property ?? undefined;
        const at = this.indexes.findIndex((index) => index.label === label && index.property === wanted);
        if (at >= 0 === (name === "index+")) return [];
        if (name === "index-") {
            this.indexes.splice(at, 1);
            if (property !== null) this.byProperty.delete(`${label} ${property}`);
            return [["index+", label, property]];
        }
        this.indexes.push({ label, property: wanted });
        if (property !== null) {
            this.byProperty.set(`${label} ${property}`, new Map());
            for (const node of this.withLabel(label)) this.enterIndex(node, label, property);
        }
        return [["index-", label, property]];
    }

    private changeConstraint([name, kind, label, properties]: Extract<
        Operation,
        { 0: "constraint+" | "constraint-" }
    >): Operation[] {
        const at = this.constraints.findIndex(
            (c) => c.kind === kind && c.label === label && c.properties.join("\0") === properties.join("\0"),
        );
        if (at >= 0 === (name === "constraint+")) return [];
        if (name === "constraint-") {
            this.constraints.splice(at, 1);
            return [["constraint+", kind, label, properties]];
        }
        const constraint: Constraint = { kind, label, properties };
        for (const node of this.withLabel(label)) this.validateOne(node, constraint);
        this.constraints.push(constraint);
        return [["constraint-", kind, label, properties]];
    }

    private reserve(id: bigint): void {
        if (id >= this.nextId) this.nextId = id + 1n;
    }

    private enter(node: Node, label: string): void {
        const nodes = this.byLabel.get(label);
        if (nodes) nodes.add(node);
        else this.byLabel.set(label, new Set([node]));
        for (const property of node.properties.keys()) this.enterIndex(node, label, property);
    }

    private leave(node: Node, label: string): void {
        for (const property of node.properties.keys()) this.leaveIndex(node, label, property);
        this.byLabel.get(label)?.delete(node);
    }

    private enterIndex(node: Node, label: string, property: string): void {
        const index = this.byProperty.get(`${label} ${property}`);
        const value = node.properties.get(property);
        if (!index || value === undefined) return;
        const key = valueKey(value);
        const nodes = index.get(key);
        if (nodes) nodes.add(node);
        else index.set(key, new Set([node]));
    }

    private leaveIndex(node: Node, label: string, property: string): void {
        const index = this.byProperty.get(`${label} ${property}`);
        const value = node.properties.get(property);
        if (!index || value === undefined) return;
        const key = valueKey(value);
        const nodes = index.get(key);
        nodes?.delete(node);
        if (nodes?.size === 0) index.delete(key);
    }
}
