/**
 * Names of the images that this repository builds for machines without a registry.
 *
 * A name holds a hash of everything that goes into the image, so that equal sources mean an equal name: an image that exists needs no
 * build, and the program can name it before it is built. Only node:fs and node:crypto, because the Pulumi program uses it.
 */
import { createHash } from "node:crypto";
import { existsSync, lstatSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { CATALOG, type CatalogImage } from "./catalog";

/** Repository prefix of every local image. It names no registry that exists, so a pull of one fails rather than finds something else. */
export const LOCAL_PREFIX = "groundwork.local/";

/** Keys of the catalog that can be built here. */
export const STAND_INS = Object.keys(CATALOG).filter((key) => CATALOG[key]!.folder !== undefined);

/** Changes when the builder makes something else of the same sources. */
const RECIPE_VERSION = "1";

/** Not part of an image: what npm installs, what bundling leaves and what people read. */
const IGNORED = new Set(["node_modules", "dist", "README.md", ".DS_Store"]);

const FROM_LOCAL = /^ARG PARENT=groundwork\.local\/([a-z0-9-]+)$/m;

export interface LocalImage {
    /** Key in the catalog, or the folder's name for an image that only others build on (`base`, `node`). */
    key: string;
    folder: string;
    buildArgs: Record<string, string>;
    /** `groundwork.local/<key>:<12 hex digits>`. */
    ref: string;
    /** Key of the local image in its `FROM`. */
    parent?: string;
}

/** Names local images by what is in `root` (the `images/` folder). Reads each file once. */
export class LocalImages {
    private readonly folders = new Map<string, { hash: string; parent?: string }>();
    private readonly images = new Map<string, LocalImage>();

    constructor(private readonly root: string) {}

    /**
     * The local image of a catalog key or of a folder.
     * @throws when there is neither, naming those that there are.
     */
    get(key: string): LocalImage {
        const known = this.images.get(key);
        if (known) return known;
        const entry: Pick<CatalogImage, "folder" | "buildArgs"> | undefined =
            CATALOG[key] ?? (/^[a-z0-9-]+$/.test(key) && this.hasDockerfile(key) ? { folder: key } : undefined);
        if (entry?.folder === undefined) {
            throw new Error(`no local image "${key}": images/catalog.ts has ${STAND_INS.join(", ")}`);
        }
        const buildArgs = entry.buildArgs ?? {};
        const { hash, parent } = this.folder(entry.folder);
        const args = Object.entries(buildArgs).sort(([a], [b]) => (a < b ? -1 : 1));
        const digest = createHash("sha256")
            .update(JSON.stringify([RECIPE_VERSION, hash, args]))
            .digest("hex");
        const image = {
            key,
            folder: entry.folder,
            buildArgs,
            ref: `${LOCAL_PREFIX}${key}:${digest.slice(0, 12)}`,
            parent,
        };
        this.images.set(key, image);
        return image;
    }

    private hasDockerfile(folder: string): boolean {
        return existsSync(join(this.root, folder, "Dockerfile"));
    }

    /** Hash of a folder's files and of the image that it builds on. */
    private folder(name: string): { hash: string; parent?: string } {
        const known = this.folders.get(name);
        if (known) return known;
        if (!this.hasDockerfile(name)) throw new Error(`images/${name} has no Dockerfile`);
        const parent = FROM_LOCAL.exec(readFileSync(join(this.root, name, "Dockerfile"), "utf8"))?.[1];
        const hash = createHash("sha256").update(parent === undefined ? "" : this.get(parent).ref);
        for (const path of listFiles(join(this.root, name))) {
            const full = join(this.root, name, path);
            const executable = lstatSync(full).mode & 0o100 ? "x" : "-";
            const content = createHash("sha256").update(readFileSync(full)).digest("hex");
            hash.update(`\0${path}\0${executable}\0${content}`);
        }
        const result = { hash: hash.digest("hex"), parent };
        this.folders.set(name, result);
        return result;
    }
}

/** Paths of the files that belong to an image, relative to `directory`, sorted. */
export function listFiles(directory: string, prefix = ""): string[] {
    return readdirSync(join(directory, prefix), { withFileTypes: true })
        .filter((entry) => !IGNORED.has(entry.name))
        .flatMap((entry) => {
            const path = prefix === "" ? entry.name : `${prefix}/${entry.name}`;
            return entry.isDirectory() ? listFiles(directory, path) : [path];
        })
        .sort();
}

/** Where this repository's Dockerfiles are. */
export const IMAGES_ROOT = __dirname;

const images = new LocalImages(IMAGES_ROOT);

/**
 * Reference of the stand-in for a catalog key, e.g. `groundwork.local/debt-os-api:3f9c0a1b2d4e`.
 * @throws when the catalog has no such key.
 */
export function localImageRef(key: string): string {
    return images.get(key).ref;
}
