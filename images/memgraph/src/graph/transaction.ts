import type { Value } from "../bolt/packstream";
import type { Edge, Node, Operation } from "./elements";
import type { Graph } from "./graph";

/** Changes that become durable together, or are taken back together. */
export class Transaction {
    /** What was done, in order: what the log gets. */
    readonly done: Operation[] = [];
    private readonly undo: Operation[] = [];
    private readonly touched = new Set<Node>();
    readonly stats: Record<string, bigint> = {};

    constructor(readonly graph: Graph) {}

    createNode(labels: string[], properties: Map<string, Value>): Node {
        const id = this.graph.nextId;
        this.apply(["node+", id, [...new Set(labels)], Object.fromEntries(properties)]);
        this.count("nodes-created");
        this.count("labels-added", labels.length);
        return this.touch(this.graph.node(id));
    }

    createEdge(type: string, from: Node, to: Node, properties: Map<string, Value>): Edge {
        const id = this.graph.nextId;
        this.apply(["edge+", id, type, from.id, to.id, Object.fromEntries(properties)]);
        this.count("relationships-created");
        return this.graph.edge(id);
    }

    /** Deleting twice is no error: two rows may hold the same node. */
    delete(target: Node | Edge, detach: boolean): void {
        if (target.kind === "edge") {
            if (!this.graph.edges.has(target.id)) return;
            this.apply(["edge-", target.id]);
            this.count("relationships-deleted");
            return;
        }
        if (!this.graph.nodes.has(target.id)) return;
        if (detach) for (const edge of [...target.out, ...target.in]) this.delete(edge, false);
        this.apply(["node-", target.id]);
        this.count("nodes-deleted");
    }

    setProperty(target: Node | Edge, name: string, value: Value): void {
        this.apply(["set", target.kind, target.id, name, value]);
        this.count("properties-set");
        if (target.kind === "node") this.touch(target);
    }

    changeLabel(node: Node, label: string, add: boolean): void {
        this.apply([add ? "label+" : "label-", node.id, label]);
        this.count(add ? "labels-added" : "labels-removed");
        this.touch(node);
    }

    apply(operation: Operation): void {
        const inverse = this.graph.apply(operation);
        if (inverse.length === 0) return;
        this.undo.push(...inverse);
        this.done.push(operation);
    }

    /** @throws GraphError when a constraint is broken. */
    validate(): void {
        this.graph.validate(this.touched);
    }

    rollback(): void {
        for (const operation of this.undo.reverse()) this.graph.apply(operation);
        this.undo.length = 0;
        this.done.length = 0;
    }

    private touch(node: Node): Node {
        this.touched.add(node);
        return node;
    }

    private count(name: string, by = 1): void {
        this.stats[name] = (this.stats[name] ?? 0n) + BigInt(by);
    }
}
