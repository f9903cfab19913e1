/** `gw config`: reads and writes a stack's file as the Pulumi CLI does, for machines that have none. */
import { readFileSync } from "node:fs";
import { basename } from "node:path";

import type { Crypter } from "@groundwork/engine/crypto";

import { isSecretKey, parseKey, parsePath, valueOf } from "../../../../config/key";
import { ConfigError, keyOf, type KeyPath, type Problem } from "../../../../config/problems";
import { EXIT, FailedError, UsageError } from "../errors";
import { writeWhole } from "../files";
import type { StackOptions } from "../options";
import { crypterFor, openSession, type Session } from "../session";
import { plainConfig, problemsOf } from "../stack/config";
import { withoutValue, withValue } from "../stack/edit";
import { refuseSubstituted } from "../stack/secrets";
import { fromText } from "../stack/text";
import type { Output } from "../ui/output";
import { askForValue } from "../ui/prompt";

export interface SetOptions extends StackOptions {
    secret?: boolean;
}

/** Writes one value, if the configuration is none the worse for it. */
export async function set(
    key: string,
    value: string | undefined,
    options: SetOptions,
    output: Output,
): Promise<number> {
    const session = await ownSession(options, output);
    const { stack, read } = session;
    const file = basename(stack.file);
    const path = parseKey(key, read.file.context);
    const secret = options.secret === true || isSecretKey(path);
    const text = value ?? (await givenText(keyOf(path), secret, output));
    const closed = Object.values(read.file.config).some((entry) => entry.secret);
    const crypter = secret || closed ? await crypterFor(session) : undefined;
    const salt = read.file.encryptionSalt === undefined ? crypter?.salt : undefined;

    const before = readFileSync(stack.file, "utf8");
    const entry = secret && crypter ? { secure: crypter.encrypt(text) } : valueOf(path, text);
    const problems = await replaceText(session, path, { before, after: withValue(before, path, entry, salt) }, crypter);

    output.print(`Set ${keyOf(path)} in ${file}${secret ? ", encrypted" : ""}.`);
    if (salt !== undefined)
        output.note(`${file} is encrypted with the passphrase from now on: it has a salt for that.`);
    if (secret && value !== undefined) {
        output.note("The value stood on a command line, which your shell keeps: leave it out to be asked for it.");
    }
    noteMissing(problems, stack.file, output);
    return EXIT.done;
}

/** Takes one value out, if the configuration is none the worse for it. */
export async function rm(key: string, options: StackOptions, output: Output): Promise<number> {
    const session = await ownSession(options, output);
    const { stack, read } = session;
    const path = parsePath(key, read.file.context);
    const before = readFileSync(stack.file, "utf8");
    const after = withoutValue(before, path);
    if (after === undefined) throw notSet(path, stack.file);
    const closed = Object.values(read.file.config).some((entry) => entry.secret);
    const problems = await replaceText(
        session,
        path,
        { before, after },
        closed ? await crypterFor(session) : undefined,
    );
    output.print(`Took ${keyOf(path)} out of ${basename(stack.file)}.`);
    noteMissing(problems, stack.file, output);
    return EXIT.done;
}

/** @throws UsageError where the stack has no file of its own */
async function ownSession(options: StackOptions, output: Output): Promise<Session> {
    const session = await openSession(options, output);
    refuseSubstituted(session);
    return session;
}

/** @returns what is wrong with the configuration still @throws ConfigError when the change makes it worse, and then nothing was written */
async function replaceText(
    { project, stack }: Session,
    path: KeyPath,
    { before, after }: { before: string; after: string },
    crypter: Crypter | undefined,
): Promise<readonly Problem[]> {
    const decrypt = crypter && ((ciphertext: string) => crypter.decrypt(ciphertext));
    const problems = await problemsOf(project.dir, stack, after, decrypt);
    refuseWorse(path, await problemsOf(project.dir, stack, before, decrypt), problems, stack.file);
    writeWhole(stack.file, after, { before });
    return problems;
}

function noteMissing(problems: readonly Problem[], file: string, output: Output): void {
    if (problems.length === 0) return;
    output.note("Still to be set:", ...new ConfigError(problems, file).message.split("\n").slice(1));
}

function notSet(path: KeyPath, file: string): FailedError {
    return new FailedError(`${keyOf(path)} is not set in ${basename(file)}.`, "docs/config.md says what applies then.");
}

/** Prints one value: text as it is, a map or list as JSON, what is encrypted in plaintext. */
export async function get(key: string, options: StackOptions, output: Output): Promise<number> {
    const session = await openSession(options, output);
    const path = parseKey(key, session.read.file.context);
    const value = path.slice(1).reduce<unknown>(below, await topLevel(session, `groundwork:${String(path[0])}`));
    if (value === undefined) throw notSet(path, session.stack.file);
    output.print(typeof value === "object" ? JSON.stringify(value, null, 4) : String(value));
    return EXIT.done;
}

async function topLevel(session: Session, key: string): Promise<unknown> {
    const closed = session.read.config[key];
    if (closed === undefined) return undefined;
    const config = closed.secret
        ? await plainConfig(session.project.dir, session.stack, session.read, async () => {
              const crypter = await crypterFor(session);
              return { decrypt: (ciphertext) => crypter.decrypt(ciphertext) };
          })
        : session.read.config;
    return fromText(config[key]?.value ?? "");
}

function below(value: unknown, segment: string | number): unknown {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, segment)) return undefined;
    return (value as Record<string | number, unknown>)[segment];
}

async function givenText(key: string, secret: boolean, output: Output): Promise<string> {
    if (output.interactive) return askForValue(`Value of ${key}: `, { hidden: secret });
    try {
        return readFileSync(0, "utf8").replace(/\r?\n$/, "");
    } catch (error) {
        throw new UsageError(`The value of ${key} cannot be read from stdin: ${(error as Error).message}`);
    }
}

/**
 * A file is filled key by key, so that what else is missing in it does not count; what the change brings in does, and all that is wrong
 * with the key itself.
 * @throws ConfigError with every problem
 */
function refuseWorse(path: KeyPath, before: readonly Problem[], after: readonly Problem[], file: string): void {
    const id = ({ key, rule }: Problem): string => `${key} ${rule}`;
    const known = new Set(before.map(id));
    const own = keyOf(path);
    const worse = after.some((problem) => !known.has(id(problem)) || `${problem.key}.`.startsWith(`${own}.`));
    if (worse) throw new ConfigError(after, file);
}
