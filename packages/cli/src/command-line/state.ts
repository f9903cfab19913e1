/** `gw state`: the state of a stack. */
import type { Command } from "commander";

import { type StackOptions, withStack } from "../options";
import { type Doing, examples } from "./action";

export function addStateCommands(program: Command, doing: Doing): void {
    const state = program.command("state").description("export, import or unlock a stack's state");
    withStack(state.command("export"))
        .description("print the state as pulumi stack export does; secrets stay encrypted")
        .option("-o, --file <path>", "to a file, readable by its owner alone")
        .option("--show-secrets", "secrets in plaintext")
        .addHelpText("after", examples("gw state export --file dev.json", "gw state export | pulumi stack import"))
        .action(doing(async (options, output) => (await import("../commands/state.js")).exportState(options, output)));
    withStack(state.command("import"))
        .argument("[file]", "the state (default: stdin)")
        .description("replace the state by one that was exported, from either engine")
        .option("-y, --yes", "do not ask")
        .addHelpText("after", examples("gw state import dev.json", "pulumi stack export | gw state import --yes"))
        .action(
            doing<StackOptions, [file: string | undefined]>(async (options, output, file) =>
                (await import("../commands/state.js")).importState(file, options, output),
            ),
        );
    withStack(state.command("unlock"))
        .description("remove the lock of a run that is gone for good")
        .option("-y, --yes", "do not ask")
        .addHelpText("after", examples("gw state unlock --stack dev"))
        .action(doing(async (options, output) => (await import("../commands/state.js")).unlock(options, output)));
}
