/** Finds secrets in command lines. */
import { ClientPasswords } from "./client-passwords";
import { givesSecretAway, isSecretLiteral } from "./secret-looking";
import { ifKnown } from "./unknown";

/** What Redis calls its passwords. */
const REDIS = /^-{0,2}(?:requirepass|masterauth)$/i;

/** `--db-password=x`, `PGPASSWORD=x`. */
const ASSIGNED = /^-{0,2}([\w.-]+)[=:](.+)$/s;

/** @returns the words of a command that hold a secret, or that are one. What is not known, or is no text, holds none. */
export function secretWords(list: readonly unknown[]): number[] {
    const found = new Set<number>();
    const clients = new ClientPasswords();
    let option: string | undefined;
    for (let n = 0; n < list.length; n++) {
        const item = ifKnown(() => list[n], "");
        const word = typeof item === "string" ? item : "";
        // A shell's line is one word that holds many.
        for (const part of word.split(/[\s"']+/)) {
            // A whole word that is empty is an option's value all the same.
            if (part === "" && word !== "") continue;
            const [, name, value] = ASSIGNED.exec(part) ?? [];
            const isValue = option !== undefined && !part.startsWith("-");
            if (clients.has(part) || givesSecretAway(part) || (name !== undefined && isSecretLiteral(name, value!)))
                found.add(n);
            else if (isValue && isSecretLiteral(REDIS.test(option!) ? "password" : option!.replace(/^-+/, ""), part))
                found.add(n);
            option = /^-/.test(part) || REDIS.test(part) ? part : undefined;
        }
    }
    return [...found];
}
