/** The command line: what there is, with its options and examples. What a command does is loaded when it is called. */
import { Command, CommanderError } from "commander";

import { version } from "../../../../package.json";
import { describeError, EXIT, exitCodeOf } from "../errors";
import type { CommonOptions } from "../options";
import { createOutput } from "../ui/output";
import { repeatInCommands } from "../words";
import type { Action, Doing, Words } from "./action";
import { addBackupCommands } from "./backups";
import { addConfigCommands } from "./config";
import { addDeployCommands } from "./deploy";
import { addImagesCommands } from "./images";
import { addInspectCommands } from "./inspect";
import { addReviewCommands } from "./review";
import { addStackCommands } from "./stack";
import { addStateCommands } from "./state";

const EXIT_CODES = `
Exit codes: 0 done, 1 failed, 2 wrong configuration or usage (nothing was touched), 3 a policy forbids it, 4 the stack is locked.`;

interface Program {
    command: Command;
    run(argv: string[]): Promise<number>;
}

export function buildProgram(): Program {
    let code: number = EXIT.done;
    const command = new Command("gw")
        .description("Groundwork: deploys a developer platform, and looks after it.")
        .version(version, "-V, --version")
        .showHelpAfterError("Add --help for what there is.")
        .showSuggestionAfterError()
        .exitOverride()
        .addHelpText("after", EXIT_CODES);

    /** Runs a command with its output, and turns what it throws into a message and an exit code. */
    const doing: Doing =
        <T extends CommonOptions, W extends Words>(action: Action<T, W>) =>
        async (...args: unknown[]): Promise<void> => {
            const self = args.at(-1) as Command;
            const options = self.opts<T>();
            const output = createOutput(options);
            repeatInCommands(options);
            try {
                code = await action(options, output, ...(args.slice(0, -2) as W));
            } catch (error) {
                code = exitCodeOf(error);
                const [first = "", ...rest] = describeError(error, output.verbose);
                output.note(`${output.style.red("error:")} ${first}`, ...rest);
            }
        };
    // In the order in which `--help` lists them.
    addDeployCommands(command, doing);
    addInspectCommands(command, doing);
    addBackupCommands(command, doing);
    addReviewCommands(command, doing);
    addStateCommands(command, doing);
    addStackCommands(command, doing);
    addConfigCommands(command, doing);
    addImagesCommands(command, doing);
    for (const sub of all(command)) sub.exitOverride().showHelpAfterError("Add --help for what there is.");

    return {
        command,
        async run(argv) {
            try {
                await command.parseAsync(argv);
                return code;
            } catch (error) {
                if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
                throw error;
            }
        },
    };
}

function all(command: Command): Command[] {
    return command.commands.flatMap((sub) => [sub, ...all(sub)]);
}
