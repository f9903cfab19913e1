/** How this `gw` was called, for commands that people copy: from a checkout it is on nobody's PATH. */
export function calledAs(): string {
    return process.env["GW_COMMAND"] ?? "gw";
}
