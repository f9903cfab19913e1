/** How a command is put on the command line, whichever file it is in. */
import type { CommonOptions } from "../options";
import type { Output } from "../ui/output";

/** What stands behind a command's name: a text for each argument, a list for one that takes several. */
export type Words = (string | string[] | undefined)[];

/** What a command does. @returns the exit code */
export type Action<T, W extends Words> = (options: T, output: Output, ...words: W) => Promise<number>;

/** Makes of it what commander calls: with an output, and with errors as messages and exit codes. */
export type Doing = <T extends CommonOptions, W extends Words = []>(
    action: Action<T, W>,
) => (...args: unknown[]) => Promise<void>;

/** What `--help` shows at its end. */
export function examples(...lines: string[]): string {
    return `\nExamples:\n${lines.map((line) => `  ${line}`).join("\n")}`;
}
