/** A restic repository: encrypted, deduplicated, in a bucket or a directory. Nothing else in the toolbox knows restic. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";

import { execa } from "execa";

import type { RepositoryConfig } from "../config";
import { start } from "../process";
import { expectBucket } from "./bucket";
import { repositoryError } from "./failure";
import { jsonLines, messageOf, type Message, type Node, type Snapshot, type Summary } from "./messages";

export interface RepositoryOptions {
    config: RepositoryConfig;
    /** restic's cache, so that it does not read the whole index at every run. */
    cacheDirectory: string;
    /** The identity that may delete. */
    deletes?: boolean;
    /** A repository of its own beside the first, in the same bucket. */
    folder?: string;
    signal?: AbortSignal;
}

export interface TreeOptions {
    exclude?: string[];
    /** Read everything again, whatever the last snapshot had. */
    force?: boolean;
    /** Whether a file that could not be read may be missing. Default: none may. */
    tolerate?: (item: string, message: string) => boolean;
}

/** How long a command waits for another one's lock. `prune` is the only one that keeps others out. */
const LOCK_WAIT = "15m";

/** Without a lock: a list must be possible while `prune` runs, and for an identity that may only read. */
const LIST = ["snapshots", "--json", "--no-lock"];

/** restic's exit code where there is none. */
const NO_REPOSITORY = 10;

export class Repository {
    readonly location: string;
    private readonly environment: Record<string, string>;
    private readonly options: string[];
    private reached?: Promise<void>;

    constructor(private readonly settings: RepositoryOptions) {
        const { config, folder } = settings;
        this.location = locationOf(config, folder);
        this.options = config.kind === "s3" ? ["-o", `s3.bucket-lookup=${config.addressing}`] : [];
        this.environment = environmentOf(settings, this.location);
        mkdirSync(settings.cacheDirectory, { recursive: true });
    }

    /** restic tries for a quarter of an hour what a server will never allow; one request tells at once, and why. */
    private reach(): Promise<void> {
        const { config } = this.settings;
        if (config.kind !== "s3") return Promise.resolve();
        this.reached ??= expectBucket(config, credentialsOf(this.settings)).catch((error: unknown) => {
            // What does not answer now may answer the next time.
            this.reached = undefined;
            throw error;
        });
        return this.reached;
    }

    /**
     * To be written to: made if there is none, and without locks of processes of this host that are gone, or of any host that are half an
     * hour old. @returns its snapshots
     */
    async prepare(): Promise<Snapshot[]> {
        // At once: what takes longest in each is to make the key from the password.
        const [listed] = await Promise.all([
            this.raw("opening the repository", LIST, [NO_REPOSITORY]),
            this.raw("opening the repository", ["unlock"], [NO_REPOSITORY]),
        ]);
        // What the disk or the bucket does not have is made; a wrong password or an unreachable bucket is none of that.
        if (listed.code !== NO_REPOSITORY) return JSON.parse(listed.output) as Snapshot[];
        await this.raw("making the repository", ["init", "--repository-version", "2"]);
        return [];
    }

    /** Stores what a command writes. A command that fails leaves no snapshot. */
    async stream(file: string, tags: string[], command: string[], env: Record<string, string> = {}): Promise<Summary> {
        const args = ["--stdin-from-command", "--stdin-filename", file, ...flags(tags), "--", ...command];
        const { messages } = await this.backup(`storing ${file}`, args, { env });
        return summaryOf(messages, file);
    }

    async text(file: string, tags: string[], content: string): Promise<Summary> {
        const { messages } = await this.backup(
            `storing ${file}`,
            ["--stdin", "--stdin-filename", file, ...flags(tags)],
            { input: content },
        );
        return summaryOf(messages, file);
    }

    /** Stores a folder; in the snapshot it is `/`. */
    async tree(directory: string, tags: string[], options: TreeOptions = {}): Promise<Summary> {
        const args = [
            ...flags(tags),
            ...(options.force ? ["--force"] : []),
            ...(options.exclude ?? []).map((pattern) => `--exclude=${pattern}`),
            ".",
        ];
        const { messages, code, output } = await this.backup(`storing ${directory}`, args, {
            cwd: directory,
            accept: [3],
        });
        const unread = messages.filter((one) => one.message_type === "error" && one.during !== "scan");
        const bad = unread.filter(({ item, error }) => !options.tolerate?.(item ?? "", error?.message ?? ""));
        if (bad.length > 0 || (code === 3 && unread.length === 0)) {
            throw repositoryError(
                `storing ${directory}`,
                bad.map((one) => `${one.item}: ${one.error?.message}`).join("\n") || output,
            );
        }
        return summaryOf(messages, directory);
    }

    async snapshots(tags: string[] = []): Promise<Snapshot[]> {
        const filter = tags.length === 0 ? [] : ["--tag", tags.join(",")];
        const { output } = await this.raw("listing the snapshots", [...LIST, ...filter]);
        return JSON.parse(output) as Snapshot[];
    }

    async nodes(snapshot: string): Promise<Node[]> {
        const { output } = await this.raw(`listing ${snapshot}`, ["ls", "--json", snapshot]);
        return jsonLines(output).filter((one) => one.message_type === "node") as unknown as Node[];
    }

    /** A stored file as it comes; `finish` says how it ended, and throws when not all of it came. */
    read(snapshot: string, path: string): { stdout: NodeJS.ReadableStream; finish(): Promise<void> } {
        const child = start("restic", [...this.common(), "dump", snapshot, path], {
            env: this.environment,
            signal: this.settings.signal,
        });
        let errors = "";
        child.stderr.on("data", (chunk: Buffer) => (errors += chunk.toString()));
        return {
            stdout: child.stdout,
            finish: async () => {
                const { exitCode } = await child;
                if (exitCode !== 0) throw repositoryError(`reading ${path} back`, messageOf(errors));
            },
        };
    }

    async readText(snapshot: string, path: string): Promise<string> {
        const { output } = await this.raw(`reading ${path}`, ["dump", snapshot, path]);
        return output;
    }

    /**
     * Writes a snapshot's files into a folder, and reads each of them again.
     * @param include patterns of those that are wanted. Default: all
     */
    async restore(snapshot: string, target: string, include: string[] = []): Promise<void> {
        mkdirSync(target, { recursive: true });
        const wanted = include.map((pattern) => `--include=${pattern}`);
        await this.raw(`restoring ${snapshot}`, [
            "restore",
            snapshot,
            "--target",
            target,
            "--verify",
            "--json",
            ...wanted,
        ]);
    }

    async forget(ids: string[]): Promise<void> {
        if (ids.length === 0) return;
        const { errors } = await this.raw("forgetting backups", ["forget", ...ids]);
        // It ends well, whatever could not be removed.
        if (/unable to remove/.test(errors)) throw repositoryError("forgetting backups", errors);
    }

    /** Frees what no snapshot needs any more. */
    async prune(): Promise<void> {
        await this.raw("freeing space", ["prune", "--max-unused", "10%"]);
    }

    /**
     * Every index and snapshot; with `readData`, every byte. Without a lock, since it writes nothing: one of a killed run would hold it up.
     */
    async check(readData: boolean): Promise<void> {
        await this.raw("checking the repository", ["check", "--no-lock", ...(readData ? ["--read-data"] : [])]);
    }

    /** Removes locks of processes of this host that are gone, and of any host that are half an hour old: no other. */
    async unlock(): Promise<void> {
        await this.raw("removing stale locks", ["unlock"]);
    }

    /** Copies snapshots from another repository into this one. */
    async copyFrom(other: Repository, snapshots: string[]): Promise<void> {
        const { config } = other.settings;
        const from = { RESTIC_FROM_REPOSITORY: other.location, RESTIC_FROM_PASSWORD_FILE: config.passwordFile };
        const env = { ...other.environment, ...this.environment, ...from };
        // The options of the bucket count for either side; the copy's side is a directory.
        await this.raw("copying", [...other.options, "copy", ...snapshots], [], { env });
    }

    private async backup(
        action: string,
        args: string[],
        more: { env?: Record<string, string>; input?: string; cwd?: string; accept?: number[] },
    ) {
        const { accept, ...rest } = more;
        // Any container of a stack is the same host to restic: it finds the parent snapshot by that name.
        const result = await this.raw(action, ["backup", "--json", "--host", "groundwork", ...args], accept ?? [], {
            ...rest,
            env: { ...this.environment, ...more.env },
        });
        return { ...result, messages: jsonLines(`${result.output}\n${result.errors}`) };
    }

    private common(): string[] {
        return [...this.options, "--retry-lock", LOCK_WAIT];
    }

    private async raw(
        action: string,
        args: string[],
        accept: number[] = [],
        more: { env?: Record<string, string>; input?: string; cwd?: string } = {},
    ): Promise<{ code: number; output: string; errors: string }> {
        await this.reach();
        const result = await execa("restic", [...this.common(), "--quiet", ...args], {
            env: this.environment,
            cancelSignal: this.settings.signal,
            ...more,
            stdin: more.input === undefined ? "ignore" : "pipe",
            reject: false,
            maxBuffer: 1024 * 1024 * 1024,
        });
        const code = result.exitCode ?? -1;
        if (code === 0 || accept.includes(code)) return { code, output: result.stdout, errors: result.stderr };
        const said =
            messageOf(`${result.stderr}\n${result.stdout}`) || result.shortMessage || `restic ended with ${code}`;
        throw repositoryError(action, result.isCanceled ? "it took too long, or the toolbox was stopped" : said);
    }
}

function flags(tags: string[]): string[] {
    return ["--tag", tags.join(",")];
}

function summaryOf(messages: Message[], what: string): Summary {
    const summary = messages.find((one) => one.message_type === "summary");
    if (!summary?.snapshot_id) throw repositoryError(`storing ${what}`, "restic ended well and told of no snapshot");
    return summary as unknown as Summary;
}

function locationOf(config: RepositoryConfig, folder?: string): string {
    if (config.kind === "directory") return folder ? join(config.path, folder) : join(config.path, "stores");
    return `s3:${config.endpoint}/${config.bucket}/${config.prefix}/${folder ?? "stores"}`;
}

/** The credentials file of the identity that the repository is opened with. */
function credentialsOf({ config, deletes }: RepositoryOptions): string | undefined {
    if (config.kind === "directory") return undefined;
    return (deletes ? config.pruneCredentialsFile : undefined) ?? config.credentialsFile;
}

function environmentOf(settings: RepositoryOptions, location: string): Record<string, string> {
    const { config, cacheDirectory } = settings;
    const common = {
        RESTIC_REPOSITORY: location,
        RESTIC_PASSWORD_FILE: config.passwordFile,
        RESTIC_CACHE_DIR: cacheDirectory,
        // restic's default; data that arrives compressed is stored as it is.
        RESTIC_COMPRESSION: "auto",
        RESTIC_PROGRESS_FPS: "0",
    };
    if (config.kind === "directory") return common;
    const credentials = credentialsOf(settings);
    return {
        ...common,
        AWS_DEFAULT_REGION: config.region,
        ...(credentials ? { AWS_SHARED_CREDENTIALS_FILE: credentials } : {}),
        ...(config.caFile ? { RESTIC_CACERT: config.caFile } : {}),
    };
}
