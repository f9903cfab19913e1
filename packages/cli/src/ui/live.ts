import { displayWidth } from "./text";

/** What `LiveRegion` needs of a terminal. */
export interface TerminalStream {
    write(text: string): unknown;
    columns?: number;
    rows?: number;
}

/**
 * The lowest lines of a terminal, rewritten in place, below lines that stay. Every frame is one write between the marks of a synchronised
 * update, so that a terminal that knows them shows no half-drawn frame and others ignore them.
 */
export class LiveRegion {
    private lines: string[] = [];
    private hidden = false;

    constructor(private readonly stream: TerminalStream) {}

    get columns(): number {
        return Math.max(20, this.stream.columns ?? 80);
    }

    get rows(): number {
        return Math.max(4, this.stream.rows ?? 24);
    }

    /** Writes `lasting` above, and `lines` in place of the former live lines. */
    draw(lasting: string[], lines: string[]): void {
        const text = [
            "\u001B[?2026h",
            this.hidden ? "" : "\u001B[?25l",
            this.eraser(),
            ...[...lasting, ...lines].map((line) => `${line}\n`),
            "\u001B[?2026l",
        ].join("");
        this.hidden = true;
        this.lines = lines;
        this.stream.write(text);
    }

    /** Takes the live lines away and shows the cursor again. */
    close(lasting: string[] = []): void {
        this.stream.write(`${this.eraser()}${lasting.map((line) => `${line}\n`).join("")}\u001B[?25h`);
        this.lines = [];
        this.hidden = false;
    }

    /** Moves to the start of the live part and clears from there. A terminal made narrower has wrapped what was drawn. */
    private eraser(): string {
        const height = this.lines.reduce((sum, l) => sum + Math.max(1, Math.ceil(displayWidth(l) / this.columns)), 0);
        return height > 0 ? `\u001B[${height}F\u001B[J` : "\r\u001B[J";
    }
}
