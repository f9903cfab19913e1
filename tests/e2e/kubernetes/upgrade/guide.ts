/** What docs/upgrades.md tells people to type, run as it is written there. */
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { kubectlPath } from "../cluster/binaries";
import { run } from "../cluster/shell";
import { ROOT } from "../../support/sandbox";
import type { Inventory } from "../support/inventory";
import type { Sandbox } from "../support/sandbox";

const GUIDE = join(ROOT, "docs/upgrades.md");

/** The commands under a heading. @throws Error when the guide has none */
export function commandsUnder(heading: string): string {
    // A comment of the shell looks like a heading: what is between fences is kept apart first.
    const parts = readFileSync(GUIDE, "utf8").split(/^```(?:bash)?\n/m);
    const commands: string[] = [];
    let under = "";
    parts.forEach((part, n) => {
        if (n % 2 === 0) under = [...part.matchAll(/^#+ (.*)$/gm)].at(-1)?.[1] ?? under;
        else if (under === heading) commands.push(part);
    });
    if (commands.length === 0) throw new Error(`${GUIDE} has no commands under "${heading}"`);
    return commands.join("\n");
}

/**
 * Runs commands of the guide for another stack than its prod, with `gw` where it says `pulumi`: both read the same stack file and write the
 * same state. The script ends with the first command that fails.
 * @param images What stands where the guide has an image and `<digest>`, by the key under `images.overrides`
 */
export async function runGuide(
    commands: string,
    { sandbox, there, images }: { sandbox: Sandbox; there: Inventory; images: Record<string, string> },
): Promise<string> {
    const filled = commands
        .replace(/(images\.overrides\.([\w-]+)) \S+@sha256:<digest>/g, (_, path: string, key: string) => {
            if (images[key] === undefined) throw new Error(`no image for ${key}`);
            return `${path} ${images[key]}`;
        })
        .replaceAll(/--stack (?:opshub-)?prod/g, `--stack ${sandbox.stack}`)
        .replaceAll("./gw ", "gw ");
    const left = /<[a-z]+>/.exec(filled);
    if (left) throw new Error(`nothing stands for ${left[0]} of the guide`);
    const script = [
        "set -euo pipefail",
        `k() { ${there.cluster.ours ? kubectlPath() : "kubectl"} --namespace ${there.namespace} "$@"; }`,
        'gw() { ./gw "$@" --cwd .; }',
        // It refreshes first by a command of its own.
        'up() { case "$*" in *" --refresh") set -- "${@:1:$#-1}"; gw refresh "$@" --yes ;; esac; gw up "$@" --yes --images local; }',
        'pulumi() { if [ "$1" = up ]; then shift; up "$@"; else gw "$@"; fi; }',
        filled,
    ].join("\n");
    return run("bash", ["-c", script], { cwd: sandbox.directory, env: { ...sandbox.environment, NO_COLOR: "1" } });
}
