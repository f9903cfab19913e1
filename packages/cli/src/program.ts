/** The command line: what there is, with its options and examples. What a command does is loaded when it is called. */
import { Command, CommanderError, Option } from "commander";

import { version } from "../../../package.json";
import type { RenderOptions } from "./commands/render";
import type { Action, Doing } from "./doing";
import { examples } from "./doing";
import { describeError, EXIT, exitCodeOf } from "./errors";
import type { CommonOptions } from "./options";
import { wholeNumber, withCommon, withRun, withStack } from "./options";
import { addRecovery } from "./recovery";
import { addReviews } from "./reviews";
import { createOutput } from "./ui/output";

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
    const doing =
        <T extends CommonOptions>(action: Action<T>) =>
        async (...args: unknown[]): Promise<void> => {
            const self = args.at(-1) as Command;
            const options = self.opts<T>();
            const output = createOutput(options);
            try {
                code = await action(options, output, ...(args.slice(0, -2) as (string | undefined)[]));
            } catch (error) {
                code = exitCodeOf(error);
                const [first = "", ...rest] = describeError(error, output.verbose);
                output.note(`${output.style.red("error:")} ${first}`, ...rest);
            }
        };
    addRuns(command, doing);
    addLooks(command, doing);
    addRecovery(command, doing);
    addReviews(command, doing);
    addTools(command, doing);
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

/** Commands that change something. */
function addRuns(program: Command, doing: Doing): void {
    withRun(program.command("up"))
        .description("bring a stack up, or up to date")
        .option("-y, --yes", "do not ask, and do not preview first")
        .option("--json", "the outcome as JSON on stdout, progress on stderr")
        .addHelpText(
            "after",
            examples(
                "gw up                                the dev stack, asked about first",
                "gw up --system opencode --yes        OpenCode's dev stack",
                "gw up --stack prod                   with the Pulumi CLI, as Pulumi.prod.yaml says",
                "gw up --images local                 with stand-ins built on this machine",
            ),
        )
        .action(doing(async (options, output) => (await import("./commands/up.js")).up(options, output)));

    withRun(program.command("preview"))
        .description("show what up would change")
        .option("--diff", "every property of what is made or deleted too")
        .option("--expect-no-changes", "exit with 1 when there are any")
        .option("--json", "the digest as pulumi preview --json prints it, the same for both engines")
        .addHelpText(
            "after",
            examples("gw preview --diff", "gw preview --json | jq .changeSummary", "gw preview --expect-no-changes"),
        )
        .action(doing(async (options, output) => (await import("./commands/preview.js")).preview(options, output)));

    withRun(program.command("render"))
        .description(
            "write what a stack is on Kubernetes as YAML, one file an object; deploys nothing, needs no cluster",
        )
        .requiredOption("-o, --out <directory>", "where to; files of an earlier rendering are replaced")
        .option("--with-secrets", "secret values in plaintext too (default: Secrets without values, to be filled in)")
        .option("--json", "what was written as JSON")
        .addHelpText(
            "after",
            examples(
                "gw render --stack prod --target kubernetes --out deploy/prod",
                "kubectl apply --server-side -f deploy/prod",
            ),
        )
        .action(
            doing<RenderOptions>(async (options, output) =>
                (await import("./commands/render.js")).render(options, output),
            ),
        );

    withStack(program.command("destroy"))
        .description("delete what a stack made, and its data")
        .option("-y, --yes", "do not ask")
        .option("--exclude-protected", "keep what is protected and delete the rest")
        .option("--preview-only", "only show what would be deleted")
        .option("-p, --parallel <n>", "most steps at once (default: 16)", wholeNumber(1, 1000))
        .option(
            "--json",
            "the outcome as JSON on stdout, progress on stderr; of a preview the digest, as of gw preview",
        )
        .addHelpText(
            "after",
            examples("gw destroy", "gw destroy --system opshub --yes", "gw destroy --stack prod --preview-only"),
        )
        .action(doing(async (options, output) => (await import("./commands/destroy.js")).destroy(options, output)));

    withStack(program.command("refresh"))
        .description("read what really runs and correct the state by it")
        .option("-y, --yes", "do not ask")
        .option("--preview-only", "only show what would be corrected")
        .option("-p, --parallel <n>", "most steps at once (default: 16)", wholeNumber(1, 1000))
        .option("--json", "the outcome as JSON on stdout, progress on stderr")
        .addHelpText("after", examples("gw refresh --preview-only", "gw refresh --yes && gw up"))
        .action(doing(async (options, output) => (await import("./commands/refresh.js")).refresh(options, output)));
}

/** Commands that look. */
function addLooks(program: Command, doing: Doing): void {
    withStack(program.command("status"))
        .description("show what runs and how it is; exit code 1 when something is not well")
        .option("-a, --all", "every stack with state here")
        .option("--json", "as JSON")
        .addHelpText("after", examples("gw status", "gw status --all", "gw status --json | jq .healthy"))
        .action(doing(async (options, output) => (await import("./commands/status.js")).status(options, output)));

    withStack(program.command("outputs"))
        .argument("[name]", "one output alone, or a value within it: urls.platform")
        .description("show what the stack exports")
        .option("--show-secrets", "secret values in plaintext")
        .option("--json", "as JSON")
        .addHelpText("after", examples("gw outputs", "gw outputs urls.platform"))
        .action(
            doing(async (options, output, name) =>
                (await import("./commands/outputs.js")).outputs(name, options, output),
            ),
        );

    withStack(program.command("logs"))
        .argument("[services...]", "only these (default: all)")
        .description("show what the services log")
        .option("-f, --follow", "go on until Ctrl-C")
        .option("-n, --tail <lines>", "newest lines of each container (default: 100)", wholeNumber(0, 1_000_000))
        .option("--since <time>", "since then: 10m, 2h, or a time such as 2026-01-31T12:00:00Z")
        .option("-t, --timestamps", "with the time of each line")
        .addHelpText("after", examples("gw logs", "gw logs api -f", "gw logs postgres --since 10m"))
        .action(
            doing(async (options, output, services) =>
                (await import("./commands/logs.js")).logs(services as unknown as string[], options, output),
            ),
        );

    withStack(program.command("smoke"))
        .description("check a stack from outside, through its edge")
        .option("--timeout <seconds>", "for each check (default: 10)", wholeNumber(1, 600))
        .option("--json", "as JSON")
        .addHelpText("after", examples("gw smoke", "gw smoke --system project-manager --json"))
        .action(doing(async (options, output) => (await import("./commands/smoke.js")).smoke(options, output)));

    withStack(program.command("doctor"))
        .description("say what is lacking to deploy and how to get it; exit code 1 when something needed is missing")
        .option("--json", "as JSON")
        .addHelpText(
            "after",
            examples("gw doctor", "gw doctor --stack prod      of its cluster, where it runs on Kubernetes"),
        )
        .action(doing(async (options, output) => (await import("./commands/doctor.js")).doctor(options, output)));
}

/** Commands for stacks, their state and images. */
function addTools(program: Command, doing: Doing): void {
    const state = program.command("state").description("export, import or unlock a stack's state");
    withStack(state.command("export"))
        .description("print the state as pulumi stack export does; secrets stay encrypted")
        .option("-o, --file <path>", "to a file, readable by its owner alone")
        .option("--show-secrets", "secrets in plaintext")
        .addHelpText("after", examples("gw state export --file dev.json", "gw state export | pulumi stack import"))
        .action(doing(async (options, output) => (await import("./commands/state.js")).exportState(options, output)));
    withStack(state.command("import"))
        .argument("[file]", "the state (default: stdin)")
        .description("replace the state by one that was exported, from either engine")
        .option("-y, --yes", "do not ask")
        .addHelpText("after", examples("gw state import dev.json", "pulumi stack export | gw state import --yes"))
        .action(
            doing(async (options, output, file) =>
                (await import("./commands/state.js")).importState(file, options, output),
            ),
        );
    withStack(state.command("unlock"))
        .description("remove the lock of a run that is gone for good")
        .option("-y, --yes", "do not ask")
        .addHelpText("after", examples("gw state unlock --stack dev"))
        .action(doing(async (options, output) => (await import("./commands/state.js")).unlock(options, output)));

    const stack = program.command("stack").description("make and list stacks");
    withCommon(stack.command("init"))
        .argument("<name>", "<system>-<environment>, e.g. opencode-staging")
        .description("write Pulumi.<name>.yaml from the environment's file")
        .option("--force", "over a file that is there")
        .addHelpText("after", examples("gw stack init opencode-staging"))
        .action(
            doing(async (options, output, name) => (await import("./commands/stack.js")).init(name!, options, output)),
        );
    withCommon(stack.command("ls"))
        .description("list the stacks with a file or state here")
        .option("--json", "as JSON")
        .addHelpText("after", examples("gw stack ls"))
        .action(doing(async (options, output) => (await import("./commands/stack.js")).list(options, output)));

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
            doing(async (options, output, key, value) =>
                (await import("./commands/config.js")).set(key!, value, options, output),
            ),
        );
    withStack(config.command("rm"))
        .argument("<key>", "as for set")
        .description("take a value out of the stack's file, as pulumi config rm --path does")
        .addOption(new Option("--path", "understood").hideHelp())
        .addHelpText("after", examples("gw config rm edge.httpsPort", "gw config rm images --stack prod"))
        .action(
            doing(async (options, output, key) => (await import("./commands/config.js")).rm(key!, options, output)),
        );
    withStack(config.command("get"))
        .argument("<key>", "as for set")
        .description("print a value of the stack's file; a secret in plaintext")
        .addHelpText("after", examples("gw config get edge.httpsPort", "gw config get images --stack prod"))
        .action(
            doing(async (options, output, key) => (await import("./commands/config.js")).get(key!, options, output)),
        );

    const images = program.command("images").description("the stand-ins that are built on this machine");
    withStack(images.command("build"))
        .description("build the stand-ins that the Docker engine has not: of a system, or all")
        .option("--json", "as JSON")
        .addHelpText("after", examples("gw images build", "gw images build --system debt-os"))
        .action(doing(async (options, output) => (await import("./commands/images.js")).build(options, output)));
}
