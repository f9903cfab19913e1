/** The parts of one backup: how a driver's capture gets into a repository, is read back, and comes out again. */
import { createHash } from "node:crypto";
import { createWriteStream, mkdirSync } from "node:fs";
import { join } from "node:path";
import { PassThrough, type Readable } from "node:stream";
import { pipeline } from "node:stream/promises";

import { type BackupEntry, tagsOf } from "../catalog";
import { BackupError, EXIT } from "../errors";
import type { Manifest, Part } from "../manifest";
import { start } from "../process";
import type { Proof, Sink, Source } from "../stores/driver";
import { digestOfFile, digestOfFolder, digestOfNodes, digestOfTar, WHOLE } from "./digest";
import type { Repository } from "./repository";

const READ_AGAIN = "Run `backup verify`; if the repository is damaged, restore from an older backup or the local copy.";

/** The command that reads a file part to its end; see `Driver.check`. */
type Check = (part: Part) => string[] | undefined;

/** Takes the parts of a capture, and reads each back before it counts. */
export class PartWriter implements Sink {
    readonly parts: Part[] = [];
    /** Bytes that the repository grew by. */
    addedBytes = 0;

    constructor(
        private readonly repository: Repository,
        private readonly entry: Omit<BackupEntry, "snapshot">,
        private readonly check: Check,
    ) {}

    async stream(name: string, command: string[], env?: Record<string, string>): Promise<void> {
        const summary = await this.repository.stream(name, tagsOf(this.entry, name), command, env);
        await this.readBack(name, summary.snapshot_id, summary.total_bytes_processed, summary.data_added_packed);
    }

    async text(name: string, content: string): Promise<void> {
        const summary = await this.repository.text(name, tagsOf(this.entry, name), content);
        await this.readBack(name, summary.snapshot_id, Buffer.byteLength(content), summary.data_added_packed);
    }

    async file(name: string, path: string): Promise<void> {
        await this.stream(name, ["cat", path]);
        const stored = this.parts.find((one) => one.name === name);
        if (stored?.sha256 !== (await digestOfFile(path))) throw mismatch(name, "what came back is not the file");
    }

    async tree(name: string, directory: string, options: Parameters<Sink["tree"]>[2] = {}): Promise<void> {
        const { proof = "content", ...rest } = options;
        const summary = await this.repository.tree(directory, tagsOf(this.entry, name), rest);
        const found = await readTree(this.repository, summary.snapshot_id, proof);
        this.keep({ name, kind: "tree", proof, ...found });
        this.addedBytes += summary.data_added_packed;
    }

    /** A part that is stored again takes the first one's place. */
    private keep(part: Part): void {
        const earlier = this.parts.findIndex(({ name }) => name === part.name);
        if (earlier >= 0) this.parts.splice(earlier, 1);
        this.parts.push(part);
    }

    private async readBack(name: string, snapshot: string, bytes: number, added: number): Promise<void> {
        const part: Part = { name, kind: "file", bytes, sha256: "", proof: "content" };
        const found = await readFile(this.repository, snapshot, part, this.check(part));
        if (found.bytes !== bytes) throw mismatch(name, `${bytes} bytes were stored and ${found.bytes} came back`);
        if (bytes === 0) throw empty(name);
        this.keep({ ...part, ...found });
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

    async fetch(name: string, directory: string, { owners = true } = {}): Promise<string> {
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
        const tap = new PassThrough();
        tap.on("data", (chunk: Buffer) => hash.update(chunk));
        await pipeline(stdout as Readable, tap, createWriteStream(target, { mode: 0o600 }));
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
            if (reader && !reader.stdin.destroyed && !reader.stdin.write(chunk)) {
                await Promise.race([new Promise((done) => reader.stdin.once("drain", done)), reader]);
            }
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
