import { createInterface } from "node:readline/promises";
import { Writable } from "node:stream";

import { EXIT, UsageError } from "../errors";
import type { Output } from "./output";

/**
 * The hint names the way of whoever called `gw`: a Makefile's target takes no option, and says in GW_YES what it takes instead.
 * @throws UsageError when there is nobody to ask
 */
export function requireAnswerable(output: Output, yes: boolean | undefined, action: string): void {
    if (yes === true || output.interactive) return;
    throw new UsageError(
        `Nobody can be asked whether to ${action}: this is no terminal.`,
        `Say ${process.env["GW_YES"] ?? "--yes"} to go ahead without being asked.`,
    );
}

/** Says that the answer was no. @returns the exit code of that */
export function unchanged(output: Output): number {
    output.note("Nothing was changed.");
    return EXIT.failed;
}

/**
 * Asks on stderr until the answer is one of `choices` or the start of one. Ctrl-C and the end of input answer the last choice, which is the
 * harmless one.
 */
export async function ask<T extends string>(question: string, choices: readonly T[]): Promise<T> {
    const reader = createInterface({ input: process.stdin, output: process.stderr });
    const harmless = choices.at(-1)!;
    try {
        for (;;) {
            const closed = new Promise<string>((resolve) => reader.once("close", () => resolve(harmless)));
            reader.once("SIGINT", () => reader.close());
            const answer = await Promise.race([reader.question(`${question} [${choices.join("/")}] `), closed]);
            const word = answer.trim().toLowerCase();
            const choice = choices.find((c) => word !== "" && c.startsWith(word));
            if (choice !== undefined) return choice;
        }
    } finally {
        reader.close();
    }
}

/**
 * One line that is typed on the terminal.
 * @param hidden nothing of it is shown
 * @throws UsageError when the line is broken off with Ctrl-C or Ctrl-D
 */
export async function askForValue(question: string, { hidden }: { hidden: boolean }): Promise<string> {
    const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
    const output = hidden ? silent : process.stderr;
    const reader = createInterface({ input: process.stdin, output, terminal: true, prompt: question });
    try {
        if (hidden) process.stderr.write(question);
        reader.prompt();
        return await new Promise<string>((resolve, reject) => {
            reader.once("line", resolve);
            reader.once("SIGINT", () => reader.close());
            reader.once("close", () => reject(new UsageError("No value was given.")));
        });
    } finally {
        reader.close();
        if (hidden) process.stderr.write("\n");
    }
}
