import { existsSync } from "node:fs";
import { basename, join } from "node:path";

import { Document } from "yaml";

import { ConfigError } from "../../../../config/load";
import { readStackFile } from "../../../../config/stack-file";
import { SYSTEMS } from "../../../../systems";
import { ENVIRONMENTS, SYSTEM_KEYS } from "../../../../systems/types";
import { EXIT, UsageError } from "../errors";
import { writeWhole } from "../files";
import type { CommonOptions } from "../options";
import { findProject, stacksWithFile, stacksWithState } from "../project";
import { loadConfig, readStack, unpinnedImages } from "../stack/config";
import { parseStackName, type ResolvedStack } from "../stack/resolve";
import { fromText } from "../stack/text";
import type { Output } from "../ui/output";
import { table } from "../ui/table";
import { stackFlag } from "../words";

interface InitOptions extends CommonOptions {
    force?: boolean;
}

/** Writes a stack's file from its environment's, with the system put in its place. */
export async function init(name: string, options: InitOptions, output: Output): Promise<number> {
    const project = findProject(options.cwd);
    const parts = parseStackName(name);
    if (!parts) {
        throw new UsageError(
            `"${name}" is not <system>-<environment>.`,
            `Systems: ${SYSTEM_KEYS.join(", ")}. Environments: ${ENVIRONMENTS.join(", ")}.`,
        );
    }
    const base = join(project.dir, `Pulumi.${parts.environment}.yaml`);
    const path = join(project.dir, `Pulumi.${name}.yaml`);
    if (!existsSync(base)) throw new UsageError(`There is no ${basename(base)} in ${project.dir} to start from.`);
    if (existsSync(path) && options.force !== true) {
        throw new UsageError(`${basename(path)} is there already.`, "Say --force to write over it.");
    }
    const stack = { name, file: base, substituted: parts };
    const read = await readStack(project.dir, stack);
    // Secrets are encrypted with the other stack's key; this one gets its own with the first secret. What Pulumi.yaml says holds anyway.
    const own = Object.entries(read.config).filter(([key, { secret }]) => key in read.file.config && !secret);
    const secrets = Object.keys(read.file.config).filter((key) => read.file.config[key]!.secret);
    const config = Object.fromEntries(own.map(([key, { value }]) => [key, fromText(value)]));
    const document = new Document({ config });
    document.commentBefore = ` yaml-language-server: $schema=./config/stack.schema.json\n ${SYSTEMS[parts.system].title}, ${parts.environment}. Everything else is the default: docs/config.md.`;
    writeWhole(path, document.toString({ lineWidth: 0 }));
    output.print(`Wrote ${path}.`);
    const missing = [...read.dropped, ...secrets.map((key) => `${key} (secret)`)];
    if (missing.length > 0) output.note(`Not taken over from ${basename(base)}: ${missing.join(", ")}.`);
    await tellProblems(project.dir, { name, file: path }, output);
    if (parts.environment === "prod")
        tellUnpinned(name, await unpinnedImages(project.dir, { name, file: path }), output);
    output.note(`Then: gw preview${stackFlag({ stack: { name } })}`);
    return EXIT.done;
}

/** What the new file still has to say: its environment may ask for things that nobody but the user knows. */
async function tellProblems(dir: string, stack: ResolvedStack, output: Output): Promise<void> {
    try {
        const read = await readStack(dir, stack);
        await loadConfig(dir, stack, read, {}, () => Promise.resolve({ plaintexts: {} }));
    } catch (error) {
        if (!(error instanceof ConfigError)) throw error;
        output.note("Still to be set:", ...error.message.split("\n").slice(1));
    }
}

/** A tag can be moved, so that prod is to name each image by what ran in staging. */
function tellUnpinned(name: string, keys: string[], output: Output): void {
    if (keys.length === 0) return;
    const example = `pulumi config set --stack ${name} --path groundwork:images.overrides.<image> <reference>@sha256:<digest>`;
    output.note(
        `Images without a digest, by their keys under groundwork:images.overrides: ${keys.join(", ")}.`,
        `  ${example}; docs/production.md, "Digests", has a command for all of them.`,
    );
}

/** Lists stacks: those with a file, and those with state. Exit code 2 when a file cannot be read. */
export async function list(options: CommonOptions, output: Output): Promise<number> {
    const project = findProject(options.cwd);
    const files = stacksWithFile(project);
    const states = stacksWithState(project);
    const names = [...new Set([...files, ...states])].sort();
    const stacks = await Promise.all(
        names.map(async (name) => ({
            name,
            ...(await about(project.dir, name, files.includes(name))),
            up: states.includes(name),
        })),
    );
    const unreadable = stacks.flatMap(({ error }) => error ?? []);
    if (output.json) output.printJson(stacks.map(({ error, ...stack }) => ({ ...stack, error: error?.message })));
    else if (stacks.length === 0) output.print("There is no stack here.");
    else {
        const columns = [
            { title: "STACK" },
            { title: "SYSTEM" },
            { title: "ENVIRONMENT" },
            { title: "STATE HERE" },
            { title: "FILE" },
        ];
        const rows = stacks.map((s) => [s.name, s.system, s.environment, s.up ? "yes" : "no", s.file]);
        output.print(...table(columns, rows, { width: output.columns, style: output.style }));
    }
    for (const { message } of unreadable) output.note(`${output.style.red("error:")} ${message}`);
    return unreadable.length > 0 ? EXIT.usage : EXIT.done;
}

interface About {
    system: string;
    environment: string;
    file: string;
    /** Why its file cannot be read. */
    error?: ConfigError;
}

async function about(dir: string, name: string, hasFile: boolean): Promise<About> {
    if (!hasFile) return { system: "", environment: "", ...parseStackName(name), file: "" };
    const file = existsSync(join(dir, `Pulumi.${name}.yaml`)) ? `Pulumi.${name}.yaml` : `Pulumi.${name}.yml`;
    try {
        const { config } = await readStackFile(join(dir, file), () => "");
        return {
            system: config["groundwork:system"]?.value ?? "",
            environment: config["groundwork:environment"]?.value ?? "",
            file,
        };
    } catch (error) {
        if (!(error instanceof ConfigError)) throw error;
        return { system: "", environment: "", file, error };
    }
}
