/** Kubeconfig files: found, read and merged as kubectl does. */
import { readFileSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, dirname, isAbsolute, join, resolve } from "node:path";

import { parse } from "yaml";

interface Named {
    name: string;
}

interface ContextEntry extends Named {
    context?: { cluster?: string; user?: string; namespace?: string };
}

interface Cluster {
    server?: string;
    "certificate-authority"?: string;
}

interface User {
    "client-certificate"?: string;
    "client-key"?: string;
    tokenFile?: string;
}

export interface Kubeconfig {
    clusters: (Named & { cluster?: Cluster })[];
    users: (Named & { user?: User })[];
    contexts: ContextEntry[];
    "current-context"?: string;
}

/** Where a kubeconfig comes from, for errors. */
export interface Source {
    config: Kubeconfig;
    from: string;
}

/**
 * @param given a path or a kubeconfig's content; undefined: `KUBECONFIG`, else `~/.kube/config`
 * @throws Error saying where none was found
 */
export function loadKubeconfig(given: string | undefined): Source {
    // The SDK gives an explicit provider the environment's own, which may be a list of files.
    if (given !== undefined && given !== process.env.KUBECONFIG) return loadGiven(given);
    const listed = process.env.KUBECONFIG?.split(delimiter).filter((path) => path !== "") ?? [];
    const paths = listed.length > 0 ? listed : [join(homedir(), ".kube", "config")];
    const there = paths.filter(isFile);
    if (there.length === 0)
        throw new Error(
            `There is no kubeconfig: ${paths.join(", ")} ${paths.length > 1 ? "are" : "is"} not there. Set KUBECONFIG to a kubeconfig file, ` +
                `or "kubernetes:kubeconfig" to its path or content.`,
        );
    const configs = there.map((path) => parseKubeconfig(readText(path), path, dirname(resolve(path))));
    return { config: merge(configs), from: there.join(", ") };
}

function loadGiven(given: string): Source {
    const path = given === "~" || given.startsWith("~/") ? join(homedir(), given.slice(1)) : given;
    if (isFile(path)) return { config: parseKubeconfig(readText(path), path, dirname(resolve(path))), from: path };
    // What looks like a path is meant as one; its text must not end up in an error as if it were content.
    if (!given.includes("\n") && !given.trimStart().startsWith("{"))
        throw new Error(`"kubernetes:kubeconfig" is the path ${given}, which is not there.`);
    return {
        config: parseKubeconfig(given, `"kubernetes:kubeconfig"`, process.cwd()),
        from: `"kubernetes:kubeconfig"`,
    };
}

function parseKubeconfig(text: string, from: string, directory: string): Kubeconfig {
    let content: unknown;
    try {
        content = parse(text);
    } catch {
        // The parser quotes the text, and a kubeconfig holds credentials.
        throw new Error(`The kubeconfig ${from} is neither YAML nor JSON.`);
    }
    if (typeof content !== "object" || content === null || Array.isArray(content))
        throw new Error(`The kubeconfig ${from} is no kubeconfig: it has no clusters, users and contexts.`);
    const { clusters, users, contexts, ...rest } = content as Partial<Kubeconfig>;
    const config: Kubeconfig = {
        clusters: list(clusters),
        users: list(users),
        contexts: list(contexts),
        "current-context": rest["current-context"],
    };
    const absolute = <T extends object>(holder: T | undefined, ...keys: (keyof T)[]): void => {
        for (const key of holder ? keys : []) {
            const path = holder![key];
            if (typeof path === "string" && path !== "" && !isAbsolute(path))
                holder![key] = join(directory, path) as T[keyof T];
        }
    };
    for (const { cluster } of config.clusters) absolute(cluster, "certificate-authority");
    for (const { user } of config.users) absolute(user, "client-certificate", "client-key", "tokenFile");
    return config;
}

/** The first file to name something says what it is. */
function merge(configs: Kubeconfig[]): Kubeconfig {
    const first = <T extends Named>(entries: T[]): T[] => [
        ...new Map(entries.toReversed().map((entry) => [entry.name, entry])).values(),
    ];
    return {
        clusters: first(configs.flatMap(({ clusters }) => clusters)),
        users: first(configs.flatMap(({ users }) => users)),
        contexts: first(configs.flatMap(({ contexts }) => contexts)),
        "current-context": configs.map((config) => config["current-context"]).find((name) => name),
    };
}

function list<T>(value: T[] | undefined): T[] {
    return Array.isArray(value) ? value : [];
}

function isFile(path: string): boolean {
    try {
        return !statSync(path).isDirectory();
    } catch {
        return false;
    }
}

function readText(path: string): string {
    try {
        return readFileSync(path, "utf8");
    } catch (error) {
        throw new Error(`The kubeconfig ${path} cannot be read: ${(error as Error).message}`, { cause: error });
    }
}
