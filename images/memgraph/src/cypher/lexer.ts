/** Splits Cypher into tokens, and a script into statements. */

export interface Token {
    kind: "word" | "quoted" | "string" | "integer" | "float" | "parameter" | "symbol" | "end";
    text: string;
    /** Offset in the query. */
    at: number;
}

/** The query cannot be understood, or asks for something that the stand-in does not do. */
export class CypherError extends Error {}

const PATTERN =
    /(\s+|\/\/[^\n]*|\/\*[\s\S]*?\*\/)|(`(?:[^`]|``)*`)|("(?:[^"\\]|\\[\s\S])*"|'(?:[^'\\]|\\[\s\S])*')|(\d+\.\d+(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?|\d+[eE][+-]?\d+)|(0x[0-9a-fA-F]+|\d+)|\$(?:(\w+)|`((?:[^`]|``)*)`)|([\p{L}_][\p{L}\p{N}_]*)|(<>|<=|>=|=~|\+=|\.\.|[()[\]{},.:;|=<>+\-*/%^])/uy;

const ESCAPES: Record<string, string> = { n: "\n", t: "\t", r: "\r", b: "\b", f: "\f" };

export function tokenize(query: string): Token[] {
    const tokens: Token[] = [];
    let at = 0;
    while (at < query.length) {
        PATTERN.lastIndex = at;
        const match = PATTERN.exec(query);
        if (!match)
            throw new CypherError(`cannot read ${JSON.stringify(query.slice(at, at + 20))} at character ${at + 1}`);
        const [text, space, quoted, string, float, integer, parameter, quotedParameter, word, symbol] = match;
        const add = (kind: Token["kind"], value: string) => tokens.push({ kind, text: value, at });
        if (quoted !== undefined) add("quoted", quoted.slice(1, -1).replaceAll("``", "`"));
        else if (string !== undefined) add("string", unescape(string.slice(1, -1)));
        else if (float !== undefined) add("float", float);
        else if (integer !== undefined) add("integer", integer);
        else if (parameter !== undefined) add("parameter", parameter);
        else if (quotedParameter !== undefined) add("parameter", quotedParameter.replaceAll("``", "`"));
        else if (word !== undefined) add("word", word);
        else if (symbol !== undefined && space === undefined) add("symbol", symbol);
        at += text.length;
    }
    tokens.push({ kind: "end", text: "end of query", at });
    return tokens;
}

function unescape(text: string): string {
    return text.replace(/\\(u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[\s\S])/g, (_, escape: string) =>
        escape.length > 1 ? String.fromCodePoint(parseInt(escape.slice(1), 16)) : (ESCAPES[escape] ?? escape),
    );
}

/**
 * Takes whole statements off the front of a text that is still being read. A semicolon inside of quotes or a comment ends none.
 * `rest` begins where the last whole statement ends.
 */
export function splitStatements(text: string): { statements: string[]; rest: string } {
    const skip =
        /`(?:[^`]|``)*`|"(?:[^"\\]|\\[\s\S])*"|'(?:[^'\\]|\\[\s\S])*'|\/\/[^\n]*(?:\n|$)|\/\*[\s\S]*?\*\/|[`"'](?=[\s\S]*)|\/\*|;|[^`"'/;]+|\//g;
    const statements: string[] = [];
    let start = 0;
    for (const match of text.matchAll(skip)) {
        // An opening quote that is not closed: more has to come before anything can be said.
        if (["`", '"', "'", "/*"].includes(match[0])) break;
        if (match[0] !== ";") continue;
        const statement = text.slice(start, match.index).trim();
        if (statement !== "") statements.push(statement);
        start = match.index + 1;
    }
    return { statements, rest: text.slice(start) };
}
