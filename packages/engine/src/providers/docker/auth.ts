import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

import type { PropertyMap, PropertyValue } from "../../provider";

/** By registry address without scheme, e.g. `ghcr.io`. */
export type Credentials = Map<string, { username: string; password: string; serveraddress: string }>;

/** Docker Hub, under the two names that it is known by. */
const HUB = ["docker.io", "index.docker.io", "registry-1.docker.io"];

/**
 * Credentials of `registryAuth`, as in the real provider: `address` with `username` and `password`, or with a Docker config file
 * (`configFile`, `configFileContent`; default `~/.docker/config.json`). Credential helpers are refused by name.
 *
 * @param value JSON text, as a provider's configuration holds nested values, or the list itself
 */
export function registryCredentials(value: PropertyValue | undefined): Credentials {
    const credentials: Credentials = new Map();
    const list: unknown = typeof value === "string" ? JSON.parse(value) : (value ?? []);
    for (const entry of (Array.isArray(list) ? list : [list]) as PropertyMap[]) {
        if (entry.authDisabled === true) continue;
        const address = String(entry.address ?? "");
        const [username, password] =
            typeof entry.username === "string" && entry.username !== ""
                ? [entry.username, String(entry.password ?? "")]
                : fromConfigFile(entry, address);
        const registry = bare(address);
        for (const name of HUB.includes(registry) ? HUB : [registry])
            credentials.set(name, { username, password, serveraddress: address });
    }
    return credentials;
}

/** The registry that a reference is pulled from. */
export function registryOf(reference: string): string {
    const first = reference.split("/", 1)[0]!;
    const named = reference.includes("/") && (/[.:]/.test(first) || first === "localhost");
    return named ? first : "docker.io";
}

function fromConfigFile(entry: PropertyMap, address: string): [string, string] {
    const path = String(
        entry.configFile ?? join(process.env.DOCKER_CONFIG ?? join(homedir(), ".docker"), "config.json"),
    );
    const content = typeof entry.configFileContent === "string" ? entry.configFileContent : readConfig(path, address);
    const config = parsed(content, address);
    const found = Object.entries(config.auths ?? {}).find(([name]) => bare(name) === bare(address));
    const [username, password] = split(Buffer.from(found?.[1].auth ?? "", "base64").toString());
    if (username !== "") return [username, password];
    const helper = config.credHelpers?.[address] ?? config.credsStore;
    throw new Error(
        `docker:registryAuth has no credentials for "${address}": set username and password` +
            (helper === undefined
                ? `, or log in with "docker login ${address}"`
                : ` (the helper "${helper}" is not run)`),
    );
}

interface DockerConfig {
    auths?: Record<string, { auth?: string }>;
    credsStore?: string;
    credHelpers?: Record<string, string>;
}

function parsed(content: string, address: string): DockerConfig {
    try {
        return JSON.parse(content) as DockerConfig;
    } catch {
        // The parser quotes the text, which holds credentials.
        throw new Error(
            `docker:registryAuth for "${address}": the Docker config file is not JSON. Mend it, or set username and password.`,
        );
    }
}

function readConfig(path: string, address: string): string {
    try {
        return readFileSync(path, "utf8");
    } catch (error) {
        throw new Error(
            `docker:registryAuth for "${address}" cannot be read: ${(error as Error).message}. Set username and password, or log in with "docker login ${address}".`,
            { cause: error },
        );
    }
}

function split(auth: string): [string, string] {
    const colon = auth.indexOf(":");
    return colon < 0 ? [auth, ""] : [auth.slice(0, colon), auth.slice(colon + 1)];
}

function bare(address: string): string {
    return address.replace(/^https?:\/\//, "").split("/", 1)[0]!;
}
