import { CypherError, type Token, tokenize } from "./lexer";

/** Reads tokens one after the other. Keywords are words in any case. */
export class Reader {
    private readonly tokens: Token[];
    private position = 0;

    constructor(private readonly query: string) {
        this.tokens = tokenize(query);
    }

    peek(ahead = 0): Token {
        return this.tokens[Math.min(this.position + ahead, this.tokens.length - 1)]!;
    }

    next(): Token {
        const token = this.peek();
        if (token.kind !== "end") this.position++;
        return token;
    }

    /** Whether these keywords come next; does not take them. */
    sees(words: string): boolean {
        return words.split(" ").every((word, i) => {
            const token = this.peek(i);
            return token.kind === "word" && token.text.toUpperCase() === word;
        });
    }

    /** Takes these keywords if they come next. */
    takes(words: string): boolean {
        if (!this.sees(words)) return false;
        this.position += words.split(" ").length;
        return true;
    }

    seesSymbol(symbol: string, ahead = 0): boolean {
        const token = this.peek(ahead);
        return token.kind === "symbol" && token.text === symbol;
    }

    takesSymbol(symbol: string): boolean {
        if (!this.seesSymbol(symbol)) return false;
        this.position++;
        return true;
    }

    expect(words: string): void {
        if (!this.takes(words)) throw this.unexpected(words);
    }

    expectSymbol(symbol: string): void {
        if (!this.takesSymbol(symbol)) throw this.unexpected(`"${symbol}"`);
    }

    /** A variable, label, type or property name. */
    name(what: string): string {
        const token = this.peek();
        if (token.kind !== "word" && token.kind !== "quoted") throw this.unexpected(what);
        this.position++;
        return token.text;
    }

    atEnd(): boolean {
        return this.peek().kind === "end";
    }

    /** The query's text from an offset to the next token. */
    text(from: number): string {
        return this.query.slice(from, this.peek().at).trim();
    }

    unexpected(wanted: string): CypherError {
        const { text, at } = this.peek();
        return new CypherError(`expected ${wanted}, found "${text}" at character ${at + 1}`);
    }
}
