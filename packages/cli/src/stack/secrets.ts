/** Secrets that are written into a stack's file, as `gw config set` does one by one. */
import { readFileSync } from "node:fs";
import { basename } from "node:path";

import { UsageError } from "../errors";
import { writeWhole } from "../files";
import { crypterFor, type Session } from "../session";
import { withValue } from "./edit";

/** @throws UsageError where the stack has no file of its own */
export function refuseSubstituted({ stack }: Pick<Session, "stack">): void {
    if (!stack.substituted) return;
    throw new UsageError(
        `${stack.name} has no file of its own: it is ${basename(stack.file)} with another system.`,
        `Make one first: gw stack init ${stack.name}`,
    );
}

/** @throws UsageError where the stack has no file of its own, or something else than a passphrase encrypts it */
export async function setSecrets(session: Session, secrets: Record<string, string>): Promise<void> {
    const names = Object.keys(secrets).sort();
    if (names.length === 0) return;
    const { stack, read } = session;
    refuseSubstituted(session);
    const crypter = await crypterFor(session);
    const salt = read.file.encryptionSalt === undefined ? crypter.salt : undefined;
    const before = readFileSync(stack.file, "utf8");
    const text = names.reduce(
        (so, name) => withValue(so, ["secrets", name], { secure: crypter.encrypt(secrets[name]!) }, salt),
        before,
    );
    writeWhole(stack.file, text, { before });
}
