/** Kubernetes objects of YAML and JSON files: several documents, lists, anchors, merge keys; read as `kubectl` reads them. */
import { isAlias, isMap, isScalar, isSeq, LineCounter, parseAllDocuments } from "yaml";
import type { Document, Node, Tags } from "yaml";

import { keysOf } from "../core/property-path";
import { isRaw, join } from "../core/raw";
import type { Raw } from "../core/raw";
import { resource } from "../core/resource";
import type { Location, Resource } from "../core/resource";
import { tokenOf } from "../kubernetes/objects";
import { kubernetesName } from "./pulumi";

/** A part of a file that could not be read, so that nothing in it was judged. */
export interface Unreadable extends Location {
    message: string;
}

export interface Found {
    resources: Resource[];
    unreadable: Unreadable[];
}

/** `kubectl` reads YAML 1.1, where `yes` and `on` are true, but knows neither its times nor its dates. */
const asKubectl = (tags: Tags): Tags =>
    tags.filter(
        (tag) => typeof tag === "string" || (tag.format !== "TIME" && tag.tag !== "tag:yaml.org,2002:timestamp"),
    );

/** @param file only to name it */
export function fromYaml(text: string, file: string): Found {
    const lines = new LineCounter();
    const found: Found = { resources: [], unreadable: [] };
    const documents = parseAllDocuments(text, {
        lineCounter: lines,
        version: "1.1",
        customTags: asKubectl,
        uniqueKeys: false,
        logLevel: "silent",
    });
    if ("empty" in documents) return found;
    for (const document of documents) {
        const [error] = document.errors;
        try {
            if (error) throw error;
            found.resources.push(...objectsIn(document.toJS() as unknown, new Place(document, lines, file), ""));
        } catch (problem) {
            const at = error?.pos[0] ?? document.range[0];
            const [message = ""] = (problem as Error).message.split("\n");
            found.unreadable.push({ file, line: lines.linePos(at).line, message });
        }
    }
    return found;
}

/** The object that a document is, or those in the list that it is. What is no object of Kubernetes' is passed over. */
function objectsIn(value: unknown, place: Place, path: string): Resource[] {
    if (!isRaw(value)) return [];
    const { apiVersion, kind, items } = value;
    if (typeof apiVersion !== "string" || typeof kind !== "string" || kind === "") return [];
    if (kind.endsWith("List") && Array.isArray(items)) {
        const of = { apiVersion, kind: kind.slice(0, -"List".length) };
        return items.flatMap((item, n) => objectsIn(typed(item, of), place, join(path, `items[${n}]`)));
    }
    return [
        resource({
            type: tokenOf(apiVersion, kind),
            name: kubernetesName(kind, value, "unnamed"),
            props: value,
            locate: (property) => place.of(join(path, property)),
        }),
    ];
}

/** In a list of one kind (`PodList`) the items need not say theirs. */
function typed(item: unknown, of: { apiVersion: string; kind: string }): unknown {
    return isRaw(item) && of.kind !== "" ? ({ ...of, ...item } satisfies Raw) : item;
}

/** Finds the lines of what a document holds. */
export class Place {
    constructor(
        private readonly document: Document.Parsed,
        private readonly lines: LineCounter,
        private readonly file: string,
    ) {}

    /** The line of a property, or of what it would be in. */
    of(path: string): Location {
        let node: Node | null = this.document.contents;
        let at = node?.range?.[0] ?? this.document.range[0];
        for (const key of keysOf(path)) {
            if (isAlias(node)) node = node.resolve(this.document) ?? null;
            const next: { node: unknown; start: number | undefined } | undefined = isMap(node)
                ? pairOf(node.items, key)
                : isSeq(node) && typeof key === "number"
                  ? itemOf(node.items[key])
                  : undefined;
            if (!next) break;
            at = next.start ?? at;
            node = (next.node as Node | undefined) ?? null;
        }
        return { file: this.file, line: this.lines.linePos(at).line };
    }
}

function pairOf(pairs: readonly { key: unknown; value: unknown }[], key: string | number) {
    const pair = pairs.find((item) => isScalar(item.key) && String(item.key.value) === String(key));
    return pair && { node: pair.value, start: (pair.key as Node).range?.[0] };
}

function itemOf(item: unknown) {
    return { node: item, start: (item as Node | undefined)?.range?.[0] };
}
