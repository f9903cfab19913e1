import { EXIT, FailedError, UsageError } from "../errors";
import type { StackOptions } from "../options";
import { openState } from "../session";
import { isMap } from "../stack/text";
import type { Output } from "../ui/output";
import { HIDDEN } from "../ui/redact";
import { displayWidth, pad } from "../ui/text";
import { stackFlag } from "../words";
import { openDeployed } from "../runtime/deployed";

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
        const value = valueAt(shown, name);
        if (value === undefined) {
            const known = Object.keys(shown).join(", ") || "none";
            throw new UsageError(`Stack ${session.stack.name} has no output "${name}". It has: ${known}.`);
        }
        if (output.json) output.printJson(value);
        else output.print(asText(value));
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

/** An output, or a value within one by its dotted key. */
function valueAt(outputs: Record<string, unknown>, name: string): unknown {
    if (Object.hasOwn(outputs, name)) return outputs[name];
    return name
        .split(".")
        .reduce<unknown>((value, key) => (isMap(value) && Object.hasOwn(value, key) ? value[key] : undefined), outputs);
}

/** Nested outputs as dotted keys, a line each. */
function flatten(value: unknown, path: string): [string, string][] {
    if (!isMap(value)) return [[path, asText(value)]];
    return Object.entries(value).flatMap(([key, item]) => flatten(item, path === "" ? key : `${path}.${key}`));
}

function asText(value: unknown): string {
    return typeof value === "string" ? value : JSON.stringify(value);
}
