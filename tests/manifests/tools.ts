/** kube-score and checkov, in the versions that `tools/` pins, made once and kept in the user's cache. */
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

import { QUICK_COMPILER } from "../../packages/cli/src/images/go";

const run = promisify(execFile);

const TOOLS = join(__dirname, "tools");

/** What a registry or the network before it says where it gives nothing. */
const REFUSED =
    /dial tcp|no such host|connection refused|i\/o timeout|TLS handshake timeout|NewConnectionError|No matching distribution|: (403|404|410|502|503) /i;

/** A registry gave nothing: tests may be skipped with this message. */
export class RegistryRefusedError extends Error {
    constructor(what: string, said: string) {
        super(`${what} cannot be had: a package registry refuses (${said})`);
        this.name = "RegistryRefusedError";
    }
}

/** Path of kube-score. @throws RegistryRefusedError; Error when Go is missing or does not build it */
export function ensureKubeScore(): Promise<string> {
    return ensure("kube-score", ["go.mod", "go.sum"], async (draft) => {
        const output = ["-o", join(draft, "kube-score"), "github.com/zegl/kube-score/cmd/kube-score"];
        await run("go", ["build", "-mod=readonly", "-trimpath", "-ldflags", "-s -w", ...output], {
            cwd: TOOLS,
            env: { ...process.env, ...QUICK_COMPILER, GOFLAGS: "", CGO_ENABLED: "0" },
            maxBuffer: 16 << 20,
        });
    }).then((folder) => join(folder, "kube-score"));
}

/** Path of the Python that has checkov. @throws RegistryRefusedError; Error when Python is missing or does not install it */
export function ensureCheckov(): Promise<string> {
    return ensure("checkov", ["requirements.txt"], async (draft) => {
        await run("python3", ["-m", "venv", draft]);
        // The whole closure is pinned, so there is nothing to resolve.
        const options = ["--quiet", "--disable-pip-version-check", "--no-input", "--no-deps", "--no-compile"];
        await run(python(draft), ["-m", "pip", "install", ...options, "-r", join(TOOLS, "requirements.txt")], {
            maxBuffer: 16 << 20,
        });
    }).then(python);
}

/** A venv may be moved as long as nobody calls the scripts in it. */
function python(folder: string): string {
    return join(folder, "bin", "python");
}

/** A folder of the cache, named by the pins that it is made from; whole or not there. */
async function ensure(name: string, pins: string[], make: (draft: string) => Promise<void>): Promise<string> {
    const hash = createHash("sha256").update(process.arch);
    for (const file of pins) hash.update(readFileSync(join(TOOLS, file)));
    const cache = process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache");
    const folder = join(cache, "groundwork", "manifests", `${name}-${hash.digest("hex").slice(0, 12)}`);
    if (existsSync(folder)) return folder;
    const draft = `${folder}.${process.pid}`;
    mkdirSync(draft, { recursive: true });
    console.error(`manifests: making ${name}, once; this takes a minute or two`);
    try {
        await make(draft);
        renameSync(draft, folder);
    } catch (error) {
        throw explained(name, error as Error & { stderr?: string });
    } finally {
        rmSync(draft, { recursive: true, force: true });
    }
    return folder;
}

function explained(name: string, error: Error & { stderr?: string; code?: string }): Error {
    const said = (error.stderr?.trim() || error.message).split("\n").slice(-3).join(" ");
    if (REFUSED.test(said)) return new RegistryRefusedError(name, said);
    const remedy =
        error.code === "ENOENT"
            ? "Install Go 1.24 or newer, and Python 3.9 or newer with its venv module."
            : "Of Debian's packages it needs golang, and python3-venv.";
    return new Error(`${name} cannot be made: ${said}\n${remedy}`, { cause: error });
}
