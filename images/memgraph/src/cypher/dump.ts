/** `DUMP DATABASE`: the statements that make this graph anew, in the form that Memgraph writes. */
import type { Value } from "../bolt/packstream";
import type { Graph } from "../graph/graph";

const LABEL = "__mg_vertex__";
const ID = "__mg_id__";

export function* dump(graph: Graph): Generator<string> {
    for (const { label, property } of graph.indexes) {
        yield `CREATE INDEX ON :${quote(label)}${property === undefined ? "" : `(${quote(property)})`};`;
    }
    for (const { kind, label, properties } of graph.constraints) {
        const names = properties.map((property) => `u.${quote(property)}`).join(", ");
        yield `CREATE CONSTRAINT ON (u:${quote(label)}) ASSERT ${kind === "exists" ? `EXISTS (${names})` : `${names} IS UNIQUE`};`;
    }
    if (graph.nodes.size === 0) return;
    yield `CREATE INDEX ON :${LABEL}(${ID});`;
    for (const node of graph.nodes.values()) {
        const labels = [...node.labels].map((label) => `:${quote(label)}`).join("");
        const properties = [...node.properties].map(([name, value]) => `, ${quote(name)}: ${literal(value)}`).join("");
        yield `CREATE (:${LABEL}${labels} {${ID}: ${node.id}${properties}});`;
    }
    for (const edge of graph.edges.values()) {
        const properties = [...edge.properties].map(([name, value]) => `${quote(name)}: ${literal(value)}`).join(", ");
        yield `MATCH (u:${LABEL}), (v:${LABEL}) WHERE u.${ID} = ${edge.from.id} AND v.${ID} = ${edge.to.id} CREATE (u)-[:${quote(edge.type)}${properties === "" ? "" : ` {${properties}}`}]->(v);`;
    }
    yield `DROP INDEX ON :${LABEL}(${ID});`;
    yield `MATCH (u) REMOVE u:${LABEL}, u.${ID};`;
}

function quote(name: string): string {
    return `\`${name.replaceAll("`", "``")}\``;
}

function literal(value: Value): string {
    if (typeof value === "string") return JSON.stringify(value);
    if (typeof value === "number") return float(value);
    if (Array.isArray(value)) return `[${value.map(literal).join(", ")}]`;
    if (value !== null && typeof value === "object") {
        const entries = Object.entries(value as Record<string, Value>);
        return `{${entries.map(([key, item]) => `${quote(key)}: ${literal(item)}`).join(", ")}}`;
    }
    return String(value);
}

/** Always told apart from an integer. Cypher has no words for the three that are no numbers. */
function float(value: number): string {
    if (Number.isNaN(value)) return "(0.0 / 0.0)";
    if (!Number.isFinite(value)) return value > 0 ? "(1.0 / 0.0)" : "(-1.0 / 0.0)";
    const text = Object.is(value, -0) ? "-0" : String(value);
    return /[.e]/.test(text) ? text : `${text}.0`;
}
