/** Variables that a Compose service takes from files: `env_file`. */
import { parseEnv } from "node:util";

import { isRaw, join } from "../core/raw";
import type { Location } from "../core/resource";
import { isUnknown, UNKNOWN_TEXT } from "../core/unknown";
import { beside } from "./compose-layers";
import type { Item, Layer } from "./compose-definitions";
import type { Lines } from "./place";

/**
 * `NAME=value` of each, the last of one name last. Of a file that must be there and is not, as where nobody checked it in, nothing is
 * known.
 *
 * @param read the file of a path; undefined: there is none
 */
export function variablesOf(layers: readonly Layer[], read: (path: string) => string | undefined): Item[] {
    return layers.flatMap((layer) => {
        const said = layer.service["env_file"];
        const at = join(layer.path, "env_file");
        if (Array.isArray(said)) return said.flatMap((one, n) => ofFile(one, layer, `${at}[${n}]`, read));
        return said === undefined || said === null ? [] : ofFile(said, layer, at, read);
    });
}

function ofFile(said: unknown, { from }: Layer, at: string, read: (path: string) => string | undefined): Item[] {
    const { path, required = true } = isRaw(said) ? said : { path: said };
    const origin = { place: from.place, path: at };
    if (typeof path !== "string") return [{ value: said, origin }];
    const file = beside(from.file, path);
    const text = isUnknown(path) ? undefined : read(file);
    if (text === undefined) return required === false ? [] : [{ value: UNKNOWN_TEXT, origin }];
    const place = new EnvFile(file, text);
    return Object.entries(parseEnv(text)).map(([name, value]) => ({
        value: `${name}=${value}`,
        origin: { place, path: name },
    }));
}

/** Lines of variables. */
class EnvFile implements Lines {
    constructor(
        private readonly file: string,
        private readonly text: string,
    ) {}

    of(name: string): Location {
        const line = this.text.split("\n").findLastIndex((each) => {
            const [, own] = /^\s*(?:export\s+)?([^=\s]+)\s*=/.exec(each) ?? [];
            return own === name;
        });
        return { file: this.file, line: Math.max(line, 0) + 1 };
    }
}
