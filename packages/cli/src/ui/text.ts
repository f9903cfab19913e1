/** Widths, cutting and units of text on a terminal. */
import { stripVTControlCharacters } from "node:util";

// East Asian wide and emoji blocks: two columns each. Combining marks and joiners: none.
const WIDE =
    /[\u1100-\u115F\u2E80-\u303E\u3041-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60\uFFE0-\uFFE6]|[\u{1F300}-\u{1FAFF}]/u;
const ZERO = /[\u0300-\u036F]|[\u200B-\u200D]|[\uFE00-\uFE0F]/u;

function columnsOf(character: string): number {
    return ZERO.test(character) ? 0 : WIDE.test(character) ? 2 : 1;
}

/** Columns that a text takes on a terminal, colour codes not counted. */
export function displayWidth(text: string): number {
    let width = 0;
    for (const character of stripVTControlCharacters(text)) width += columnsOf(character);
    return width;
}

// eslint-disable-next-line no-control-regex -- colour codes start with ESC
const COLOUR = /\u001B\[[0-9;]*m/y;

/** Cuts a text to `columns`, with an ellipsis; colour codes are kept whole and switched off at the end. */
export function truncate(text: string, columns: number): string {
    if (displayWidth(text) <= columns) return text;
    if (columns <= 0) return "";
    let out = "";
    let width = 0;
    let coloured = false;
    for (let i = 0; i < text.length;) {
        COLOUR.lastIndex = i;
        const code = COLOUR.exec(text)?.[0];
        if (code !== undefined) {
            out += code;
            coloured = true;
            i += code.length;
            continue;
        }
        const character = String.fromCodePoint(text.codePointAt(i)!);
        if (width + columnsOf(character) > columns - 1) break;
        out += character;
        width += columnsOf(character);
        i += character.length;
    }
    return `${out}…${coloured ? "\u001B[0m" : ""}`;
}

/** Pads with spaces on the right, or on the left with `end`. */
export function pad(text: string, columns: number, side: "start" | "end" = "start"): string {
    const space = " ".repeat(Math.max(0, columns - displayWidth(text)));
    return side === "start" ? text + space : space + text;
}

/** `0.3 s`, `12 s`, `3 m 05 s`, `2 h 10 m`, `4 d 3 h`. */
export function duration(seconds: number): string {
    if (seconds < 9.95) return `${Math.max(0, seconds).toFixed(1)} s`;
    const whole = Math.round(seconds);
    if (whole < 60) return `${whole} s`;
    if (whole < 3600) return `${Math.floor(whole / 60)} m ${String(whole % 60).padStart(2, "0")} s`;
    if (whole < 86400)
        return `${Math.floor(whole / 3600)} h ${String(Math.floor((whole % 3600) / 60)).padStart(2, "0")} m`;
    return `${Math.floor(whole / 86400)} d ${Math.floor((whole % 86400) / 3600)} h`;
}

/** Bytes in MiB or GiB, e.g. `212 MiB`, `1.5 GiB`. */
export function memory(bytes: number): string {
    const mebibytes = bytes / 1024 ** 2;
    return mebibytes < 1024 ? `${Math.round(mebibytes)} MiB` : `${Number((mebibytes / 1024).toFixed(1))} GiB`;
}

/** Bytes of what is stored, e.g. `12 KiB`, `212 MiB`, `1.5 GiB`. */
export function size(bytes: number): string {
    return bytes < 1024 ** 2 ? `${Math.ceil(bytes / 1024)} KiB` : memory(bytes);
}

/** `1 volume`, `2 volumes`. */
export function plural(count: number, noun: string): string {
    return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

/** Removes what could move the cursor or recolour the terminal from text that comes from elsewhere. */
export function sanitise(text: string): string {
    // eslint-disable-next-line no-control-regex -- control characters are what is removed
    return stripVTControlCharacters(text).replace(/[\u0000-\u0008\u000B-\u001F\u007F]/g, "");
}

/** Characters that change the direction of what is read. */
const BIDI = /[\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/g;

/** Text of others as it can be shown among one's own: it cannot make what stands beside it read otherwise. */
export function plainText(text: string): string {
    return sanitise(text).replace(BIDI, "");
}

/** Items with commas between them, on as many indented lines as it takes. */
export function wrap(items: string[], indent: string, columns: number): string[] {
    const lines: string[] = [];
    let line = indent;
    items.forEach((item, i) => {
        const text = i === items.length - 1 ? item : `${item},`;
        if (line !== indent && displayWidth(line) + 1 + displayWidth(text) > columns) {
            lines.push(line);
            line = indent;
        }
        line += line === indent ? text : ` ${text}`;
    });
    return line === indent ? lines : [...lines, line];
}
