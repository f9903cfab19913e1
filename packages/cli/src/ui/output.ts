import { createStyle, type Style, wantsColour } from "./style";
import type { TerminalStream } from "./live";
import { asCalled } from "../words";

/** Where a command writes: results on stdout; with `--json` everything else goes to stderr, so that stdout is JSON alone. */
export interface Output {
    readonly style: Style;
    /** Columns of the terminal; 120 where there is none. */
    readonly columns: number;
    /** Progress is rewritten in place. */
    readonly live: boolean;
    /** Questions can be asked. */
    readonly interactive: boolean;
    readonly json: boolean;
    readonly verbose: boolean;
    readonly progressStream: TerminalStream;
    /** A result. */
    print(...lines: string[]): void;
    printJson(value: unknown): void;
    /** On the way to the result. */
    progress(...lines: string[]): void;
    /** Remarks and errors, always on stderr. */
    note(...lines: string[]): void;
}

export function createOutput(options: { color?: boolean; json?: boolean; verbose?: boolean }): Output {
    const json = options.json === true;
    const progressStream = json ? process.stderr : process.stdout;
    const style = createStyle(wantsColour(progressStream, options));
    const write = (stream: NodeJS.WriteStream, lines: string[]): void => {
        if (lines.length > 0) stream.write(`${lines.join("\n")}\n`);
    };
    return {
        style,
        columns: progressStream.isTTY ? Math.max(40, progressStream.columns) : 120,
        live: progressStream.isTTY === true && process.env["TERM"] !== "dumb" && (process.env["CI"] ?? "") === "",
        interactive: process.stdin.isTTY === true && process.stderr.isTTY === true,
        json,
        verbose: options.verbose === true || (process.env["GW_DEBUG"] ?? "") !== "",
        progressStream,
        print: (...lines) => write(process.stdout, lines),
        printJson: (value) => write(process.stdout, [JSON.stringify(value, null, 4)]),
        progress: (...lines) => write(progressStream, lines),
        note: (...lines) => write(process.stderr, lines.map(asCalled)),
    };
}
