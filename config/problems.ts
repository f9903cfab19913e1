/** Collects what is wrong with a config and says it without ever giving a secret away. */
import { basename } from "node:path";

import { HIDDEN_NAME, isCredentialName, shownName, shownValue } from "./redact";

const ROOT = "groundwork";

/** More than this is a file of something else, and nobody reads it. */
const MAX_SHOWN = 100;

/** Keys and indexes below `groundwork:`, e.g. `["services", "api", "replicas"]`. */
export type KeyPath = readonly (string | number)[];

export interface Problem {
    /** Full config key, e.g. `groundwork:services.api.resources.memoryLimitMiB`. */
    key: string;
    /** The value as it may be shown. Absent: it is a secret, may be one, or there is none. */
    value?: string;
    /** What must hold: "must be …". */
    rule: string;
    /** The command that mends it. */
    remedy?: string;
    /** `file:line`, where known. */
    location?: string;
}

export interface ConfigContext {
    /** The stack file, for messages: `Pulumi.dev.yaml`. Its stack's name goes into the remedies. */
    file?: string;
    /** Full keys whose values are secret as a whole, as Pulumi reports them. Their values are never shown. */
    secretKeys?: Iterable<string>;
    /** Line of a key in the stack file. */
    lineOf?: (path: KeyPath) => number | undefined;
    /** Whose `config set` and `config rm` the remedies name. Default: `pulumi`. */
    command?: string;
}

/** Everything that is wrong with a stack's configuration. Nothing has been touched. */
export class ConfigError extends Error {
    /** Makes the Pulumi runtime print the message alone: a stack trace of the program helps nobody here. */
    readonly __pulumiRunError = true;

    constructor(
        readonly problems: readonly Problem[],
        readonly file?: string,
    ) {
        super(render(problems, file));
        this.name = "ConfigError";
    }
}

export interface Report {
    path: KeyPath;
    /** The wrong value, as it is; what may not be shown of it is left out here. */
    value?: unknown;
    rule: string;
    remedy?: string;
}

export class Problems {
    private readonly found: { path: KeyPath; problem: Problem }[] = [];
    private readonly secretRoots: ReadonlySet<string>;

    constructor(readonly context: ConfigContext = {}) {
        const roots = [...(context.secretKeys ?? [])].filter((key) => key.startsWith(`${ROOT}:`));
        this.secretRoots = new Set(["secrets", ...roots.map((key) => key.slice(ROOT.length + 1))]);
    }

    get count(): number {
        return this.found.length;
    }

    add({ path, value, rule, remedy }: Report): void {
        const shown = this.isSecret(path) ? undefined : shownValue(value);
        const line = this.context.lineOf?.(path);
        const location = line === undefined ? undefined : this.locate(line);
        this.push(path, { key: keyOf(path), value: shown, rule, remedy, location });
    }

    /** A problem with a key of another namespace, with one of none, or with the file itself: `at` is a line, or a line and a column. */
    addElsewhere(key: string, rule: string, { remedy, at }: { remedy?: string; at?: string } = {}): void {
        const location = at === undefined ? undefined : this.locate(at);
        this.push([], {
            key: key === "" ? (location ?? basename(this.context.file ?? "the file")) : shownName(key, false),
            rule,
            remedy,
            location: key === "" ? undefined : location,
        });
    }

    /** Something at, above or below this key is already known to be wrong. */
    touches(path: KeyPath): boolean {
        return this.found.some(({ path: other }) => {
            const length = Math.min(path.length, other.length);
            return length > 0 && path.slice(0, length).every((segment, at) => segment === other[at]);
        });
    }

    /** `pulumi config set` for a key. Secrets are asked for, so that they do not stay in the shell's history. */
    set(path: KeyPath, value: string | number | boolean): string {
        const secret = this.isSecret(path);
        const flags = [this.stackFlag(), secret ? "--secret" : "", path.length > 1 ? "--path" : ""];
        return this.command("set", flags, [keyOf(path), ...(secret ? [] : [String(value)])]);
    }

    remove(path: KeyPath): string {
        if (keyOf(path).includes(HIDDEN_NAME)) return "take it out of the stack file";
        return this.command("rm", [this.stackFlag(), path.length > 1 ? "--path" : ""], [keyOf(path)]);
    }

    throwIfAny(): void {
        if (this.found.length === 0) return;
        // What is wrong in one place stands together.
        const sorted = this.found.toSorted((a, b) => String(a.path[0] ?? "").localeCompare(String(b.path[0] ?? "")));
        throw new ConfigError(
            sorted.map(({ problem }) => problem),
            this.context.file,
        );
    }

    private push(path: KeyPath, problem: Problem): void {
        this.found.push({
            path,
            problem: Object.fromEntries(
                Object.entries(problem).filter(([, v]) => v !== undefined),
            ) as unknown as Problem,
        });
    }

    private isSecret(path: KeyPath): boolean {
        return this.secretRoots.has(String(path[0])) || path.some((segment) => isCredentialName(String(segment)));
    }

    private locate(at: string | number): string {
        return `${basename(this.context.file ?? "")}:${at}`;
    }

    private command(verb: "set" | "rm", flags: string[], words: string[]): string {
        const { command = "pulumi" } = this.context;
        return [`${command} config`, verb, ...flags.filter((flag) => flag !== ""), ...words.map(quote)].join(" ");
    }

    private stackFlag(): string {
        const stack = /^Pulumi\.([A-Za-z0-9._-]+)\.ya?ml$/.exec(basename(this.context.file ?? ""))?.[1];
        return stack === undefined ? "" : `--stack ${stack}`;
    }
}

/** The key as `pulumi config --path` writes it. */
export function keyOf(path: KeyPath): string {
    const [first, ...rest] = path;
    const shown = rest.map((segment) => {
        if (typeof segment === "number") return `[${segment}]`;
        const name = shownName(segment, first === "secrets");
        return /^[A-Za-z_][A-Za-z0-9_-]*$/.test(name) || name === HIDDEN_NAME ? `.${name}` : `["${name}"]`;
    });
    return `${ROOT}:${first === undefined ? "" : shownName(String(first), false)}${shown.join("")}`;
}

function quote(word: string): string {
    return /^[A-Za-z0-9_.:/@%+=-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

function render(problems: readonly Problem[], file?: string): string {
    const where = file === undefined ? "the stack's configuration" : basename(file);
    const count = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
    const rest = problems.length - MAX_SHOWN;
    const blocks = problems.slice(0, MAX_SHOWN).map(({ key, value, rule, remedy, location }) => {
        const head = `  ${key}${value === undefined ? "" : ` = ${value}`}${location === undefined ? "" : `  (${location})`}`;
        return [head, `      ${rule}`, ...(remedy === undefined ? [] : [`      → ${remedy}`])].join("\n");
    });
    return [
        `${count} in ${where}; nothing was changed.`,
        ...blocks,
        ...(rest > 0 ? [`  … and ${rest} more.`] : []),
    ].join("\n");
}
