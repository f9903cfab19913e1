/** First `up` and `up` with nothing to do, against `docker compose up -d --wait` with the same containers. */
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

import type { UntypedDeployment } from "../../../packages/engine/src";
import type { SystemKey } from "../../../systems/types";
import { type Bench, row, seconds } from "../row";
import { findCompose } from "./compose-binary";
import { type ComposeFile, composeFile } from "./compose-file";
import { withDeployed } from "./deployed";

const run = promisify(execFile);
const RUNS = 3;

type Taken = Record<"first" | "again", number[]>;

export function composeBench(system: SystemKey): Bench {
    const id = `engine.up.${system}`;
    return {
        id,
        async run(say) {
            const compose = await findCompose(say);
            const dir = mkdtempSync(join(tmpdir(), "groundwork-bench-"));
            const own: Taken = { first: [], again: [] };
            const theirs: Taken = { first: [], again: [] };
            try {
                await withDeployed(system, async (deployed) => {
                    // Each in turn, so that what else the machine does falls on both.
                    for (let n = 0; n < RUNS; n++) {
                        own.first.push((await deployed.up()).seconds);
                        own.again.push((await deployed.up()).seconds);
                        const state = JSON.parse((await deployed.gw("state", "export")).stdout) as UntypedDeployment;
                        const file = await composeFile(state, dir);
                        await deployed.destroy();
                        const command = new ComposeProject(compose.command, dir, file);
                        try {
                            theirs.first.push(await seconds(() => command.up()));
                            theirs.again.push(await seconds(() => command.up()));
                        } finally {
                            await command.down();
                        }
                        say(
                            `  first ${own.first[n]} s, compose ${theirs.first[n]!.toFixed(2)} s; again ${own.again[n]} s, compose ${theirs.again[n]!.toFixed(2)} s`,
                        );
                    }
                });
            } finally {
                rmSync(dir, { recursive: true, force: true });
            }
            const what = `docker compose ${compose.version}`;
            return [
                row(`${id}.first`, "s", own.first, {
                    against: { what, runs: theirs.first },
                    aim: { of: "ratio", most: 1 },
                    note: "from nothing but the images until every container is healthy",
                }),
                row(`${id}.no-op`, "s", own.again, {
                    against: { what, runs: theirs.again },
                    aim: { of: "ratio", most: 1.5 },
                    note: "compose runs the one-off jobs again",
                }),
            ];
        },
    };
}

class ComposeProject {
    private readonly path: string;

    constructor(
        private readonly command: string[],
        dir: string,
        private readonly file: ComposeFile,
    ) {
        this.path = join(dir, "compose.json");
        writeFileSync(this.path, JSON.stringify(file.content, null, 4), { mode: 0o600 });
    }

    async up(): Promise<void> {
        await this.run("up", "-d", "--wait", ...this.file.services);
    }

    async down(): Promise<void> {
        await this.run("down", "--volumes", "--timeout", "5");
    }

    private async run(...args: string[]): Promise<void> {
        const [command, ...before] = this.command;
        try {
            await run(command!, [...before, "-f", this.path, "--progress", "quiet", ...args], { maxBuffer: 16 << 20 });
        } catch (error) {
            const { stderr, message } = error as Error & { stderr?: string };
            throw new Error(`docker compose ${args[0]}: ${stderr?.trim() || message}`, { cause: error });
        }
    }
}
