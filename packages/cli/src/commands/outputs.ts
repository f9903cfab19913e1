import { EXIT, FailedError, UsageError } from "../errors";
import type { StackOptions } from "../options";
import { openState } from "../session";
import type { Output } from "../ui/output";
import { HIDDEN } from "../ui/redact";
import { displayWidth, pad } from "../ui/text";
import { stackFlag } from "../words";
import { openDeployed } from "./deployed";

interface OutputsOptions extends StackOptions {
    showSecrets?: boolean;
}

/** Prints what the program exports; one output's value alone when it is named. */
export async function outputs(name: string | undefined, options: OutputsOptions, output: Output): Promise<number> {
    const session = await openDeployed(options, output);
    const engine = await openState(session);
    const all = await engine.outputs();
    const shown = Object.fromEntries(
        Object.entries(all).map(([key, { value, secret }]) => [
            key,
            secret && options.showSecrets !== true ? HIDDEN : value,
        ]),
    );
    if (name !== undefined) {
        if (!(name in shown)) {
            const known = Object.keys(shown).join(", ") || "none";
            throw new UsageError(`Stack ${session.stack.name} has no output "${name}". It has: ${known}.`);
        }
        if (output.json) output.printJson(shown[name]);
        else output.print(asText(shown[name]));
        return EXIT.done;
    }
    if (output.json) {
        output.printJson(shown);
        return EXIT.done;
    }
    if (Object.keys(shown).length === 0) {
        throw new FailedError(
            `Stack ${session.stack.name} has no outputs: it has not been brought up.`,
            `gw up${stackFlag(session)} brings it up.`,
        );
    }
    const rows = flatten(shown, "");
    const width = Math.max(...rows.map(([key]) => displayWidth(key)));
    output.print(...rows.map(([key, value]) => `${pad(key, width)}  ${value}`));
    return EXIT.done;
}

/** Nested outputs as dotted keys, a line each. */
function flatten(value: unknown, path: string): [string, string][] {
    if (typeof value !== "object" || value === null || Array.isArray(value)) return [[path, asText(value)]];
    return Object.entries(value).flatMap(([key, item]) => flatten(item, path === "" ? key : `${path}.${key}`));
}

function asText(value: unknown): string {
    return typeof value === "string" ? value : JSON.stringify(value);
}
