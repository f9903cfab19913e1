/** Options that commands share. */
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";

import { type Command, InvalidArgumentError, Option } from "commander";

import { type Environment, ENVIRONMENTS, SYSTEM_KEYS, type SystemKey } from "../../../systems/types";

export type EngineKind = "embedded" | "pulumi";
export type ImagesMode = "registry" | "local" | "auto";

/** Every command has these. */
export interface CommonOptions {
    cwd?: string;
    color?: boolean;
    verbose?: boolean;
    json?: boolean;
}

/** Which stack. */
export interface StackOptions extends CommonOptions {
    stack?: string;
    system?: SystemKey;
    env?: Environment;
    engine?: EngineKind;
}

/** What is different from the stack's file, and how to run it. */
export interface RunOptions extends StackOptions {
    target?: "docker" | "kubernetes";
    images?: ImagesMode;
    parallel?: number;
    policyPack?: string[];
    yes?: boolean;
}

export function wholeNumber(low: number, high: number): (text: string) => number {
    return (text) => {
        const value = Number(text);
        if (!/^\d+$/.test(text) || value < low || value > high) {
            throw new InvalidArgumentError(`It must be a whole number from ${low} to ${high}.`);
        }
        return value;
    };
}

export function repeated(text: string, before: string[] | undefined): string[] {
    return [...(before ?? []), text];
}

/** A policy pack's directory, from where the command is run: engines run elsewhere. */
function policyPack(text: string, before: string[] | undefined): string[] {
    const directory = resolve(text);
    if (!existsSync(join(directory, "PulumiPolicy.yaml"))) {
        throw new InvalidArgumentError(`There is no policy pack in ${directory}: it has no PulumiPolicy.yaml.`);
    }
    return repeated(directory, before);
}

export function withCommon(command: Command): Command {
    return command
        .option("--cwd <directory>", "the project's directory (default: the one this gw is in)")
        .option("--no-color", "plain text; so does NO_COLOR, or an output that is not a terminal")
        .option("-v, --verbose", "say more, and show stack traces; so does GW_DEBUG=1");
}

export function withStack(command: Command): Command {
    return withCommon(command)
        .option("-s, --stack <name>", "the stack, as in Pulumi.<name>.yaml (default: dev)")
        .addOption(
            new Option("--system <system>", "the stack <system>-<environment>").choices(SYSTEM_KEYS).conflicts("stack"),
        )
        .addOption(
            new Option("--env <environment>", "environment that --system means (default: dev)").choices(ENVIRONMENTS),
        )
        .addOption(
            new Option(
                "--engine <engine>",
                "what runs the program (default: embedded for dev, pulumi otherwise)",
            ).choices(["embedded", "pulumi"]),
        );
}

export function withRun(command: Command): Command {
    return withStack(command)
        .addOption(
            new Option("--target <target>", "where it runs (default: the stack's)").choices(["docker", "kubernetes"]),
        )
        .addOption(
            new Option(
                "--images <source>",
                "registry: the documents' images; local: stand-ins built here; auto, in dev only: what the registry has, stand-ins for the rest " +
                    "(default: auto in dev, else the stack's)",
            ).choices(["registry", "local", "auto"]),
        )
        .option("-p, --parallel <n>", "most steps at once (default: 16)", wholeNumber(1, 1000))
        .option(
            "--policy-pack <directory>",
            "a policy pack that judges every resource; may be given again",
            policyPack,
        );
}
