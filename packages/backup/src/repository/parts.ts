/** The parts of one backup: how a driver's capture gets into a repository, is read back, and comes out again. */
import { createHash } from "node:crypto";
import { createWriteStream, mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";

import { type BackupEntry, tagsOf } from "../catalog";
import { BackupError, EXIT } from "../errors";
import type { Manifest, Part } from "../manifest";
import { give, start } from "../process";
import type { FetchOptions, Proof, Sink, Source } from "../stores/driver";
import { digestOfFile, digestOfFolder, digestOfNodes, digestOfTar, WHOLE } from "./digest";
import type { Summary } from "./messages";
import type { Repository } from "./repository";

const READ_AGAIN = "Run `backup verify`; if the repository is damaged, restore from an older backup or the local copy.";

/** The command that reads a file part to its end; see `Driver.check`. */
type Check = (part: Part) => string[] | undefined;

/** Takes the parts of a capture, and reads each back before it counts: while the next one is stored, since much of either is waiting. */
export class PartWriter implements Sink {
    readonly parts: Part[] = [];
    /** Bytes that the repository grew by. */
    addedBytes = 0;
    /** Ends with the last of the readings, which are one after the other; after one that fails there is none. */
    private reading: Promise<void> = Promise.resolve();

    constructor(
        private readonly repository: Repository,
        private readonly entry: Omit<BackupEntry, "snapshot">,
        private readonly check: Check,
    ) {}

    async stream(name: string, command: string[], env?: Record<string, string>): Promise<void> {
        const summary = await this.repository.stream(name, tagsOf(this.entry, name), command, env);
        this.expectFile(name, summary, summary.total_bytes_processed);
    }

    async text(name: string, content: string): Promise<void> {
        const summary = await this.repository.text(name, tagsOf(this.entry, name), content);
        this.expectFile(name, summary, Buffer.byteLength(content));
    }

    async file(name: string, path: string): Promise<void> {
        await this.stream(name, ["cat", path]);
        await this.readBack();
        const stored = this.parts.find((one) => one.name === name);
        if (stored?.sha256 !== (await digestOfFile(path))) throw mismatch(name, "what came back is not the file");
    }

    async tree(name: string, directory: string, options: Parameters<Sink["tree"]>[2] = {}): Promise<void> {
        const { proof = "content", ...rest } = options;
        const { snapshot_id: snapshot, data_added_packed: added } = await this.repository.tree(
            directory,
            tagsOf(this.entry, name),
            rest,
        );
        this.expect(async () => {
            this.keep({ name, kind: "tree", proof, ...(await readTree(this.repository, snapshot, proof)) }, added);
        });
    }

    /** Until everything that was stored has been read back. @throws BackupError when it is not what was stored */
    readBack(): Promise<void> {
        return this.reading;
    }

    /** Until nothing is read any more, whatever came of it. */
    async settled(): Promise<void> {
        await Promise.allSettled([this.reading]);
    }

    private expectFile(
        name: string,
        { snapshot_id: snapshot, data_added_packed: added }: Summary,
        bytes: number,
    ): void {
        this.expect(async () => {
            const part: Part = { name, kind: "file", bytes, sha256: "", proof: "content" };
            const found = await readFile(this.repository, snapshot, part, this.check(part));
            if (found.bytes !== bytes) throw mismatch(name, `${bytes} bytes were stored and ${found.bytes} came back`);
            if (bytes === 0) throw empty(name);
            this.keep({ ...part, ...found }, added);
        });
    }

    private expect(reading: () => Promise<void>): void {
        this.reading = this.reading.then(reading);
        // `readBack` tells; until then nobody listens.
        this.reading.catch(() => undefined);
    }

    /** A part that is stored again takes the first one's place. */
    private keep(part: Part, added: number): void {
        const earlier = this.parts.findIndex(({ name }) => name === part.name);
        if (earlier >= 0) this.parts.splice(earlier, 1);
        this.parts.push(part);
        this.addedBytes += added;
    }
}

/** Gives the parts of a stored backup, each checked against the manifest. */
export class PartReader implements Source {
    constructor(
        private readonly repository: Repository,
        readonly manifest: Manifest,
        /** Snapshots by part. */
        private readonly snapshots: Map<string, string>,
        private readonly check: Check,
    ) {}

    async fetch(name: string, directory: string, { owners = true, copy }: FetchOptions = {}): Promise<string> {
        const part = this.part(name);
        const target = join(directory, name);
        mkdirSync(directory, { recursive: true });
        if (part.kind === "tree") {
            await this.repository.restore(this.snapshot(name), target);
            const found = await digestOfFolder(target, part.proof);
            if (owners || found.sha256 === part.sha256) compare(part, found);
            else await this.compareWithoutOwners(part, target);
            return target;
        }
        const { stdout, finish } = this.repository.read(this.snapshot(name), `/${name}`);
        const hash = createHash("sha256");
        const passed = async function* (chunks: AsyncIterable<Buffer>) {
            for await (const chunk of chunks) {
                hash.update(chunk);
                if (copy) await give(copy, chunk);
                yield chunk;
            }
        };
        await pipeline(stdout as Readable, passed, createWriteStream(target, { mode: 0o600 }));
        await finish();
        compare(part, { sha256: hash.digest("hex") });
        return target;
    }

    async readText(name: string): Promise<string> {
        const text = await this.repository.readText(this.snapshot(name), `/${name}`);
        return text;
    }

    /** Reads every part back and compares it with the manifest. */
    async verify(): Promise<void> {
        for (const part of this.manifest.parts) {
            const snapshot = this.snapshot(part.name);
            compare(
                part,
                part.kind === "tree"
                    ? await readTree(this.repository, snapshot, part.proof)
                    : await readFile(this.repository, snapshot, part, this.check(part)),
            );
        }
    }

    /** What is stored is as the manifest says, owners and all, and what came out of it is the same but for them. */
    private async compareWithoutOwners(part: Part, folder: string): Promise<void> {
        const snapshot = this.snapshot(part.name);
        compare(part, await readTree(this.repository, snapshot, part.proof));
        const stored = await readTree(this.repository, snapshot, part.proof, { owners: false });
        compare({ ...part, ...stored }, await digestOfFolder(folder, part.proof, { owners: false }));
    }

    private part(name: string): Part {
        const part = this.manifest.parts.find((one) => one.name === name);
        if (!part) throw mismatch(name, `the backup ${this.manifest.id} has no such part`);
        return part;
    }

    private snapshot(name: string): string {
        const snapshot = this.snapshots.get(name);
        if (!snapshot) throw mismatch(name, `the repository has no part of this name for ${this.manifest.id}`);
        return snapshot;
    }
}

async function readTree(repository: Repository, snapshot: string, proof: Proof, what = WHOLE) {
    if (proof === "listing") return digestOfNodes(await repository.nodes(snapshot), what);
    const { stdout, finish } = repository.read(snapshot, "/");
    try {
        const digest = await digestOfTar(stdout as Readable, what);
        await finish();
        return digest;
    } catch (error) {
        // An archive that breaks off is what a failed reading looks like from here; its reason comes first.
        await finish();
        throw error;
    }
}

/** Reads a file part to its end, through the driver's command where it has one. */
async function readFile(repository: Repository, snapshot: string, part: Part, command: string[] | undefined) {
    const { stdout, finish } = repository.read(snapshot, `/${part.name}`);
    const reader = command && start(command[0]!, command.slice(1));
    const hash = createHash("sha256");
    let bytes = 0;
    let said = "";
    reader?.stderr.on("data", (chunk: Buffer) => (said += chunk.toString()));
    reader?.stdout.resume();
    // It may end before it has been given everything; its exit code tells.
    reader?.stdin.on("error", () => undefined);
    try {
        for await (const chunk of stdout as AsyncIterable<Buffer>) {
            hash.update(chunk);
            bytes += chunk.length;
            if (reader) await give(reader.stdin, chunk);
        }
        await finish();
        if (reader) {
            reader.stdin.end();
            const { exitCode } = await reader;
            if (exitCode !== 0) throw mismatch(part.name, `${command[0]} cannot read it to its end: ${said.trim()}`);
        }
    } finally {
        // Where the repository gave out half of it, the command still waits for the rest, and this process would for the command.
        reader?.kill("SIGKILL");
    }
    return { sha256: hash.digest("hex"), bytes };
}

function compare(part: Part, found: { sha256: string; entries?: number }): void {
    if (found.sha256 === part.sha256) return;
    const entries = found.entries === part.entries ? "" : `, and ${found.entries} entries for ${part.entries}`;
    throw mismatch(
        part.name,
        `its checksum is ${found.sha256.slice(0, 12)}, the manifest's ${part.sha256.slice(0, 12)}${entries}`,
    );
}

function mismatch(name: string, what: string): BackupError {
    return new BackupError(`${name} is not what was backed up: ${what}`, {
        exit: EXIT.verification,
        remedy: READ_AGAIN,
    });
}

function empty(name: string): BackupError {
    return new BackupError(`${name} is empty: what should have written it wrote nothing`, {
        exit: EXIT.verification,
        remedy: "Look at the store's log; this backup does not count, and the ones before it are kept.",
    });
}
