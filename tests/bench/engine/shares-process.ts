/** Takes the parts of a preview apart. Usage: `shares-process.ts <project> <stack> <stack file>`; prints {@link Shares} as JSON. */
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { parse } from "yaml";

import { createEmbeddedEngine } from "../../../packages/engine/src";
import { Crypter } from "../../../packages/engine/src/state/crypto";
import { StateStore } from "../../../packages/engine/src/state/store";
import { seconds } from "../row";

/** In seconds, each from its own start. */
export interface Shares {
    key: number;
    state: number;
    first: number;
    total: number;
}

async function main(): Promise<void> {
    const [projectDir, stack, file] = process.argv.slice(2) as [string, string, string];
    const stateDir = join(projectDir, ".groundwork", "state");
    const passphrase =
        process.env["PULUMI_CONFIG_PASSPHRASE"] ??
        readFileSync(join(projectDir, ".groundwork", "passphrase"), "utf8").trim();
    const entries = Object.entries((parse(readFileSync(file, "utf8")) as { config: Record<string, unknown> }).config);
    const text = (value: unknown): string => (typeof value === "string" ? value : JSON.stringify(value));
    const config = Object.fromEntries(entries.map(([key, value]) => [key, { value: text(value), secret: false }]));
    config["groundwork:images"] ??= { value: JSON.stringify({ source: "local" }), secret: false };

    const start = performance.now();
    let first: number | undefined;
    const engine = createEmbeddedEngine({
        projectDir,
        stateDir,
        stack,
        passphrase,
        config,
        onEvent: (event) => {
            if (event.resourcePreEvent) first ??= (performance.now() - start) / 1000;
        },
    });
    const digest = await engine.preview();
    const total = (performance.now() - start) / 1000;
    if (Object.keys(digest.changeSummary).join() !== "same" || first === undefined) {
        throw new Error(`the preview is not empty: ${JSON.stringify(digest.changeSummary)}`);
    }
    // The key is known in this process by now, so reading takes no time for it; another passphrase is derived anew.
    const state = await seconds(() => StateStore.read({ dir: stateDir, stack, passphrase }));
    const key = await seconds(() => Crypter.create("another passphrase"));
    process.stdout.write(JSON.stringify({ key, state, first, total } satisfies Shares));
}

main().catch((error: Error) => {
    console.error(error.message);
    process.exit(1);
});
