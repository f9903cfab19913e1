/** Changes one value of a stack's file. Comments, and all else that is there, stay. */
import { type Document, isMap, parseDocument, YAMLMap } from "yaml";

import type { KeyPath } from "../../../../config/problems";
import { UsageError } from "../errors";

/** Ciphertext as Pulumi writes it. */
export interface Secure {
    secure: string;
}

/**
 * @param text of the file; it is valid YAML
 * @param path below `groundwork:`
 * @param salt for a file that has none yet: its `encryptionsalt`
 * @throws UsageError where the path leads through a value, which has nothing below it
 */
export function withValue(text: string, path: KeyPath, value: unknown, salt?: string): string {
    const document = parseDocument(text, { merge: true });
    const [first, ...rest] = path;
    const keys = ["config", `groundwork:${String(first)}`, ...rest];
    if (!isMap(document.get("config", true))) document.set("config", new YAMLMap(document.schema));
    try {
        // A bare value goes into the place of the one before it, and the comment beside that stays.
        document.setIn(keys, typeof value === "object" ? document.createNode(value) : value);
    } catch (error) {
        const why = (error as Error).message.split("\n", 1)[0];
        throw new UsageError(
            `groundwork:${path.join(".")} cannot be set: something above it in the file is a value, not a map (${why}).`,
            "Take that out of the file first.",
        );
    }
    if (salt !== undefined) document.set("encryptionsalt", salt);
    return textOf(document, text);
}

/** With the line ends that the file had. */
function textOf(document: Document, before: string): string {
    const text = document.toString({ lineWidth: 0 });
    return before.includes("\r\n") ? text.replace(/\r?\n/g, "\r\n") : text;
}

/** @returns the text without the value; undefined where it has none */
export function withoutValue(text: string, path: KeyPath): string | undefined {
    const document = parseDocument(text, { merge: true });
    const [first, ...rest] = path;
    const keys = ["config", `groundwork:${String(first)}`, ...rest];
    if (!document.hasIn(keys)) return undefined;
    document.deleteIn(keys);
    return textOf(document, text);
}
