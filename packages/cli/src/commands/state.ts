import { readFileSync } from "node:fs";

import { EXIT, UsageError } from "../errors";
import { expectDirectoryOf, writeWhole } from "../files";
import type { StackOptions } from "../options";
import { openSession, openState } from "../session";
import { parseDeployment } from "../stack/deployment";
import type { Output } from "../ui/output";
import { ask, requireAnswerable, unchanged } from "../ui/prompt";
import { plural } from "../ui/text";
import { asCalled, stackFlag } from "../words";

interface ExportOptions extends StackOptions {
    file?: string;
    showSecrets?: boolean;
}

/** Prints the deployment, or writes it to a file that only its owner can read. */
export async function exportState(options: ExportOptions, output: Output): Promise<number> {
    if (options.file !== undefined) expectDirectoryOf(options.file, "--file");
    const session = await openSession(options, output);
    const engine = await openState(session);
    const deployment = await engine.exportState({ showSecrets: options.showSecrets });
    if (options.file === undefined) {
        output.printJson(deployment);
        return EXIT.done;
    }
    writeWhole(options.file, `${JSON.stringify(deployment, null, 4)}\n`, { mode: 0o600 });
    const count = deployment.deployment.resources?.length ?? 0;
    output.note(`${plural(count, "resource")} of ${session.stack.name} written to ${options.file}.`);
    return EXIT.done;
}

/** Options of a command that asks before it does something. */
interface ConfirmedOptions extends StackOptions {
    yes?: boolean;
}

/** Replaces the state. What runs is not touched; the next `up` compares it with the new state. */
export async function importState(
    file: string | undefined,
    options: ConfirmedOptions,
    output: Output,
): Promise<number> {
    const session = await openSession(options, output);
    const { stack } = session;
    requireAnswerable(
        file === undefined ? { ...output, interactive: false } : output,
        options.yes,
        `replace the state of ${stack.name}`,
    );
    const deployment = parseDeployment(readText(file), file ?? "stdin");
    const engine = await openState(session);
    const before = (await engine.exportState()).deployment.resources?.length ?? 0;
    const after = deployment.deployment.resources?.length ?? 0;
    output.note(
        `State of ${stack.name}: ${plural(before, "resource")} now, ${plural(after, "resource")} in ${file ?? "stdin"}.`,
    );
    if (options.yes !== true && (await ask("Replace it?", ["yes", "no"])) !== "yes") return unchanged(output);
    await engine.importState(deployment);
    output.print(
        `The state of ${stack.name} is replaced. "${asCalled(`gw preview${stackFlag(session)}`)}" shows how what runs differs from it.`,
    );
    return EXIT.done;
}

function readText(file: string | undefined): string {
    try {
        return readFileSync(file ?? 0, "utf8");
    } catch (error) {
        throw new UsageError(`${file ?? "stdin"} cannot be read: ${(error as Error).message}`);
    }
}

/** Removes the lock, and says who held it. */
export async function unlock(options: ConfirmedOptions, output: Output): Promise<number> {
    const session = await openSession(options, output);
    const { stack } = session;
    requireAnswerable(output, options.yes, `unlock ${stack.name}`);
    if (options.yes !== true) {
        const question = `Unlock ${stack.name}? A run that still works on it would be joined by another, and its state lost.`;
        if ((await ask(question, ["yes", "no"])) !== "yes") return unchanged(output);
    }
    const engine = await openState(session);
    const holder = await engine.unlock();
    if (holder) {
        output.print(
            `Unlocked ${stack.name}. It was held by ${holder.user}@${holder.host}, process ${holder.pid}, for "${holder.operation}" since ${holder.since}.`,
        );
    } else output.print(session.engineKind === "pulumi" ? `Unlocked ${stack.name}.` : `${stack.name} was not locked.`);
    return EXIT.done;
}
