/** The commands that look at what runs. */
import type { Command } from "commander";

import { type StackOptions, wholeNumber, withStack } from "../options";
import { type Doing, examples } from "./action";

export function addInspectCommands(program: Command, doing: Doing): void {
    withStack(program.command("status"))
        .description("show what runs and how it is; exit code 1 when something is not well")
        .option("-a, --all", "every stack with state here")
        .option("--json", "as JSON")
        .addHelpText("after", examples("gw status", "gw status --all", "gw status --json | jq .healthy"))
        .action(doing(async (options, output) => (await import("../commands/status.js")).status(options, output)));

    withStack(program.command("outputs"))
        .argument("[name]", "one output alone, or a value within it: urls.platform")
        .description("show what the stack exports")
        .option("--show-secrets", "secret values in plaintext")
        .option("--json", "as JSON")
        .addHelpText("after", examples("gw outputs", "gw outputs urls.platform"))
        .action(
            doing<StackOptions, [name: string | undefined]>(async (options, output, name) =>
                (await import("../commands/outputs.js")).outputs(name, options, output),
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
            doing<StackOptions, [services: string[]]>(async (options, output, services) =>
                (await import("../commands/logs.js")).logs(services, options, output),
            ),
        );

    withStack(program.command("smoke"))
        .description("check a stack from outside, through its edge")
        .option("--timeout <seconds>", "for each check (default: 10)", wholeNumber(1, 600))
        .option(
            "--wait <seconds>",
            "make all checks again for so long while one fails (default: 30)",
            wholeNumber(0, 3600),
        )
        .option("--json", "as JSON")
        .addHelpText("after", examples("gw smoke", "gw smoke --system project-manager --json"))
        .action(doing(async (options, output) => (await import("../commands/smoke.js")).smoke(options, output)));

    withStack(program.command("doctor"))
        .description("say what is lacking to deploy and how to get it; exit code 1 when something needed is missing")
        .option("--json", "as JSON")
        .addHelpText(
            "after",
            examples("gw doctor", "gw doctor --stack prod      of its cluster, where it runs on Kubernetes"),
        )
        .action(doing(async (options, output) => (await import("../commands/doctor.js")).doctor(options, output)));
}
