/** HTML that cannot be broken out of: what is put into a template is text, unless a template made it. */
import { plainText } from "../../ui/text";

export class Markup {
    constructor(readonly text: string) {}
}

type Part = string | number | undefined | Markup | readonly Markup[];

/** `` html`<p>${text}</p>` ``; undefined is nothing, a list is all of its items. */
export function html(strings: TemplateStringsArray, ...parts: Part[]): Markup {
    return new Markup(strings.map((string, i) => string + (i < parts.length ? textOf(parts[i]) : "")).join(""));
}

function textOf(part: Part): string {
    if (part === undefined) return "";
    if (part instanceof Markup) return part.text;
    if (typeof part === "object") return part.map(({ text }) => text).join("");
    return escaped(String(part));
}

const ENTITIES: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

/** For text and for values of attributes in quotes. */
function escaped(text: string): string {
    return plainText(text).replace(/[&<>"']/g, (character) => ENTITIES[character]!);
}
