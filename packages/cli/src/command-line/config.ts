/** `gw config`: the values of a stack's file. */
import { type Command, Option } from "commander";

import { type StackOptions, withStack } from "../options";
import { type Doing, examples } from "./action";

export function addConfigCommands(program: Command, doing: Doing): void {
    const config = program.command("config").description("set, take out and print values of a stack's file");
    withStack(config.command("set"))
        .argument("<key>", "e.g. edge.httpsPort or secrets.OPENAI_API_KEY; groundwork: in front is understood")
        .argument("[value]", "the value (default: asked for on a terminal, else stdin)")
        .description("set a value in the stack's file, as pulumi config set --path does")
        .option("--secret", "encrypt it; what is under secrets always is")
        // A command that names pulumi does the same with gw in its place.
        .addOption(new Option("--path", "understood").hideHelp())
        .addHelpText(
            "after",
            examples(
                "gw config set edge.httpsPort 9443",
                "gw config set secrets.OPENAI_API_KEY --stack prod          asks for it, and shows nothing of it",
                "gw config set secrets.TLS_PRIVATE_KEY --stack prod < privkey.pem",
            ),
        )
        .action(
            doing<StackOptions, [key: string, value: string | undefined]>(async (options, output, key, value) =>
                (await import("../commands/config.js")).set(key, value, options, output),
            ),
        );
    withStack(config.command("rm"))
        .argument("<key>", "as for set")
        .description("take a value out of the stack's file, as pulumi config rm --path does")
        .addOption(new Option("--path", "understood").hideHelp())
        .addHelpText("after", examples("gw config rm edge.httpsPort", "gw config rm images --stack prod"))
        .action(
            doing<StackOptions, [key: string]>(async (options, output, key) =>
                (await import("../commands/config.js")).rm(key, options, output),
            ),
        );
    withStack(config.command("get"))
        .argument("<key>", "as for set")
        .description("print a value of the stack's file; a secret in plaintext")
        .addHelpText("after", examples("gw config get edge.httpsPort", "gw config get images --stack prod"))
        .action(
            doing<StackOptions, [key: string]>(async (options, output, key) =>
                (await import("../commands/config.js")).get(key, options, output),
            ),
        );
}
