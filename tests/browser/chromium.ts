/** The browser of this machine, without a window. */
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

import { type Browser, chromium } from "playwright-core";

/** As scripts/setup-chromium.sh looks for it. */
const NAMES = ["chromium", "google-chrome", "google-chrome-stable"];

function executable(): string {
    const given = process.env["GROUNDWORK_CHROMIUM"];
    if (given) return given;
    const directories = (process.env["PATH"] ?? "").split(delimiter);
    const found = NAMES.flatMap((name) => directories.map((directory) => join(directory, name))).find(isExecutable);
    if (found === undefined) throw new Error("There is no Chromium. Run scripts/setup-chromium.sh.");
    return found;
}

function isExecutable(path: string): boolean {
    try {
        accessSync(path, constants.X_OK);
        return true;
    } catch {
        return false;
    }
}

/** For what a browser takes milliseconds for, on a machine that has other work to do. */
export const PATIENCE_MS = 240_000;

export function launch(): Promise<Browser> {
    return chromium.launch({ executablePath: executable(), timeout: PATIENCE_MS });
}
