/** The state file: Pulumi's deployment JSON, version 3, with one resource a line. */
import { createHash, type Hash } from "node:crypto";
import {
    closeSync,
    existsSync,
    fsyncSync,
    linkSync,
    openSync,
    readFileSync,
    renameSync,
    rmSync,
    statSync,
    writeSync,
} from "node:fs";
import { basename, dirname } from "node:path";

import { version as sdkVersion } from "@pulumi/pulumi/version";

import type { ResourceState, UntypedDeployment } from "../api";
import { shellWord } from "../shell";
import { DeploymentError, StateError } from "./errors";
import type { EncodedResource, OperationType } from "./journal";

/** The Pulumi version whose format this is. */
const VERSION = `v${sdkVersion}`;
const WRITE_BYTES = 1 << 20;

export interface Snapshot {
    resources: EncodedResource[];
    pending: { type: OperationType; resource: EncodedResource }[];
    salt?: string;
    /** Digest of the file; empty when there is none. */
    digest: string;
}

function digestOf(data: string | Buffer): string {
    return createHash("sha256").update(data).digest("hex");
}

/** @throws StateError naming the file, and how to get it back, when it cannot be read as a deployment */
export function readSnapshot(path: string): Snapshot {
    let data: Buffer;
    try {
        data = readFileSync(path);
    } catch (error) {
        const { code, message } = error as NodeJS.ErrnoException;
        if (code === "ENOENT") return { resources: [], pending: [], digest: "" };
        throw new StateError(`The state cannot be read: ${message}`, `Make ${path} readable, or put it back.`, {
            cause: error,
        });
    }
    try {
        return {
            ...fromDeployment(JSON.parse(data.toString("utf8")) as UntypedDeployment, path),
            digest: digestOf(data),
        };
    } catch (error) {
        const what = error instanceof SyntaxError ? `${path} is not JSON: ${error.message}` : (error as Error).message;
        throw new StateError(what, restoreHint(path), { cause: error });
    }
}

/** How to get a damaged state file back. */
function restoreHint(path: string): string {
    const backup = `${path}.bak`;
    const journal = path.replace(/\.json$/, ".journal");
    if (!existsSync(backup)) {
        return `There is no ${basename(backup)} beside it: put back a copy, or what "gw state export" wrote. Nothing that runs was touched.`;
    }
    const saved = statSync(backup).mtime.toISOString();
    // A journal goes on from the state that is damaged, and from no other.
    const aside = existsSync(journal) ? `mv ${shellWord(journal)} ${shellWord(`${journal}.damaged`)} && ` : "";
    return (
        `The state before it, of ${saved}, is kept beside it; put it back with:\n  ${aside}cp ${shellWord(backup)} ${shellWord(path)}\n` +
        '"gw refresh" then corrects it by what really runs.'
    );
}

const EXPORTED = 'Give what "gw state export" or "pulumi stack export" wrote.';

/** @throws DeploymentError when it is not a deployment of version 3 with the passphrase provider */
export function fromDeployment(parsed: UntypedDeployment, where: string): Omit<Snapshot, "digest"> {
    if (parsed?.version !== 3 || typeof parsed.deployment !== "object" || parsed.deployment === null) {
        throw new DeploymentError(
            `${where} is not a Pulumi deployment of version 3, which is the one this engine reads.`,
            EXPORTED,
        );
    }
    const { secrets_providers } = parsed.deployment;
    const resources = parsed.deployment.resources ?? [];
    const pending_operations = parsed.deployment.pending_operations ?? [];
    if (!Array.isArray(resources) || !Array.isArray(pending_operations))
        throw new DeploymentError(`${where} has resources or pending operations that are no list.`, EXPORTED);
    const isResource = (r: ResourceState | null): boolean => typeof r?.urn === "string" && typeof r.type === "string";
    if (!resources.every(isResource) || !pending_operations.every((operation) => isResource(operation?.resource)))
        throw new DeploymentError(`${where} has resources without a URN or a type.`, EXPORTED);
    if (secrets_providers && secrets_providers.type !== "passphrase" && secrets_providers.type !== "") {
        throw new DeploymentError(
            `${where} has secrets of the provider "${secrets_providers.type}"; this engine knows "passphrase". ` +
                `Change it with "pulumi stack change-secrets-provider passphrase", or export with --show-secrets.`,
        );
    }
    return {
        resources: resources as unknown as EncodedResource[],
        pending: pending_operations as unknown as Snapshot["pending"],
        salt: (secrets_providers?.state as { salt?: string } | undefined)?.salt,
    };
}

/** The parts of a deployment around its resources. */
export function deploymentHead(salt: string | undefined, time = new Date()): UntypedDeployment["deployment"] {
    return {
        manifest: { time: time.toISOString(), magic: digestOf(VERSION), version: VERSION },
        ...(salt ? { secrets_providers: { type: "passphrase", state: { salt } } } : {}),
        resources: [],
    };
}

/** Lines of a state file; joined they are its text. */
export function* snapshotText(salt: string | undefined, resources: string[], pending: string[]): Generator<string> {
    const { manifest, secrets_providers } = deploymentHead(salt);
    yield `{"version":3,"deployment":{\n"manifest":${JSON.stringify(manifest)},\n`;
    if (secrets_providers) yield `"secrets_providers":${JSON.stringify(secrets_providers)},\n`;
    yield* list("resources", resources);
    yield ",\n";
    yield* list("pending_operations", pending);
    yield `,\n"metadata":{}\n}}\n`;
}

function* list(name: string, items: string[]): Generator<string> {
    yield `"${name}":[`;
    for (let i = 0; i < items.length; i++) yield `${i ? "," : ""}\n${items[i]!}`;
    yield items.length ? "\n]" : "]";
}

/** Writes a file beside the real one, and flushes it. */
export function writeTemporary(path: string, text: Iterable<string>): { digest: string; bytes: number } {
    let bytes = 0;
    const hash: Hash = createHash("sha256");
    const file = openSync(path, "w", 0o600);
    try {
        let buffer = "";
        const write = (): void => {
            const data = Buffer.from(buffer, "utf8");
            hash.update(data);
            bytes += data.length;
            for (let offset = 0; offset < data.length;) offset += writeSync(file, data, offset);
            buffer = "";
        };
        for (const part of text) {
            buffer += part;
            if (buffer.length > WRITE_BYTES) write();
        }
        write();
        fsyncSync(file);
    } catch (error) {
        // Half a file would only take up the room that there is not.
        rmSync(path, { force: true });
        throw error;
    } finally {
        closeSync(file);
    }
    return { digest: hash.digest("hex"), bytes };
}

/**
 * Puts the temporary file in the place of `path`, whose content stays as `<path>.bak`. At every moment `path` is the old or the new one.
 */
export function replaceWith(temporary: string, path: string): void {
    const backup = `${path}.bak`;
    rmSync(`${backup}.tmp`, { force: true });
    try {
        linkSync(path, `${backup}.tmp`);
        renameSync(`${backup}.tmp`, backup);
    } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    }
    renameSync(temporary, path);
    const directory = openSync(dirname(path), "r");
    try {
        fsyncSync(directory);
    } finally {
        closeSync(directory);
    }
}
