/** Where the passphrase of a stack's secrets comes from. */
import { randomBytes } from "node:crypto";
import { existsSync, linkSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { UsageError } from "./errors";
import { makeDirectory, writing } from "./files";
import { encryptedStates, type Project } from "./project";

export interface Passphrase {
    text: string;
    /** For messages, e.g. `PULUMI_CONFIG_PASSPHRASE`. */
    from: string;
}

/** Whose secrets it is for. */
export interface PassphraseUse {
    project: Project;
    environment: string;
    /** Name of the stack's file, where that has a salt of its own: an `encryptionsalt`. */
    saltedFile?: string;
    /** For what is not kept, as a preview: where dev has no passphrase yet, one is thought up and not written down. Default: false. */
    passing?: boolean;
    env?: NodeJS.ProcessEnv;
}

const HOW = "Set PULUMI_CONFIG_PASSPHRASE, or PULUMI_CONFIG_PASSPHRASE_FILE to the path of a file that holds it.";

/**
 * The passphrase of a stack's secrets: PULUMI_CONFIG_PASSPHRASE, else the file that PULUMI_CONFIG_PASSPHRASE_FILE names, else in dev a
 * random one that is made once, by the first command that keeps a secret, in `.groundwork/passphrase`, readable by its owner alone.
 * @throws UsageError when there is none, its file cannot be read, or a new one would not open what is there already
 */
export function passphraseFor(use: PassphraseUse): Passphrase {
    const { environment, env = process.env } = use;
    const given = env["PULUMI_CONFIG_PASSPHRASE"];
    if (given !== undefined) return { text: given, from: "PULUMI_CONFIG_PASSPHRASE" };
    const file = env["PULUMI_CONFIG_PASSPHRASE_FILE"];
    if (file !== undefined && file !== "") {
        try {
            return { text: readFileSync(file, "utf8").trim(), from: `${file} (PULUMI_CONFIG_PASSPHRASE_FILE)` };
        } catch (error) {
            throw new UsageError(`PULUMI_CONFIG_PASSPHRASE_FILE: ${(error as Error).message}`, HOW);
        }
    }
    if (environment === "dev") return ownPassphrase(use);
    throw new UsageError(`The secrets of a ${environment} stack need a passphrase, and none is given.`, HOW);
}

/** What to do where the passphrase is not the right one. */
export function wrongPassphraseHint({ from }: Passphrase, { project, environment }: PassphraseUse): string {
    const own = ownPath(project);
    const lines = [`It came from ${from}.`];
    if (from !== own && environment === "dev" && existsSync(own))
        lines.push(`Without that variable, it would come from ${own}, which this directory made for its dev stacks.`);
    const other = from === own ? `Put back the ${own} that the stack was made with, or set` : "Set";
    return [...lines, `${other} PULUMI_CONFIG_PASSPHRASE to the passphrase that the stack was made with.`].join("\n");
}

function ownPath(project: Project): string {
    return join(project.dataDir, "passphrase");
}

function ownPassphrase(use: PassphraseUse): Passphrase {
    const path = ownPath(use.project);
    if (!existsSync(path)) {
        refuseToReplace(path, use);
        if (use.passing === true) return { text: random(), from: path };
        create(path, use.project);
    }
    const text = readFileSync(path, "utf8").trim();
    if (text === "") throw new UsageError(`${path} is empty. Restore it, or delete it and ${use.project.stateDir}.`);
    return { text, from: path };
}

/** A new passphrase beside secrets that were encrypted with another one would only hide that this one is lost. */
function refuseToReplace(path: string, { project, saltedFile }: PassphraseUse): void {
    const states = encryptedStates(project);
    const what = [
        ...(states.length > 0 ? [`the state of ${states.join(", ")} in ${project.stateDir}`] : []),
        ...(saltedFile === undefined ? [] : [saltedFile]),
    ];
    if (what.length === 0) return;
    throw new UsageError(
        `A passphrase is needed and none is given; a new one would not open the secrets in ${what.join(" and ")}.`,
        `${HOW} Or put ${path} back, if that is lost.\n` +
            "If the passphrase is lost for good, so is the state: docs/troubleshooting.md says how to begin anew.",
    );
}

function random(): string {
    return randomBytes(32).toString("base64url");
}

function create(path: string, project: Project): void {
    makeDirectory(project.dataDir, 0o700);
    // Written aside and linked, so that of two first runs both use the one that was first.
    const draft = `${path}.${process.pid}`;
    try {
        writing(path, () => writeFileSync(draft, `${random()}\n`, { mode: 0o600 }));
        linkSync(draft, path);
    } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    } finally {
        rmSync(draft, { force: true });
    }
}
