import { createColors } from "picocolors";

/** Colour functions; all are the identity where colour is off. */
export type Style = ReturnType<typeof createColors>;

export const PLAIN: Style = createColors(false);

/**
 * Whether a stream gets colour: never with `--no-color`, NO_COLOR (https://no-color.org) or TERM=dumb; always with FORCE_COLOR; else on a
 * terminal.
 */
export function wantsColour(
    stream: { isTTY?: boolean },
    options: { color?: boolean },
    env: NodeJS.ProcessEnv = process.env,
): boolean {
    if (options.color === false || (env["NO_COLOR"] ?? "") !== "") return false;
    if ((env["FORCE_COLOR"] ?? "") !== "" && env["FORCE_COLOR"] !== "0") return true;
    return stream.isTTY === true && env["TERM"] !== "dumb";
}

export function createStyle(enabled: boolean): Style {
    return enabled ? createColors(true) : PLAIN;
}
