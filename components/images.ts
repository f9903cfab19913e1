import { CATALOG, type CatalogImage } from "../images/catalog";
import type { StackConfig } from "../config/types";

/** Docker Hub's own name, which a reference leaves out. */
const DOCKER_HUB = /^(docker\.io|index\.docker\.io)\//;

/**
 * The reference of a catalog image in a stack: what the stack overrides it with, else the stand-in built on this machine, else the
 * document's image, from the mirror where there is one.
 * @param localRef `localImageRef` of `images/local.ts`
 * @throws when the catalog has no such key
 */
export function imageReference(key: string, images: StackConfig["images"], localRef: (key: string) => string): string {
    const entry: CatalogImage | undefined = CATALOG[key];
    if (!entry) {
        throw new Error(`There is no image "${key}" in images/catalog.ts; it has ${Object.keys(CATALOG).join(", ")}.`);
    }
    const override = images.overrides[key];
    if (override) {
        return override;
    }
    if (images.source === "local") {
        return localRef(key);
    }
    return images.mirror ? `${images.mirror}/${mirrored(entry.registry)}` : entry.registry;
}

/** A reference's path on a mirror. Docker Hub's official images are in `library/`, which only a client of Docker Hub fills in. */
function mirrored(reference: string): string {
    const path = reference.replace(DOCKER_HUB, "");
    return path.includes("/") ? path : `library/${path}`;
}
