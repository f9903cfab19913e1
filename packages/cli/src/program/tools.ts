/** The command line for stacks' files and state, and for images. */
import { type Command, Option } from "commander";

import { type CommonOptions, type StackOptions, withCommon, withStack } from "../options";
import { type Doing, examples } from "./doing";

export function addTools(program: Command, doing: Doing): void {
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

    const images = program.command("images").description("the stand-ins that are built on this machine");
    withStack(images.command("build"))
        .description("build the stand-ins that the Docker engine has not: of a system, or all")
        .option("--json", "as JSON")
        .addHelpText("after", examples("gw images build", "gw images build --system debt-os"))
        .action(doing(async (options, output) => (await import("../commands/images.js")).build(options, output)));
}
