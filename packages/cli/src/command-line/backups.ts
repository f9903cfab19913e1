/** The commands about backups, and about bringing back what they hold. */
import { type Command, Option } from "commander";

import type { RestoreOptions } from "../backups/restore";
import { repeated, type StackOptions, withRun, withStack } from "../options";
import { type Doing, examples } from "./action";

export function addBackupCommands(program: Command, doing: Doing): void {
    withStack(program.command("backups"))
        .argument("[store]", "only of this one (default: all)")
        .description("list the backups of a stack, newest first")
        .option("--local", "of the copy on the machine")
        .option("--json", "with their manifests, as JSON")
        .addHelpText(
            "after",
            examples("gw backups", "gw backups postgres --stack prod", "gw backups --json | jq '.[0]'"),
        )
        .action(
            doing<StackOptions, [store: string | undefined]>(async (options, output, store) =>
                (await import("../commands/backups.js")).backups({ ...options, store }, output),
            ),
        );

    withStack(program.command("restore"))
        .argument("<store>", "as gw backups names it: postgres, redis, sqlite …")
        .description("put a store of a stack back: beside the live data, proven, then in its place")
        .option("--at <point>", "latest, a backup's id, or a time such as 2026-11-24T10:32:05Z", "latest")
        .option(
            "--before <time>",
            "of the backups that were begun before that time: of a stack that was built anew since",
        )
        .option("--into <name>", "leave the live data as it is, and restore beside it under this name")
        .option("--database <name>", "of Postgres: only this one, while it runs")
        .option("--table <name>", "of Postgres: only this one (schema.table), while it runs")
        .addOption(method())
        .option("--graph-only", "of Memgraph: nodes and relationships alone, while it runs")
        .option("--local", "from the copy on the machine")
        .option("--no-safety-copy", "where the live data cannot be read any more")
        .option("--undo", "take the last restore back, or one that was interrupted")
        .option("--clear", "remove what restores have set aside for --undo")
        .option("-y, --yes", "do not ask")
        .option("--json", "the outcome as JSON on stdout, progress on stderr")
        .addHelpText(
            "after",
            examples(
                "gw restore redis                               its newest backup, asked about first",
                "gw restore postgres --at 2026-11-24T10:32:05Z  as it was at that second",
                "gw restore postgres --table invoices           one table, from the newest backup",
                "gw restore postgres --database app --into copy beside the live one, to look at",
                "gw restore postgres --undo                     what was there before is live again",
            ),
        )
        .action(
            doing<RestoreOptions, [store: string]>(async (options, output, store) =>
                (await import("../commands/restore.js")).restore(store, options, output),
            ),
        );

    withRun(program.command("rebuild"))
        .description(
            "deploy a stack that is gone anew, with its secrets and every store from the bucket of its backups",
        )
        .option("--without <store>", "leave this store empty; may be given again", repeated)
        .addOption(method())
        .option("-y, --yes", "do not ask")
        .option("--json", "the outcome as JSON on stdout, progress on stderr")
        .addHelpText(
            "after",
            examples(
                "gw rebuild --stack prod                    what there is, asked about first",
                "gw rebuild --stack prod --without logs     not what is not worth the wait",
            ),
        )
        .action(doing(async (options, output) => (await import("../commands/rebuild.js")).rebuild(options, output)));

    withStack(program.command("drill"))
        .description("restore the newest backup of every store into a throw-away place, and prove and time it")
        .option("--store <name>", "only of this one (default: all)")
        .option(
            "-o, --out <directory>",
            "where the report goes, as Markdown, JSON and a chart (default: reports/drills)",
        )
        .option("--json", "the report as JSON")
        .addHelpText("after", examples("gw drill", "gw drill --store postgres --stack prod"))
        .action(doing(async (options, output) => (await import("../commands/drill.js")).drill(options, output)));
}

function method(): Option {
    const what = "of Postgres: which kind of backup (default: what brings back most)";
    return new Option("--method <method>", what).choices(["logical", "physical"]);
}
