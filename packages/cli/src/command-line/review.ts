/** The commands for those who review: what would change, and what the rules say. Nothing here asks anything that runs. */
import { type Command, Option } from "commander";

import { ENVIRONMENTS, SYSTEM_KEYS } from "../../../../systems/types";
import type { PolicyOptions } from "../commands/policy";
import type { ReportOptions } from "../commands/report";
import { type Doing, examples } from "./action";
import { repeated, withCommon } from "../options";

const POLICY_FORMATS = ["text", "json", "html", "sarif", "junit", "markdown"];
const FAIL_ON = ["mandatory", "any", "new", "never"];

export function addReviewCommands(program: Command, doing: Doing): void {
    withCommon(program.command("report"))
        .description("say what a pull request would change of every stack; asks nothing that runs, opens no secret")
        .requiredOption("--base <ref>", "the revision that is deployed: a branch, a tag or a commit")
        .option("--head <ref>", "the revision that would be; worktree: the files as they are", "worktree")
        .option("-s, --stack <name>", "this stack alone")
        .addOption(new Option("--system <system>", "stacks of this system alone").choices(SYSTEM_KEYS))
        .addOption(
            new Option("--env, --environment <environment>", "stacks of this environment alone").choices(ENVIRONMENTS),
        )
        .addOption(
            new Option("--format <format>", "markdown: one comment; json: everything")
                .choices(["markdown", "json"])
                .default("markdown"),
        )
        .addHelpText(
            "after",
            examples(
                "gw report --base main",
                "gw report --base v1.4.0 --head v1.5.0 --environment prod",
                "gw report --base main --format json | jq .verdict",
            ),
        )
        .action(
            doing<ReportOptions>(async (options, output) =>
                (await import("../commands/report.js")).report(options, output),
            ),
        );

    withCommon(program.command("policy"))
        .description(
            "judge a stack, files or a state by the rules of the policy pack; exit code 1 when one that is mandatory is violated",
        )
        .addOption(
            new Option(
                "--path <path>",
                "a file, or a directory of Kubernetes YAML, Compose files and Dockerfiles; may be given again",
            )
                .argParser(repeated)
                .conflicts(["state", "stack", "system", "all"]),
        )
        .addOption(
            new Option("--state <file>", "a state, as pulumi stack export and gw state export write it").conflicts([
                "stack",
                "system",
                "all",
            ]),
        )
        .addOption(
            new Option("-s, --stack <name>", "a stack, as in Pulumi.<name>.yaml (default: dev)").conflicts([
                "system",
                "all",
            ]),
        )
        .addOption(
            new Option("--system <system>", "the stack <system>-<environment>; with --all, its stacks").choices(
                SYSTEM_KEYS,
            ),
        )
        .option("--all", "every stack")
        .addOption(
            new Option(
                "--env <environment>",
                "the stack's environment (default: dev); of files and states, how rules are enforced (default: prod; of a state, as its name ends)",
            ).choices(ENVIRONMENTS),
        )
        .addOption(new Option("--format <format>", "how results are written").choices(POLICY_FORMATS).default("text"))
        .option("-o, --out <file>", "to a file (default: stdout)")
        .option("--config <file>", "levels and settings of rules, as pulumi --policy-pack-config takes them")
        .option(
            "--waivers <file>",
            "violations that are kept on purpose (default: policies/waivers.yaml, but none for --path)",
        )
        .option("--baseline <file>", "earlier results of --format json: says what is new since, and what is fixed")
        .addOption(
            new Option(
                "--fail-on <violations>",
                "which end with exit code 1; new: those that are mandatory and not in the baseline",
            )
                .choices(FAIL_ON)
                .default("mandatory"),
        )
        .addHelpText(
            "after",
            examples(
                "gw policy --system opshub --env prod",
                "gw policy --all --format sarif --out policy.sarif",
                "pulumi stack export | gw policy --state /dev/stdin",
                "gw policy --path deploy/prod",
                "gw policy --path deploy --format html --out policy.html",
                "gw policy --path deploy --baseline main.json --fail-on new",
            ),
        )
        .action(
            doing<PolicyOptions>(async (options, output) =>
                (await import("../commands/policy.js")).policy(options, output),
            ),
        );
}
