/** What a service is made of: what it extends, what its own file says, and what a file that is laid over that says. */
import { isRaw, join, keyIn } from "../core/raw";
import { type ComposeFile, servicesOf } from "./compose-file";
import type { Layer } from "./compose-definitions";

/** Why a service cannot be known. */
export class UnknownServiceError extends Error {
    constructor(
        message: string,
        readonly file: ComposeFile,
    ) {
        super(message);
        this.name = "UnknownServiceError";
    }
}

/**
 * What comes later counts before what came earlier; nothing where the service was taken out.
 *
 * @param files that are laid over each other, in this order
 * @param open the file of a path that `extends` names
 * @throws UnknownServiceError
 */
export function layersOf(
    name: string,
    files: readonly ComposeFile[],
    open: (path: string) => ComposeFile | undefined,
): Layer[] {
    let layers: Layer[] = [];
    for (const from of files) {
        if (!Object.hasOwn(servicesOf(from), name)) continue;
        const tag = from.tags.get(join("services", keyIn(name)));
        if (tag !== undefined) layers = [];
        if (tag !== "!reset") layers.push(...extended(name, from, { seen: new Set(), open }));
    }
    return layers;
}

interface Search {
    /** What leads here, so that nothing extends itself. */
    seen: ReadonlySet<string>;
    open: (path: string) => ComposeFile | undefined;
}

function extended(name: string, from: ComposeFile, search: Search): Layer[] {
    const service = servicesOf(from)[name];
    if (!isRaw(service)) throw new UnknownServiceError(`${name}: a service must be a map`, from);
    const own: Layer = { service, from, path: join("services", keyIn(name)) };
    const base = service["extends"];
    if (base === undefined || base === null) return [own];
    const [baseName, basePath] = isRaw(base) ? [base["service"], base["file"]] : [base, undefined];
    if (typeof baseName !== "string") throw new UnknownServiceError(`${name}: what it extends is no name`, from);
    const other = typeof basePath === "string" ? search.open(beside(from.file, basePath)) : from;
    if (!other) {
        const where = String(basePath);
        throw new UnknownServiceError(`${name}: it extends ${baseName} of ${where}, which cannot be read`, from);
    }
    if (!Object.hasOwn(servicesOf(other), baseName))
        throw new UnknownServiceError(`${name}: it extends ${baseName}, which ${other.file} has not`, from);
    const key = `${other.file} ${baseName}`;
    if (search.seen.has(key)) throw new UnknownServiceError(`${name}: it extends itself`, from);
    return [...extended(baseName, other, { ...search, seen: new Set([...search.seen, key]) }), own];
}

/** A path as it is from the working directory on. */
export function beside(file: string, path: string): string {
    return path.startsWith("/")
        ? path
        : [...file.split("/").slice(0, -1), ...path.replace(/^\.\//, "").split("/")].join("/");
}
