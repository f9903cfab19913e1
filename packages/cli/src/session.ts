/** Everything a command needs to work on a stack, opened step by step: what a command does not use is not loaded. */
import { basename } from "node:path";

import type { Crypter } from "@groundwork/engine/crypto";

import type { StackConfig } from "../../../config/types";
import { deployedSystem } from "../../../systems";
import { type Environment, ENVIRONMENTS, type System } from "../../../systems/types";
import type { Engine, EngineSettings } from "./engines/engine";
import { UsageError } from "./errors";
import type { EngineKind, RunOptions, StackOptions } from "./options";
import { passphraseFor, type PassphraseUse, wrongPassphraseHint } from "./passphrase";
import { findProject, type Project } from "./project";
import {
    type ConfigOverrides,
    type EngineConfig,
    loadConfig,
    type Opener,
    type ReadStack,
    readStack,
} from "./stack/config";
import { type ResolvedStack, resolveStack } from "./stack/resolve";
import type { Output } from "./ui/output";

export interface Session {
    project: Project;
    stack: ResolvedStack;
    read: ReadStack;
    environment: Environment;
    engineKind: EngineKind;
}

/** A session with a valid configuration. */
export interface ConfiguredSession extends Session {
    config: StackConfig;
    system: System;
    engineConfig: EngineConfig;
}

/** Finds the stack and reads its file, secrets closed. Touches nothing. */
export async function openSession(options: StackOptions, output: Output): Promise<Session> {
    const project = findProject(options.cwd);
    const stack = resolveStack(project, options);
    const read = await readStack(project.dir, stack);
    const said = read.config["groundwork:environment"]?.value;
    // A wrong environment is for validation to tell; until then nothing weaker than prod's rules is assumed of it.
    const environment = ENVIRONMENTS.find((e) => e === said) ?? "prod";
    if (read.dropped.length > 0 && output.verbose) {
        output.note(`Not taken over from ${basename(stack.file)} for ${stack.name}: ${read.dropped.join(", ")}.`);
    }
    const engineKind = options.engine ?? (environment === "dev" ? "embedded" : "pulumi");
    return { project, stack, read, environment, engineKind };
}

/**
 * Reads and validates the configuration.
 * @throws ConfigError with every problem, before anything is touched
 */
export async function configure(session: Session, overrides: ConfigOverrides = {}): Promise<ConfiguredSession> {
    const { project, stack, read } = session;
    const { config, engineConfig } = await loadConfig(project.dir, stack, read, overrides, () => openSecrets(session));
    return { ...session, config, engineConfig, system: deployedSystem(config) };
}

async function openSecrets(session: Session): Promise<Opener> {
    const { project, stack, engineKind } = session;
    if (engineKind === "pulumi") {
        const { pulumiConfig } = await import("./engines/pulumi.js");
        return { plaintexts: await pulumiConfig({ projectDir: project.dir, stack: stack.name }) };
    }
    const crypter = await openCrypter(session);
    return { decrypt: (ciphertext) => crypter.decrypt(ciphertext) };
}

/**
 * What encrypts the secrets of the stack's file: the passphrase, with the file's salt or, where it has no secret yet, a new one.
 * @throws UsageError when something else encrypts them, or another passphrase
 */
export async function crypterFor(session: Session): Promise<Crypter> {
    const { file } = session.read;
    if (file.encryptionSalt !== undefined) return openCrypter(session);
    if (file.secretsProvider !== undefined || Object.values(file.config).some((entry) => entry.secret)) {
        throw new UsageError(
            `${basename(session.stack.file)} is encrypted by ${file.secretsProvider ?? "the Pulumi backend"}, which gw cannot ask.`,
            "Use pulumi config.",
        );
    }
    const { Crypter } = await import("@groundwork/engine/crypto");
    return Crypter.create(passphraseFor(passphraseUse(session)).text);
}

/** @throws UsageError when something else than a passphrase encrypts them, or another passphrase */
async function openCrypter(session: Session): Promise<Crypter> {
    const { stack, read } = session;
    const file = basename(stack.file);
    if (read.file.usesEnvironments) {
        throw new UsageError(
            `${file} imports Pulumi ESC environments, which only the Pulumi CLI can open.`,
            "Use --engine pulumi.",
        );
    }
    if (read.file.encryptionSalt === undefined) {
        throw new UsageError(
            `${file} holds secrets that are not encrypted with a passphrase: it has no "encryptionsalt".`,
            'Use --engine pulumi, or "pulumi stack change-secrets-provider passphrase".',
        );
    }
    const { Crypter } = await import("@groundwork/engine/crypto");
    // A new passphrase would not open what is there, a stand-in's file included.
    const use = { ...passphraseUse(session), saltedFile: file };
    const passphrase = passphraseFor(use);
    try {
        return await Crypter.open(passphrase.text, read.file.encryptionSalt);
    } catch (error) {
        const { name, message } = error as Error;
        const hint = name === "PassphraseError" ? wrongPassphraseHint(passphrase, use) : undefined;
        throw new UsageError(`${file}: ${message}`, hint);
    }
}

/** A file that stands for another system's stack has no salt of this one's. */
function passphraseUse({ project, stack, read, environment }: Session): PassphraseUse {
    const salted = !stack.substituted && read.file.encryptionSalt !== undefined;
    return { project, environment, saltedFile: salted ? basename(stack.file) : undefined };
}

/** Opens the engine for commands that run the program. */
export function openEngine(session: ConfiguredSession, options: RunOptions): Promise<Engine> {
    return open(session, session.engineConfig, options);
}

/** Opens the engine for commands that only look at the state; a valid configuration is not needed for it. */
export function openState(session: Session, options: Pick<RunOptions, "parallel"> = {}): Promise<Engine> {
    return open(session, {}, options);
}

async function open(session: Session, config: EngineConfig, options: RunOptions): Promise<Engine> {
    const { project, stack, read } = session;
    const use = passphraseUse(session);
    const settings: EngineSettings = {
        projectDir: project.dir,
        stateDir: project.stateDir,
        stack: stack.name,
        config,
        encryptionSalt: stack.substituted ? undefined : read.file.encryptionSalt,
        passphrase: (passing) => passphraseFor({ ...use, passing }),
        wrongPassphraseHint: (passphrase) => wrongPassphraseHint(passphrase, use),
        parallel: options.parallel,
        policyPacks: options.policyPack ?? [],
    };
    if (session.engineKind === "embedded") return (await import("./engines/embedded.js")).openEmbedded(settings);
    if (stack.substituted) {
        const name = `${stack.substituted.system}-${stack.substituted.environment}`;
        throw new UsageError(
            `The Pulumi CLI needs a file for the stack "${stack.name}", and there is no Pulumi.${stack.name}.yaml.`,
            `Run "gw stack init ${name}" to write one from ${basename(stack.file)}.`,
        );
    }
    const { openPulumi } = await import("./engines/pulumi.js");
    const { overriddenFile } = await import("./stack/overrides.js");
    return openPulumi({ ...settings, configFile: overriddenFile(project, stack, read.config, config) });
}
