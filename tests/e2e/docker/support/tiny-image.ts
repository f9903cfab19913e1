import { execFileSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

import type Docker from "dockerode";

/** What the tests run inside of containers. */
const PROGRAMS = ["sh", "sleep", "cat", "ls", "stat", "true", "false", "touch"];

/**
 * An image of a few of this machine's own programs with their libraries: nothing is downloaded, and it takes a second.
 *
 * @returns its reference
 */
export async function buildTinyImage(docker: Docker, reference: string): Promise<string> {
    const [repo, tag] = reference.split(":");
    const root = mkdtempSync(join(tmpdir(), "tiny-image-"));
    try {
        for (const directory of ["tmp", "data"]) mkdirSync(join(root, directory), { recursive: true });
        for (const program of PROGRAMS) {
            const source = ["/bin", "/usr/bin"].map((directory) => join(directory, program)).find(existsSync);
            if (source === undefined) throw new Error(`this machine has no ${program}`);
            for (const file of [source, ...librariesOf(source)]) copyInto(root, file);
            if (dirname(source) !== "/bin") copyInto(root, source, join("/bin", program));
        }
        const archive = execFileSync("tar", ["-C", root, "-c", "."], { maxBuffer: 1 << 28 });
        const stream = await docker.importImage(archive as unknown as string, { repo, tag });
        await new Promise((resolve, reject) =>
            docker.modem.followProgress(stream, (error, result) => (error ? reject(error) : resolve(result))),
        );
        return reference;
    } finally {
        rmSync(root, { recursive: true, force: true });
    }
}

function librariesOf(program: string): string[] {
    const output = execFileSync("sh", ["-c", `ldd "${program}" || true`], { encoding: "utf8" });
    return [...output.matchAll(/(\/\S+)\s+\(0x/g)].map((match) => match[1]!);
}

function copyInto(root: string, source: string, target = source): void {
    mkdirSync(dirname(join(root, target)), { recursive: true });
    copyFileSync(source, join(root, target));
}
