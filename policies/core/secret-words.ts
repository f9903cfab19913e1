/** Finds secrets in command lines. */
import { ClientPasswords } from "./client-passwords";
import { givesSecretAway, isSecretLiteral } from "./secret-looking";

/** What Redis calls its passwords. */
const REDIS = /^-{0,2}(?:requirepass|masterauth)$/i;

/** `--db-password=x`, `PGPASSWORD=x`. */
const ASSIGNED = /^-{0,2}([\w.-]+)[=:](.+)$/s;

/** @returns the words of a command that hold a secret, or that are one */
export function secretWords(words: readonly string[]): number[] {
    const found = new Set<number>();
    const clients = new ClientPasswords();
    let option: string | undefined;
    words.forEach((word, n) => {
        // A shell's line is one word that holds many.
        for (const part of word.split(/[\s"']+/)) {
            if (part === "") continue;
            const [, name, value] = ASSIGNED.exec(part) ?? [];
            const isValue = option !== undefined && !part.startsWith("-");
            if (clients.has(part) || givesSecretAway(part) || (name !== undefined && isSecretLiteral(name, value!)))
                found.add(n);
            else if (isValue && isSecretLiteral(REDIS.test(option!) ? "password" : option!.replace(/^-+/, ""), part))
                found.add(n);
            option = /^-/.test(part) || REDIS.test(part) ? part : undefined;
        }
    });
    return [...found];
}
