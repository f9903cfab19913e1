/** Variables in Compose files and Dockerfiles, of which only the defaults are known. */
import { UNKNOWN_TEXT } from "../core/unknown";

const VARIABLE = /\$(?:(\$)|([A-Za-z_]\w*)|\{([A-Za-z_]\w*)(?:(:?[-+?])((?:[^{}]|\$\{[^{}]*\})*))?\})/g;

/**
 * @param known values by name
 * @param doubled whether `$$` stands for a dollar sign, as in Compose
 * @returns the text with its variables replaced; as a whole unknown when one of them is
 */
export function interpolated(text: string, known: ReadonlyMap<string, string>, doubled: boolean): string {
    if (!text.includes("$")) return text;
    let unknown = false;
    const result = text.replace(
        VARIABLE,
        (whole, dollar?: string, plain?: string, braced?: string, operator?: string, rest = "") => {
            if (dollar !== undefined) return doubled ? "$" : whole;
            const value = known.get(plain ?? braced!);
            if (operator?.endsWith("+")) return value === undefined ? "" : interpolated(String(rest), known, doubled);
            if (value !== undefined && !(operator === ":-" && value === "")) return value;
            if (operator?.endsWith("-")) return interpolated(String(rest), known, doubled);
            unknown = true;
            return "";
        },
    );
    return unknown || result.includes(UNKNOWN_TEXT) ? UNKNOWN_TEXT : result;
}
