/** Text of others in Markdown that GitHub renders: it must stay text, whatever it holds. */
import { plainText } from "../ui/text";

function oneLine(text: string): string {
    return plainText(text).replace(/\s+/g, " ").trim();
}

/** In running text and in tags. */
export function html(text: string): string {
    const entities: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
    // An entity in the place of what Markdown or GitHub would take for markup, a mention or a reference.
    return oneLine(text)
        .replace(/[&<>"]/g, (found) => entities[found]!)
        .replace(/[\\`*_[\]|@#!~$]/g, (found) => `&#${found.codePointAt(0)};`);
}

/** As code within a line, also of a table. */
export function codeSpan(text: string): string {
    return `<code>${html(text)}</code>`;
}

/** A fence is longer than any that the text holds. */
export function codeBlock(text: string, language = ""): string {
    const clean = plainText(text);
    const longest = Math.max(2, ...[...clean.matchAll(/`+/g)].map(([run]) => run.length));
    const fence = "`".repeat(longest + 1);
    return `${fence}${language}\n${clean}\n${fence}`;
}

export function listed(names: string[]): string {
    return names.map(codeSpan).join(", ");
}

export function shortened(text: string, characters: number): string {
    return text.length <= characters ? text : `${text.slice(0, characters)}\n…`;
}
