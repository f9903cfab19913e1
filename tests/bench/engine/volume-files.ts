import { spawn } from "node:child_process";
import { pipeline } from "node:stream/promises";

import { docker } from "../../e2e/docker/support/inventory";

/** Copies a directory out of a container, whether it runs or not, with owners and modes as they are. */
export async function copyVolume(container: string, path: string, target: string): Promise<void> {
    const archive = await docker.getContainer(container).getArchive({ path: `${path}/.` });
    const tar = spawn("tar", ["-xp", "--numeric-owner", "-C", target], { stdio: ["pipe", "inherit", "pipe"] });
    let said = "";
    tar.stderr.on("data", (chunk: Buffer) => (said += chunk.toString()));
    const ended = new Promise<number | null>((resolve, reject) => {
        tar.on("error", reject);
        tar.on("close", resolve);
    });
    await pipeline(archive, tar.stdin);
    const code = await ended;
    if (code !== 0) throw new Error(`tar ended with exit code ${code}: ${said.trim()}`);
}
