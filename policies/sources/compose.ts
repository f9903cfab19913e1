/** The services of Compose files, as the containers that Compose would make of them. */
import { isRaw, join, keyIn, type Raw } from "../core/raw";
import { resource, type Resource } from "../core/resource";
import { CONTAINER } from "../docker/containers";
import { type ComposeFile, readCompose, servicesOf } from "./compose-file";
import { includedBy } from "./compose-include";
import { layersOf, UnknownServiceError } from "./compose-layers";
import { containerOf } from "./compose-service";
import type { Found } from "./yaml";

/** Which services wait for others to have ended, so that those are no services that run. */
const ENDED = "service_completed_successfully";

/**
 * @returns with the files that it includes, which are judged as a part of it
 * @param file to name it, and what the paths in it start from
 * @param read the file of a path that `extends` or `env_file` names; undefined: there is none
 * @param over path of a file that Compose lays over this one
 */
export function fromCompose(
    text: string,
    file: string,
    read: (path: string) => string | undefined,
    over?: string,
): Found & { included: string[] } {
    const found = { resources: [], unreadable: [], included: [] } as Found & { included: string[] };
    const opened = new Map<string, ComposeFile | undefined>();
    const open = (path: string, content = read(path)): ComposeFile | undefined => {
        if (!opened.has(path)) {
            opened.set(path, content === undefined ? undefined : readCompose(content, path, found.unreadable));
        }
        return opened.get(path);
    };
    const main = open(file, text);
    if (found.unreadable.length > 0) return found;
    const laid = over === undefined ? undefined : open(over);
    const own = [main, laid].filter((one) => one !== undefined);
    const includes = own.map((one) => includedBy(one, open));
    found.unreadable.push(...includes.flatMap(({ unreadable }) => unreadable));
    // What is laid over the first may change what that includes.
    const files = [...new Set([...includes.flatMap((each) => each.files), ...own])];
    found.included = files.filter((one) => !own.includes(one)).map((one) => one.file);
    const jobs = endingServices(files);
    const volumes = Object.assign({}, ...files.map(({ content }) => content["volumes"]).filter(isRaw)) as Raw;
    for (const name of new Set(files.flatMap((one) => Object.keys(servicesOf(one))))) {
        try {
            const layers = layersOf(name, files, open);
            if (layers.length === 0) continue;
            found.resources.push(serviceOf(name, containerOf(layers, { volumes, ends: jobs.has(name), read })));
        } catch (error) {
            if (!(error instanceof UnknownServiceError)) throw error;
            found.unreadable.push({ ...error.file.place.of(join("services", keyIn(name))), message: error.message });
        }
    }
    return found;
}

function endingServices(files: readonly ComposeFile[]): Set<string> {
    const ended = files.flatMap(servicesIn).flatMap((service) => {
        const waits = isRaw(service) ? service["depends_on"] : undefined;
        return isRaw(waits) ? Object.entries(waits) : [];
    });
    return new Set(ended.flatMap(([name, wait]) => (isRaw(wait) && wait["condition"] === ENDED ? [name] : [])));
}

function servicesIn(file: ComposeFile): unknown[] {
    return Object.values(servicesOf(file));
}

function serviceOf(name: string, { props, origins }: ReturnType<typeof containerOf>): Resource {
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
