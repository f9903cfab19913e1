/** An image whose process says something and dies, made from a local one without any registry. */
import { derivedImage } from "../../support/images";
import { docker } from "./docker";

/** @param words What its process writes before it exits with code 3. Returns the reference. */
export async function brokenImage(words: string): Promise<string> {
    const images = await docker.listImages();
    const base = images.flatMap((image) => image.RepoTags ?? []).find((tag) => tag.startsWith("groundwork.local/"));
    if (!base) throw new Error("no local image to build on: run `./gw images build` first");
    const entrypoint = `ENTRYPOINT ["/bin/sh","-c","echo ${words} >&2; exit 3"]`;
    return derivedImage(base, "groundwork.test/broken:1", [entrypoint]);
}
