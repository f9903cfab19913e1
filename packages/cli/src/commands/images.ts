import { STAND_INS } from "../../../../images/local";
import { SYSTEMS, systemOf } from "../../../../systems";
import { BACKUP, type Database, imageKeys, type SystemKey } from "../../../../systems/types";
import { reachDocker } from "../docker/client";
import { EXIT } from "../errors";
import type { StackOptions } from "../options";
import { openSession, type Session } from "../session";
import { duration } from "../ui/text";
import type { Output } from "../ui/output";
import { dockerHostOf } from "../runtime/deployed";
import { quietly } from "../runs/watch";

const databaseOf = (session?: Session) => session?.read.config["groundwork:database"]?.value as Database | undefined;

/** Builds the stand-ins of a system, of a stack's system, or all; the backup toolbox, which nobody publishes, with each of them. */
export async function build(options: StackOptions, output: Output): Promise<number> {
    const session = options.stack === undefined ? undefined : await openSession(options, output);
    const system = options.system ?? session?.read.config["groundwork:system"]?.value;
    const keys =
        system !== undefined && system in SYSTEMS
            ? [...imageKeys(systemOf(system as SystemKey, databaseOf(session))), BACKUP]
            : STAND_INS;
    const { docker } = await reachDocker(session && dockerHostOf(session));
    const { buildLocalImages } = await import("../images/build.js");
    const report = await quietly(output, ({ signal }) =>
        buildLocalImages(keys, { docker, signal, log: (line) => output.progress(output.style.dim(line)) }),
    );
    if (output.json) output.printJson(report);
    else {
        const there = report.refs.filter((ref) => !report.built.includes(ref)).length;
        output.print(
            `${report.built.length} built, ${there} there already, in ${duration(report.seconds)}.`,
            ...report.refs,
        );
    }
    return EXIT.done;
}
