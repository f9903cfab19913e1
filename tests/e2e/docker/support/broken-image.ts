/** An image whose process says something and dies, made from a local one without any registry. */
import { localImageRef } from "../../../../images/local";
import { derivedImage } from "../../support/images";

/**
 * @param words What its process writes before it exits with code 3
 * @param key of the image that it is made from, which is there and has a shell
 * @returns the reference
 */
export async function brokenImage(words: string, key: string): Promise<string> {
    const entrypoint = `ENTRYPOINT ["/bin/sh","-c","echo ${words} >&2; exit 3"]`;
    return derivedImage(localImageRef(key), "groundwork.test/broken:1", [entrypoint]);
}
