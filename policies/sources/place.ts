/** Lines of what a document of the package `yaml` holds. */
import { type Document, isAlias, isMap, isScalar, isSeq, type LineCounter, type Node } from "yaml";

import { keysOf } from "../core/property-path";
import type { Location } from "../core/resource";

/** Where in a file what it holds is. */
export interface Lines {
    of(path: string): Location;
}

/** Finds the lines of what a document holds. */
export class Place implements Lines {
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
