/** The commands that change what runs, or show what they would change. */
import type { Command } from "commander";

import type { RenderOptions } from "../commands/render";
import { wholeNumber, withRun, withStack } from "../options";
import { type Doing, examples } from "./action";

export function addDeployCommands(program: Command, doing: Doing): void {
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
        .action(doing(async (options, output) => (await import("../commands/up.js")).up(options, output)));

    withRun(program.command("preview"))
        .description("show what up would change")
        .option("--diff", "every property of what is made or deleted too")
        .option("--expect-no-changes", "exit with 1 when there are any")
        .option("--json", "the digest as pulumi preview --json prints it, the same for both engines")
        .addHelpText(
            "after",
            examples("gw preview --diff", "gw preview --json | jq .changeSummary", "gw preview --expect-no-changes"),
        )
        .action(doing(async (options, output) => (await import("../commands/preview.js")).preview(options, output)));

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
                (await import("../commands/render.js")).render(options, output),
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
        .action(doing(async (options, output) => (await import("../commands/destroy.js")).destroy(options, output)));

    withStack(program.command("refresh"))
        .description("read what really runs and correct the state by it")
        .option("-y, --yes", "do not ask")
        .option("--preview-only", "only show what would be corrected")
        .option("-p, --parallel <n>", "most steps at once (default: 16)", wholeNumber(1, 1000))
        .option("--json", "the outcome as JSON on stdout, progress on stderr")
        .addHelpText("after", examples("gw refresh --preview-only", "gw refresh --yes && gw up"))
        .action(doing(async (options, output) => (await import("../commands/refresh.js")).refresh(options, output)));
}
