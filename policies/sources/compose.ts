/** The services of Compose files, as the containers that Compose would make of them. */
import { isMap, LineCounter, parseDocument } from "yaml";

import { isRaw } from "../core/raw";
import type { Raw } from "../core/raw";
import { resource } from "../core/resource";
import type { Resource } from "../core/resource";
import { CONTAINER } from "../docker/containers";
import { containerOf } from "./compose-service";
import type { Layer } from "./compose-service";
import { interpolated } from "./variables";
import type { Found } from "./yaml";
import { Place } from "./place";

interface ComposeFile {
    readonly content: Raw;
    readonly place: Place;
}

/** Which services wait for others to have ended, so that those are no services that run. */
const ENDED = "service_completed_successfully";

/** Of `.env` and the environment nothing is known. */
const NOTHING = new Map<string, string>();

/**
 * @param file to name it, and what `extends` starts from
 * @param read the file of that path that `extends` names; undefined: there is none
 */
export function fromCompose(text: string, file: string, read: (path: string) => string | undefined): Found {
    const found: Found = { resources: [], unreadable: [] };
    const files = new Map<string, ComposeFile | undefined>();
    const open = (path: string, content: string | undefined): ComposeFile | undefined => {
        if (files.has(path)) return files.get(path);
        const opened = content === undefined ? undefined : parse(content, path, found);
        files.set(path, opened);
        return opened;
    };
    const main = open(file, text);
    if (!main) return found;
    const services = servicesOf(main);
    const jobs = endingServices(services);
    for (const name of Object.keys(services)) {
        const layers = layersOf(name, main, file, new Set(), (path) => open(path, read(path)));
        if (typeof layers === "string")
            found.unreadable.push({ ...main.place.of(`services.${name}`), message: layers });
        else found.resources.push(serviceOf(name, layers, main, jobs.has(name)));
    }
    return found;
}

function parse(text: string, file: string, found: Found): ComposeFile | undefined {
    const lines = new LineCounter();
    const document = parseDocument(text, { lineCounter: lines, merge: true, uniqueKeys: false, logLevel: "silent" });
    const [error] = document.errors;
    try {
        if (error) throw error;
        const content: unknown = isMap(document.contents) ? document.toJS() : undefined;
        if (!isRaw(content) || !isRaw(content["services"])) return undefined;
        return { content: replaced(content) as Raw, place: new Place(document, lines, file) };
    } catch (problem) {
        const [message = ""] = (problem as Error).message.split("\n");
        found.unreadable.push({ file, line: lines.linePos(error?.pos[0] ?? 0).line, message });
        return undefined;
    }
}

/** Compose replaces variables in values, not in keys. */
function replaced(value: unknown): unknown {
    if (typeof value === "string") return interpolated(value, NOTHING, true);
    if (Array.isArray(value)) return value.map(replaced);
    if (!isRaw(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, replaced(item)]));
}

function servicesOf({ content }: ComposeFile): Raw {
    const services = content["services"];
    // Extension fields are for those who wrote them.
    return isRaw(services)
        ? Object.fromEntries(Object.entries(services).filter(([name]) => !name.startsWith("x-")))
        : {};
}

function endingServices(services: Raw): Set<string> {
    const ended = Object.values(services).flatMap((service) => {
        const waits = isRaw(service) ? service["depends_on"] : undefined;
        return isRaw(waits) ? Object.entries(waits) : [];
    });
    return new Set(ended.flatMap(([name, wait]) => (isRaw(wait) && wait["condition"] === ENDED ? [name] : [])));
}

/** What a service is made of: what it extends comes before what it says itself. A text: why it cannot be known. */
function layersOf(
    name: string,
    from: ComposeFile,
    file: string,
    seen: Set<string>,
    open: (path: string) => ComposeFile | undefined,
): Layer[] | string {
    const service = servicesOf(from)[name];
    if (!isRaw(service)) return `${name}: it is no service`;
    const own: Layer = { service, place: from.place, path: `services.${name}` };
    const base = service["extends"];
    if (base === undefined || base === null) return [own];
    const [baseName, basePath] = isRaw(base) ? [base["service"], base["file"]] : [base, undefined];
    if (typeof baseName !== "string") return `${name}: what it extends is no name`;
    const path = typeof basePath === "string" ? beside(file, basePath) : file;
    const key = `${path} ${baseName}`;
    if (seen.has(key)) return `${name}: it extends itself`;
    const other = path === file ? from : open(path);
    if (!other) return `${name}: it extends ${baseName} of ${path}, which cannot be read`;
    const layers = layersOf(baseName, other, path, new Set([...seen, key]), open);
    return typeof layers === "string" ? layers : [...layers, own];
}

function beside(file: string, path: string): string {
    return path.startsWith("/")
        ? path
        : [...file.split("/").slice(0, -1), ...path.replace(/^\.\//, "").split("/")].join("/");
}

function serviceOf(name: string, layers: readonly Layer[], main: ComposeFile, ends: boolean): Resource {
    const volumes = main.content["volumes"];
    const { props, origins } = containerOf(layers, isRaw(volumes) ? volumes : {}, ends);
    return resource({
        type: CONTAINER,
        name: `Container/${name}`,
        props,
        written: (path) => origins.of(path).path,
        locate: (path) => {
            const { place, path: written } = origins.of(path);
            return place.of(written);
        },
    });
}
