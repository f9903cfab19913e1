/** Images that tests make of local ones, without any registry. */
import Docker from "dockerode";

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
        await container.commit({ repo, tag, changes: ["LABEL dev.groundwork.test=derived", ...changes].join("\n") });
    } finally {
        await container.remove({ force: true });
    }
    return reference;
}
