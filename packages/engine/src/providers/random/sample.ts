import { randomInt } from "node:crypto";

/** The character sets of the real provider; `special` can be overridden. */
export const LOWER = "abcdefghijklmnopqrstuvwxyz";
export const UPPER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
export const DIGITS = "0123456789";
export const SPECIAL = "!@#$%&*()-_=+[]{}<>:?";

export interface StringRules {
    length: number;
    /** Which sets the string is drawn from. */
    lower: boolean;
    upper: boolean;
    numeric: boolean;
    special: boolean;
    /** At least so many of each, drawn from that set even where it is off. */
    minLower: number;
    minUpper: number;
    minNumeric: number;
    minSpecial: number;
    overrideSpecial?: string;
}

/** A uniformly random string that keeps the rules: the required characters first, then the rest, then shuffled. */
export function randomString(rules: StringRules): string {
    const special = rules.overrideSpecial || SPECIAL;
    const all = [
        rules.lower ? LOWER : "",
        rules.upper ? UPPER : "",
        rules.numeric ? DIGITS : "",
        rules.special ? special : "",
    ].join("");
    const characters = [
        ...draw(LOWER, rules.minLower),
        ...draw(UPPER, rules.minUpper),
        ...draw(DIGITS, rules.minNumeric),
        ...draw(special, rules.minSpecial),
    ];
    characters.push(...draw(all, rules.length - characters.length));
    return shuffle(characters).join("");
}

function draw(set: string, count: number): string[] {
    return Array.from({ length: count }, () => set[randomInt(set.length)]!);
}

/** Fisher and Yates. */
function shuffle<T>(items: T[]): T[] {
    for (let i = items.length - 1; i > 0; i--) {
        const j = randomInt(i + 1);
        [items[i], items[j]] = [items[j]!, items[i]!];
    }
    return items;
}
