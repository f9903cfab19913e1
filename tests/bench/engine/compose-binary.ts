/** `docker compose`: the machine's own, else built once from the Go module proxy. */
import { execFile } from "node:child_process";
import { existsSync, mkdirSync, renameSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";

import { ROOT } from "../../e2e/support/sandbox";

const run = promisify(execFile);

/** As in `tests/bench/tools/go.mod`. */
const VERSION = "v2.40.3";
const PACKAGE = "github.com/docker/compose/v2/cmd";

interface Compose {
    /** The command and what comes before its own arguments. */
    command: string[];
    version: string;
}

/** @throws Error when there is none and none can be built, with both reasons */
export async function findCompose(say: (line: string) => void): Promise<Compose> {
    const plugin = ["docker", "compose"];
    try {
        return { command: plugin, version: await versionOf(plugin) };
    } catch (missing) {
        const reason = firstLine(missing);
        const binary = join(ROOT, ".groundwork", "cache", "bench", `docker-compose-${VERSION}`);
        if (!existsSync(binary)) await build(binary, reason, say);
        return { command: [binary], version: await versionOf([binary]) };
    }
}

async function versionOf([command, ...args]: string[]): Promise<string> {
    return (await run(command!, [...args, "version", "--short"])).stdout.trim();
}

async function build(binary: string, why: string, say: (line: string) => void): Promise<void> {
    say(`  there is no docker compose (${why}); building ${VERSION} with go, which takes minutes the first time`);
    mkdirSync(join(binary, ".."), { recursive: true });
    const draft = `${binary}.${process.pid}`;
    const flags = `-X github.com/docker/compose/v2/internal.Version=${VERSION}`;
    try {
        await run("go", ["build", "-mod=readonly", "-ldflags", flags, "-o", draft, PACKAGE], {
            cwd: join(__dirname, "..", "tools"),
            maxBuffer: 16 << 20,
        });
    } catch (error) {
        throw new Error(
            `there is no docker compose to compare with (${why}), and it cannot be built: ${firstLine(error)}. ` +
                `Install the compose plugin, or Go with access to a module proxy.`,
            { cause: error },
        );
    }
    renameSync(draft, binary);
}

function firstLine(error: unknown): string {
    const { stderr, message } = error as Error & { stderr?: string };
    return (stderr?.trim() || message).split("\n")[0]!;
}
