/** `gw stack`: the stacks of a project. */
import type { Command } from "commander";

import { type CommonOptions, withCommon } from "../options";
import { type Doing, examples } from "./action";

export function addStackCommands(program: Command, doing: Doing): void {
    const stack = program.command("stack").description("make and list stacks");
    withCommon(stack.command("init"))
        .argument("<name>", "<system>-<environment>, e.g. opencode-staging")
        .description("write Pulumi.<name>.yaml from the environment's file")
        .option("--force", "over a file that is there")
        .addHelpText("after", examples("gw stack init opencode-staging"))
        .action(
            doing<CommonOptions, [name: string]>(async (options, output, name) =>
                (await import("../commands/stack.js")).init(name, options, output),
            ),
        );
    withCommon(stack.command("ls"))
        .description("list the stacks with a file or state here")
        .option("--json", "as JSON")
        .addHelpText("after", examples("gw stack ls"))
        .action(doing(async (options, output) => (await import("../commands/stack.js")).list(options, output)));
}
