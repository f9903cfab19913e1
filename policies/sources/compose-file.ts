/** A Compose file as it was written: its services, where they are, and what its tags say of merging. */
import { type Document, isMap, isPair, isScalar, LineCounter, parseDocument, visit } from "yaml";

import { isRaw, join, keyIn, type Raw } from "../core/raw";
import { Place } from "./place";
import { interpolated } from "./variables";
import type { Unreadable } from "./yaml";

/** `!reset`: what was said before is gone, and so is this. `!override`: this stands in its place. */
export type MergeTag = "!reset" | "!override";

export interface ComposeFile {
    readonly file: string;
    readonly content: Raw;
    readonly place: Place;
    /** By path from the file on: `services.api.ports`. */
    readonly tags: ReadonlyMap<string, MergeTag>;
}

/** What is known of `.env` and the environment. */
const NOTHING = new Map<string, string>();

/** Undefined: it has no services and includes none, or cannot be read, which is then noted. */
export function readCompose(text: string, file: string, unreadable: Unreadable[]): ComposeFile | undefined {
    const lines = new LineCounter();
    const document = parseDocument(text, { lineCounter: lines, merge: true, uniqueKeys: false, logLevel: "silent" });
    const [error] = document.errors;
    try {
        if (error) throw error;
        const content: unknown = isMap(document.contents) ? document.toJS() : undefined;
        if (!isRaw(content)) return undefined;
        const { services = null, include } = content;
        if (services === null ? !Array.isArray(include) : !isRaw(services)) return undefined;
        return {
            file,
            content: replaced(content) as Raw,
            place: new Place(document, lines, file),
            tags: mergeTags(document),
        };
    } catch (problem) {
        const [message = ""] = (problem as Error).message.split("\n");
        unreadable.push({ file, line: lines.linePos(error?.pos[0] ?? 0).line, message });
        return undefined;
    }
}

/** Compose replaces variables in values, not in keys. */
function replaced(value: unknown): unknown {
    if (typeof value === "string") return interpolated(value, NOTHING, true);
    if (Array.isArray(value)) return value.map(replaced);
    if (!isRaw(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, replaced(item)]));
}

function mergeTags(document: Document.Parsed): Map<string, MergeTag> {
    const tags = new Map<string, MergeTag>();
    visit(document, {
        Node(_key, { tag }, above) {
            if (tag !== "!reset" && tag !== "!override") return;
            const keys = above.flatMap((one) =>
                isPair(one) && isScalar(one.key) ? [keyIn(String(one.key.value))] : [],
            );
            tags.set(join(...keys), tag);
        },
    });
    return tags;
}

export function servicesOf({ content }: ComposeFile): Raw {
    const services = content["services"];
    // Extension fields are for those who wrote them.
    return isRaw(services)
        ? Object.fromEntries(Object.entries(services).filter(([name]) => !name.startsWith("x-")))
        : {};
}
