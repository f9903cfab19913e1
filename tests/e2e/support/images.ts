/** Images that tests make of local ones, without any registry. */
import { execFileSync } from "node:child_process";

import Docker from "dockerode";

import { ROOT } from "./sandbox";

/**
 * Another image: the first with one layer more.
 * @param changes Instructions of a Dockerfile, for what is to be different.
 * @returns `reference`
 */
export async function derivedImage(base: string, reference: string, changes: string[] = []): Promise<string> {
    const docker = new Docker();
    const [repo, tag] = reference.split(":");
    const container = await docker.createContainer({ Image: base });
    try {
        // Any file that is there.
        await container.putArchive(execFileSync("tar", ["-C", ROOT, "-c", "LICENSE"]), { path: "/" });
        await container.commit({ repo, tag, ...(changes.length > 0 && { changes: changes.join("\n") }) });
    } finally {
        await container.remove({ force: true });
    }
    return reference;
}
