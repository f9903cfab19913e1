import { isMap, type Item } from "../cypher/evaluate";
import { Edge, Node } from "../graph/elements";
import { Structure, type Value } from "./packstream";

const NODE = 0x4e;
const RELATIONSHIP = 0x52;

/** Fields of each before Bolt 5, which added element ids as texts at the end. */
const FIELDS_BEFORE_5: Record<number, number> = { [NODE]: 3, [RELATIONSHIP]: 5 };

/** A result's value as Bolt 5 writes it; no later change of the graph changes it. */
export function toWire(item: Item): Value {
    if (item instanceof Node) {
        return new Structure(NODE, [item.id, [...item.labels], Object.fromEntries(item.properties), String(item.id)]);
    }
    if (item instanceof Edge) {
        const { id, type, from, to } = item;
        const properties = Object.fromEntries(item.properties);
        const elementIds = [String(id), String(from.id), String(to.id)];
        return new Structure(RELATIONSHIP, [id, from.id, to.id, type, properties, ...elementIds]);
    }
    if (Array.isArray(item)) return item.map(toWire);
    if (!isMap(item)) return item as Value;
    return Object.fromEntries(Object.entries(item).map(([key, value]) => [key, toWire(value)]));
}

/** The same value for a client that speaks a Bolt before version 5. */
export function forOldBolt(value: Value): Value {
    if (value instanceof Structure) return new Structure(value.tag, value.fields.slice(0, FIELDS_BEFORE_5[value.tag]));
    if (Array.isArray(value)) return value.map(forOldBolt);
    if (value === null || typeof value !== "object" || value instanceof Uint8Array) return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, forOldBolt(item)]));
}
