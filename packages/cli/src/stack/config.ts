/** From a stack's file and the options to what the engine is given, validated before anything is touched. */
import { join } from "node:path";

import { ConfigError, deployedBy, loadStackConfig } from "../../../../config/load";
import type { Problem } from "../../../../config/problems";
import { readProjectFile, withProjectConfig } from "../../../../config/project-file";
import { type ConfigValue, parseStackFile, readStackFile, type StackFile } from "../../../../config/stack-file";
import type { StackConfig } from "../../../../config/types";
import { imageReference } from "../../../../components/images";
import { SYSTEMS } from "../../../../systems";
import { imageKeys } from "../../../../systems/types";
import type { ResolvedStack } from "./resolve";
import { type ConfigValues, substituteSystem } from "./substitute";
import { fromText, isMap, toText } from "./text";

const NAMESPACE = "groundwork:";

/** By full key, e.g. `groundwork:system`; maps as JSON text. */
export type EngineConfig = Record<string, ConfigValue>;

/** What options say over the file. */
export interface ConfigOverrides {
    target?: string;
    images?: { source: "registry" | "local"; overrides?: Record<string, string> };
}

/** What a stack's file says, its secrets still closed. */
export interface ReadStack {
    file: StackFile;
    /** With the project's own, and with the system put in its place. A secret's value is no value. */
    config: EngineConfig;
    /** Keys that were not taken over from the environment's file. */
    dropped: string[];
}

/** Opens a file's secrets one by one, or gives all values by full key as the Pulumi CLI does. */
export type Opener = { decrypt: (ciphertext: string) => string } | { plaintexts: Record<string, string> };

/** @throws ConfigError when the file cannot be read or is no stack file */
export function readStack(projectDir: string, stack: ResolvedStack): Promise<ReadStack> {
    return read(projectDir, stack, () => "");
}

async function read(projectDir: string, stack: ResolvedStack, decrypt: (text: string) => string): Promise<ReadStack> {
    const file = await readStackFile(stack.file, decrypt);
    const project = await readProjectFile(join(projectDir, "Pulumi.yaml"));
    const config = withProjectConfig(project.config, file.config);
    if (!stack.substituted) return { file, config, dropped: [] };
    return { file, ...substitute(config, stack.substituted.system) };
}

function substitute(
    config: EngineConfig,
    system: Parameters<typeof substituteSystem>[1],
): { config: EngineConfig; dropped: string[] } {
    const own = Object.entries(config).filter(([key]) => key.startsWith(NAMESPACE));
    const others = Object.entries(config).filter(([key]) => !key.startsWith(NAMESPACE));
    const values = Object.fromEntries(own.map(([key, { value }]) => [key.slice(NAMESPACE.length), fromText(value)]));
    const result = substituteSystem(values, system);
    const taken = Object.entries(result.values).map(([name, value]) => {
        const key = NAMESPACE + name;
        return [key, { value: toText(value), secret: config[key]?.secret ?? false }] as const;
    });
    return { config: Object.fromEntries([...others, ...taken]), dropped: result.dropped };
}

/**
 * @param open called only when there are secrets to open
 * @throws ConfigError with every problem
 */
export async function loadConfig(
    projectDir: string,
    stack: ResolvedStack,
    closed: ReadStack,
    overrides: ConfigOverrides,
    open: () => Promise<Opener>,
): Promise<{ config: StackConfig; engineConfig: EngineConfig }> {
    const { config: said } = await withSecrets(projectDir, stack, closed, open);
    const engineConfig = withOverrides(said, overrides);
    return { config: loadConfigOf(engineConfig, closed.file), engineConfig };
}

/** The configuration with its secrets in plaintext. @throws ConfigError when one cannot be opened */
export async function plainConfig(
    projectDir: string,
    stack: ResolvedStack,
    closed: ReadStack,
    open: () => Promise<Opener>,
): Promise<EngineConfig> {
    return (await withSecrets(projectDir, stack, closed, open)).config;
}

/**
 * Everything that is wrong with the configuration of a stack whose file says this.
 * @param decrypt opens the file's secrets; absent where it has none
 */
export async function problemsOf(
    projectDir: string,
    stack: ResolvedStack,
    text: string,
    decrypt?: (ciphertext: string) => string,
): Promise<readonly Problem[]> {
    try {
        const file = await parseStackFile(text, stack.file, decrypt);
        const project = await readProjectFile(join(projectDir, "Pulumi.yaml"));
        loadConfigOf(withProjectConfig(project.config, file.config), file);
        return [];
    } catch (error) {
        if (error instanceof ConfigError) return error.problems;
        throw error;
    }
}

/** Keys of the images that a stack of a registry's runs by a tag alone, whatever else is wrong with its file. */
export async function unpinnedImages(projectDir: string, stack: ResolvedStack): Promise<string[]> {
    const { config } = await readStack(projectDir, stack);
    const found = deployedBy(
        Object.fromEntries(Object.entries(config).map(([key, { value }]) => [key, value])),
        SYSTEMS,
    );
    if (found === undefined || found.images.source === "local") return [];
    const isPinned = (key: string) => imageReference(key, found.images, () => "").includes("@");
    return imageKeys(found.system).filter((key) => !isPinned(key));
}

function loadConfigOf(config: EngineConfig, file: StackFile): StackConfig {
    const raw = Object.fromEntries(Object.entries(config).map(([key, { value }]) => [key, value]));
    const secretKeys = Object.keys(config).filter((key) => config[key]!.secret);
    return loadStackConfig(raw, SYSTEMS, { ...file.context, secretKeys });
}

async function withSecrets(
    projectDir: string,
    stack: ResolvedStack,
    closed: ReadStack,
    open: () => Promise<Opener>,
): Promise<Pick<ReadStack, "config">> {
    const hasSecrets = Object.values(closed.config).some((entry) => entry.secret);
    if (!hasSecrets && !closed.file.usesEnvironments) return closed;
    const opener = await open();
    if ("decrypt" in opener) return read(projectDir, stack, opener.decrypt);
    const { plaintexts } = opener;
    const config = Object.fromEntries(
        Object.entries(plaintexts).map(([key, value]) => [key, { value, secret: closed.config[key]?.secret ?? true }]),
    );
    return { config };
}

function withOverrides(config: EngineConfig, overrides: ConfigOverrides): EngineConfig {
    const result = { ...config };
    if (overrides.target !== undefined) result[`${NAMESPACE}target`] = { value: overrides.target, secret: false };
    if (overrides.images !== undefined) {
        const key = `${NAMESPACE}images`;
        const said = fromText(config[key]?.value ?? "{}");
        // What is no map stays, so that validation tells of it.
        if (!isMap(said)) return result;
        const { source, overrides: standIns } = overrides.images;
        const own = (said["overrides"] ?? {}) as ConfigValues;
        const merged = { ...said, source, ...(standIns && { overrides: { ...standIns, ...own } }) };
        result[key] = { value: toText(merged), secret: config[key]?.secret ?? false };
    }
    return result;
}
