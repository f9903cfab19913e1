/** Kubernetes objects of YAML and JSON files: several documents, lists, anchors, merge keys; read as `kubectl` reads them. */
import { keysOf } from "../core/property-path";
import { isRaw, join, type Raw } from "../core/raw";
import { type Location, resource, type Resource } from "../core/resource";
import { tokenOf } from "../kubernetes/objects";
import { readDocuments } from "./documents";
import { kubernetesName } from "./pulumi";

/** A part of a file that could not be read, so that nothing in it was judged. */
export interface Unreadable extends Location {
    message: string;
}

export interface Found {
    resources: Resource[];
    unreadable: Unreadable[];
}

/** @param file only to name it */
export function fromYaml(text: string, file: string): Found {
    const found: Found = { resources: [], unreadable: [] };
    for (const document of readDocuments(text)) {
        if ("message" in document) found.unreadable.push({ file, ...document });
        else {
            const locate = (path: string): Location => ({ file, line: document.lineAt(keysOf(path)) });
            found.resources.push(...objectsIn(document.value, locate, ""));
        }
    }
    return found;
}

/** The object that a document is, or those in the list that it is. What is no object of Kubernetes' is passed over. */
function objectsIn(value: unknown, locate: (path: string) => Location, path: string): Resource[] {
    if (!isRaw(value)) return [];
    const { apiVersion, kind, items } = value;
    if (typeof apiVersion !== "string" || typeof kind !== "string" || kind === "") return [];
    if (kind.endsWith("List") && Array.isArray(items)) {
        const of = { apiVersion, kind: kind.slice(0, -"List".length) };
        return items.flatMap((item, n) => objectsIn(typed(item, of), locate, join(path, `items[${n}]`)));
    }
    return [
        resource({
            type: tokenOf(apiVersion, kind),
            name: kubernetesName(kind, value, "unnamed"),
            props: value,
            locate: (property) => locate(join(path, property)),
        }),
    ];
}

/** In a list of one kind (`PodList`) the items need not say theirs. */
function typed(item: unknown, of: { apiVersion: string; kind: string }): unknown {
    return isRaw(item) && of.kind !== "" ? ({ ...of, ...item } satisfies Raw) : item;
}
