/** Reads `Pulumi.<stack>.yaml` for `gw`, which runs without the Pulumi CLI too. The program itself gets its config from Pulumi. */
import { type ConfigContext, keyOf, type KeyPath, Problems } from "./problems";
import { NAMESPACE } from "./schema";
import { hint } from "./suggest";
import { parseYaml, readText } from "./yaml-file";

/** A value as Pulumi hands it to a program: text, and JSON text for maps and lists. */
export interface ConfigValue {
    value: string;
    /** It is, or holds, a value that is encrypted in the file. `value` is plain text. */
    secret: boolean;
}

export interface StackFile {
    /** Values by full key, e.g. `groundwork:system`; those of other namespaces too. */
    config: Record<string, ConfigValue>;
    /** Salt of the passphrase that encrypts the secrets. */
    encryptionSalt?: string;
    /** URL of the provider that encrypts the secrets, where it is no passphrase. */
    secretsProvider?: string;
    /** Data key of `secretsProvider`, encrypted by it. */
    encryptedKey?: string;
    /** The file imports Pulumi ESC environments. Only the Pulumi CLI can open them, so `config` may not be all there is. */
    usesEnvironments: boolean;
    /** For `loadStackConfig`: names the file and lines in its messages, and hides what is secret. */
    context: ConfigContext;
}

/** Plain text of a value that `pulumi config set --secret` encrypted. */
export type Decrypt = (ciphertext: string) => string | Promise<string>;

const TOP_LEVEL = ["config", "encryptionsalt", "encryptedkey", "secretsprovider", "environment"];

/**
 * @param decrypt Absent: a file with encrypted values is refused.
 * @throws ConfigError with every problem of the file, each with its line
 */
export async function readStackFile(file: string, decrypt?: Decrypt): Promise<StackFile> {
    const problems = new Problems({ file });
    const text = await readText(file, problems, "make it with `gw stack init`, or name another stack with --stack");
    problems.throwIfAny();
    return await parseStackFile(text ?? "", file, decrypt);
}

/** As `readStackFile`, from its text; `file` is for messages only. */
export async function parseStackFile(text: string, file: string, decrypt?: Decrypt): Promise<StackFile> {
    const syntax = new Problems({ file });
    const yaml = parseYaml(text, syntax);
    syntax.throwIfAny();

    const keys = new Map<string, string>();
    const lineOf = (path: KeyPath) => {
        const [first, ...rest] = path;
        const written = keys.get(`${NAMESPACE}:${first}`);
        return written === undefined ? undefined : yaml?.lineOf(["config", written, ...rest]);
    };
    // What only another secrets provider opens, only Pulumi can ask for.
    const command = providerOf(yaml?.data) === undefined ? "gw" : "pulumi";
    const context = { file, lineOf, command };
    const problems = new Problems(context);
    const reader: Reader = { problems, decrypt, lineOf: (path) => String(yaml?.lineOf(path) ?? 1) };
    const top = topLevel(yaml?.data, reader);
    const config: Record<string, ConfigValue> = {};
    for (const [written, value] of Object.entries(asMap(top.config, ["config"], reader))) {
        const key = cleanKey(written);
        if (!/^[^:\s]+:[^:\s]+$/.test(key)) {
            const rule = `is not a config key: it needs a namespace and a name, as in ${NAMESPACE}:system`;
            problems.addElsewhere(written, rule, { at: reader.lineOf(["config", written]) });
            continue;
        }
        if (keys.has(key)) {
            const rule = `is there twice: as ${keys.get(key)} and as ${written}`;
            problems.addElsewhere(key, rule, { at: reader.lineOf(["config", written]) });
            continue;
        }
        keys.set(key, written);
        const read = await readValue(key, value, ["config", written], reader);
        if (read !== undefined) config[key] = read;
    }
    problems.throwIfAny();
    const secretKeys = Object.keys(config).filter((key) => config[key]?.secret);
    return {
        config,
        encryptionSalt: textOf(top.encryptionsalt),
        secretsProvider: providerOf(top),
        encryptedKey: textOf(top.encryptedkey),
        usesEnvironments: top.environment !== undefined,
        context: { ...context, secretKeys },
    };
}

function providerOf(data: unknown): string | undefined {
    return textOf((data as { secretsprovider?: unknown } | null | undefined)?.secretsprovider);
}

/** What is handed down while a file is read. */
export interface Reader {
    problems: Problems;
    decrypt?: Decrypt;
    /** Line of a path from the top of the file. */
    lineOf: (path: readonly (string | number)[]) => string;
}

/** Before Pulumi 1.0 keys were written `groundwork:config:system`, and its reader still takes that. */
function cleanKey(key: string): string {
    return key.replace(/^([^:]+):config:/, "$1:");
}

function topLevel(data: unknown, reader: Reader): Record<string, unknown> {
    const top = asMap(data, [], reader);
    for (const [name, value] of Object.entries(top)) {
        const at = reader.lineOf([name]);
        if (!TOP_LEVEL.includes(name)) {
            const misplaced = name.startsWith(`${NAMESPACE}:`)
                ? "stands at the top: it belongs under config, indented"
                : undefined;
            const rule = misplaced ?? `is not a key of a stack file. ${hint(name, TOP_LEVEL)}`;
            reader.problems.addElsewhere(name, rule, { at });
        } else if (/^(?:encrypt|secrets)/.test(name) && typeof value !== "string") {
            reader.problems.addElsewhere(name, "must be text, as Pulumi wrote it", { at });
        }
    }
    return top;
}

/** A map, or an empty one where there is nothing. Anything else is reported. */
export function asMap(value: unknown, path: readonly string[], reader: Reader): Record<string, unknown> {
    if (value === undefined || value === null) return {};
    if (typeof value === "object" && !Array.isArray(value)) return value as Record<string, unknown>;
    const rule =
        path.length === 0
            ? "the file must hold a map: `config:` and, below it, keys"
            : "must be a map of config keys to values";
    reader.problems.addElsewhere(path.join("."), rule, { at: reader.lineOf(path) });
    return {};
}

/** A value with what is encrypted in it decrypted, as Pulumi would hand it on. Undefined when it was reported as wrong. */
export async function readValue(
    key: string,
    value: unknown,
    path: readonly (string | number)[],
    reader: Reader,
): Promise<ConfigValue | undefined> {
    const before = reader.problems.count;
    const secret = { found: false };
    const plain = await resolve(value, key, path, reader, secret);
    if (reader.problems.count > before) return undefined;
    return { value: typeof plain === "object" ? JSON.stringify(plain) : String(plain), secret: secret.found };
}

async function resolve(
    value: unknown,
    key: string,
    path: readonly (string | number)[],
    reader: Reader,
    secret: { found: boolean },
): Promise<unknown> {
    const at = reader.lineOf(path);
    const isSecretKey = key === `${NAMESPACE}:secrets`;
    if (value === null) {
        reader.problems.addElsewhere(
            nameOf(key, path),
            'has no value: write "" for an empty text, or take the key out',
            { at },
        );
        return undefined;
    }
    if (typeof value !== "object") {
        if (isSecretKey) reportPlainSecret(path, reader);
        return value;
    }
    if (isSecure(value)) {
        secret.found = true;
        return await decryptAt(value.secure, key, path, reader);
    }
    if (Array.isArray(value)) {
        return await inOrder(value, (item, index) => resolve(item, key, [...path, index], reader, secret));
    }
    const entries = await inOrder(Object.entries(value), async ([name, child]) => {
        return [name, await resolve(child, key, [...path, name], reader, secret)] as const;
    });
    return Object.fromEntries(entries);
}

/** One after the other, so that problems come in the file's order. */
async function inOrder<T, R>(items: readonly T[], each: (item: T, index: number) => Promise<R>): Promise<R[]> {
    const results: R[] = [];
    for (const [index, item] of items.entries()) results.push(await each(item, index));
    return results;
}

/** Pulumi's own mark: a map of `secure` alone. */
function isSecure(value: object): value is { secure: string } {
    return Object.keys(value).length === 1 && typeof (value as { secure?: unknown }).secure === "string";
}

async function decryptAt(
    ciphertext: string,
    key: string,
    path: readonly (string | number)[],
    { problems, decrypt, lineOf }: Reader,
): Promise<string | undefined> {
    if (decrypt === undefined) {
        const rule = "is encrypted: give the passphrase in PULUMI_CONFIG_PASSPHRASE or PULUMI_CONFIG_PASSPHRASE_FILE";
        problems.addElsewhere(nameOf(key, path), rule, { at: lineOf(path) });
        return undefined;
    }
    try {
        return await decrypt(ciphertext);
    } catch {
        // Why a cipher failed tells nothing, and may quote what it was given.
        const rule =
            "cannot be decrypted: the passphrase is another, or the value was copied from another stack's file";
        problems.addElsewhere(nameOf(key, path), rule, { at: lineOf(path) });
        return undefined;
    }
}

function reportPlainSecret(path: readonly (string | number)[], { problems }: Reader): void {
    const below: KeyPath = ["secrets", ...path.slice(2)];
    problems.add({
        path: below,
        rule: "must be encrypted: it stands in the file as plain text, so take it for known and issue a new one",
        remedy: problems.set(below, ""),
    });
}

function nameOf(key: string, path: readonly (string | number)[]): string {
    const [namespace, ...name] = key.split(":");
    return namespace === NAMESPACE ? keyOf([name.join(":"), ...path.slice(2)]) : key;
}

function textOf(value: unknown): string | undefined {
    return typeof value === "string" ? value : undefined;
}
