import { closeSync, fsyncSync, openSync, renameSync, writeSync } from "node:fs";
import { dirname } from "node:path";

import type { Value } from "../bolt/packstream";
import type { Operation } from "../graph/elements";
import { Graph } from "../graph/graph";
import { frame, readRecords } from "./records";

const FORMAT = "groundwork-memgraph-stand-in/1";
/** Written at once, at most, in bytes. */
const CHUNK = 1 << 20;

/** Writes the graph as of transaction `sequence`: whole or not at all, and on disk when it returns. */
export function writeSnapshot(path: string, graph: Graph, sequence: bigint): void {
    const temporary = `${path}.tmp`;
    const file = openSync(temporary, "w", 0o640);
    try {
        let pending: Buffer[] = [];
        let size = 0;
        const flush = () => {
            writeAll(file, Buffer.concat(pending));
            [pending, size] = [[], 0];
        };
        for (const value of content(graph, sequence)) {
            const record = frame(value);
            pending.push(record);
            size += record.length;
            if (size > CHUNK) flush();
        }
        flush();
        fsyncSync(file);
    } finally {
        closeSync(file);
    }
    renameSync(temporary, path);
    syncDirectory(dirname(path));
}

/** A header, the operations that make the graph, and a footer that says that it is whole. */
function* content(graph: Graph, sequence: bigint): Generator<Value> {
    yield { format: FORMAT, sequence, nextId: graph.nextId };
    let count = 0n;
    const operation = (value: Operation): Value => {
        count++;
        return value as Value;
    };
    for (const { label, property } of graph.indexes) yield operation(["index+", label, property ?? null]);
    for (const node of graph.nodes.values()) {
        yield operation(["node+", node.id, [...node.labels], Object.fromEntries(node.properties)]);
    }
    for (const edge of graph.edges.values()) {
        const properties = Object.fromEntries(edge.properties);
        yield operation(["edge+", edge.id, edge.type, edge.from.id, edge.to.id, properties]);
    }
    for (const { kind, label, properties } of graph.constraints) {
        yield operation(["constraint+", kind, label, properties]);
    }
    yield { operations: count };
}

/** @throws when the file is not a whole snapshot, saying why. */
export function readSnapshot(path: string): { graph: Graph; sequence: bigint } {
    const { records, end } = readRecords(path);
    if (end !== "whole") throw new Error(`it is ${end}`);
    const header = records[0] as { format?: Value; sequence?: Value; nextId?: Value } | undefined;
    const footer = records.at(-1) as { operations?: Value } | undefined;
    if (header?.format !== FORMAT) throw new Error(`its format is not ${FORMAT}`);
    if (records.length < 2 || footer?.operations !== BigInt(records.length - 2)) throw new Error("its end is missing");
    const graph = new Graph();
    for (const operation of records.slice(1, -1)) graph.apply(operation as unknown as Operation);
    graph.nextId = header.nextId as bigint;
    return { graph, sequence: header.sequence as bigint };
}

export function writeAll(file: number, bytes: Buffer): void {
    let at = 0;
    while (at < bytes.length) at += writeSync(file, bytes, at);
}

/** A new name is only safe when its directory is on disk as well. */
export function syncDirectory(path: string): void {
    const directory = openSync(path, "r");
    try {
        fsyncSync(directory);
    } finally {
        closeSync(directory);
    }
}
