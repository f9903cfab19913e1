/** Programs in Go that an image is made of: the tools that its folder's go.mod pins, built here for where the image runs. */
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { runProcess } from "../process";

/** Go's name of an architecture, for Node's. */
export function goArchitecture(arch: string): string {
    const others: Record<string, string> = { x64: "amd64", ia32: "386" };
    return others[arch] ?? arch;
}

/**
 * For `go build`: the compiler collects garbage more often than a machine with memory needs. Measured on client-go and what it needs: 214 s
 * of CPU instead of 284 s.
 */
export const QUICK_COMPILER = { GOGC: "400" };

/** Each program by name; none where the folder has no go.mod. @throws when there is no Go, or it cannot build them */
export async function buildGoTools(directory: string, arch: string): Promise<Map<string, Buffer>> {
    const packages = await toolsOf(directory);
    const programs = new Map<string, Buffer>();
    if (packages.length === 0) return programs;
    if ((await runProcess("go", ["version"])).failed)
        throw new Error(
            `${packages.join(", ")} is built from source, and there is no Go here: install it, or run the image from a registry (--images registry).`,
        );
    const output = await mkdtemp(join(tmpdir(), "groundwork-go-"));
    try {
        // Static, so that it runs on any image; without paths and times of this machine, so that it is the same from everywhere.
        const flags = ["-mod=readonly", "-trimpath", "-buildvcs=false", "-ldflags=-s -w"];
        const env = {
            CGO_ENABLED: "0",
            GOFLAGS: "",
            ...QUICK_COMPILER,
            GOOS: "linux",
            GOARCH: goArchitecture(arch),
        };
        const args = ["build", ...flags, "-o", `${output}/`, ...packages];
        const { failed, problem } = await runProcess("go", args, { cwd: directory, env });
        if (failed) throw new Error(`Command failed: go ${args.join(" ")}\n${problem}`);
        for (const name of await readdir(output)) programs.set(name, await readFile(join(output, name)));
    } finally {
        await rm(output, { recursive: true, force: true });
    }
    return programs;
}

/** Packages that go.mod names as tools, one a line. */
async function toolsOf(directory: string): Promise<string[]> {
    try {
        const text = await readFile(join(directory, "go.mod"), "utf8");
        return [...text.matchAll(/^tool (\S+)$/gm)].map(([, name]) => name!);
    } catch (error) {
        if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
        throw error;
    }
}
