/** The repository's stacks, completed as their owners complete them, and what `gw render` writes of each. */
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { parse } from "yaml";

import { CATALOG } from "../../images/catalog";
import { init } from "../../packages/cli/src/commands/stack";
import { withValue } from "../../packages/cli/src/stack/edit";
import { createOutput } from "../../packages/cli/src/ui/output";
import { Crypter } from "../../packages/engine/src/crypto";
import { SYSTEMS } from "../../systems";
import { BUCKET_KEYS } from "../../systems/backup";
import { type Environment, imageKeys, type SystemKey } from "../../systems/types";
import { expectCode, finished, ROOT } from "../e2e/support/sandbox";
import { allGiven } from "../unit/components/fixtures";

const PASSPHRASE = "of these tests";

/** The bucket of the repository's staging and prod is its owner's. */
const BUCKET_SECRETS = Object.values(BUCKET_KEYS);

const SILENT = { ...createOutput({}), print: () => undefined, note: () => undefined };

/** What a manifest says of itself, as far as tests ask. */
export interface RenderedObject {
    file: string;
    kind: string;
    name: string;
    /** Name of the workload or job that it belongs to; two releases of one have the same. */
    workload: string;
}

export class Renderings {
    /** The program by links, with copies of the stack files. */
    readonly directory = mkdtempSync(join(tmpdir(), "groundwork-render-"));

    constructor() {
        for (const entry of readdirSync(ROOT)) {
            if (/^(\.git|\.groundwork|reports)$/.test(entry)) continue;
            symlinkSync(join(ROOT, entry), join(this.directory, entry));
        }
    }

    /**
     * Writes a stack's file as `gw stack init` does, with what its owner alone knows: secrets that outsiders issue and, in prod, the
     * digests of its images. Both are made up here.
     * @param namespace default: the stack's own
     */
    async complete(system: SystemKey, environment: Environment, namespace?: string): Promise<void> {
        const name = `${system}-${environment}`;
        await init(name, { cwd: this.directory }, SILENT);
        const file = join(this.directory, `Pulumi.${name}.yaml`);
        const crypter = await Crypter.create(PASSPHRASE);
        let text = readFileSync(file, "utf8");
        const given = {
            ...allGiven(system),
            // In dev there are no backups, so nobody has keys to their bucket.
            ...Object.fromEntries(environment === "dev" ? [] : BUCKET_SECRETS.map((name) => [name, `given ${name}`])),
        };
        for (const [secret, value] of Object.entries(given))
            text = withValue(text, ["secrets", secret], { secure: crypter.encrypt(value) }, crypter.salt);
        if (environment === "prod") {
            for (const key of [...imageKeys(SYSTEMS[system]), "backup"])
                text = withValue(text, ["images", "overrides", key], pinned(CATALOG[key]!.registry));
        }
        if (namespace !== undefined) text = withValue(text, ["kubernetes", "namespace"], namespace);
        writeFileSync(file, text);
    }

    /** @returns the directory with the manifests @throws Error with what `gw render` said */
    async render(system: SystemKey, environment: Environment, run = "once"): Promise<string> {
        const stack = `${system}-${environment}`;
        const out = join(this.directory, "rendered", run, stack);
        const args = ["render", "--target", "kubernetes", "--engine", "embedded", "--stack", stack];
        const child = spawn(join(ROOT, "gw"), [...args, "--cwd", this.directory, "--out", out], {
            env: { ...process.env, KUBECONFIG: "/nonexistent", NO_COLOR: "1", PULUMI_CONFIG_PASSPHRASE: PASSPHRASE },
            stdio: ["ignore", "pipe", "pipe"],
        });
        expectCode(await finished(child), 0);
        return out;
    }

    remove(): void {
        rmSync(this.directory, { recursive: true, force: true });
    }
}

/** The manifests of a directory, in the order of their names. */
export function manifestFiles(directory: string): string[] {
    return readdirSync(directory)
        .filter((file) => file.endsWith(".yaml"))
        .sort()
        .map((file) => join(directory, file));
}

export function readObject(file: string): RenderedObject {
    const { kind, metadata } = parse(readFileSync(file, "utf8"), { version: "1.1" }) as {
        kind: string;
        metadata: { name: string; labels: Record<string, string> };
    };
    return { file, kind, name: metadata.name, workload: metadata.labels["app.kubernetes.io/name"]! };
}

function pinned(reference: string): string {
    return `${reference}@sha256:${createHash("sha256").update(reference).digest("hex")}`;
}
