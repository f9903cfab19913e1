/** Which kinds a cluster has, and where they are. Asked once for each group and version. */
import { setTimeout as sleep } from "node:timers/promises";

import type { PropertyMap } from "../../provider";
import { isMap } from "../schema/types";
import { isNotFound, NoSuchKindError } from "./errors";
import type { Http } from "./http";
import { at } from "./object";
import { apiVersionOf, groupKind, isNamespacedByNature, type Kind } from "./type";

/** How long a kind that the program defines itself may take to appear, in milliseconds; and any other kind. */
const YOUNG_KIND = 60_000;
const OTHER_KIND = 5_000;
const INTERVAL = 500;

interface ApiResource {
    name: string;
    kind: string;
    namespaced: boolean;
}

/** A kind of the cluster. */
export interface Resource {
    kind: Kind;
    namespaced: boolean;
    /** The path of an object; without a name that of the list, without a namespace over all of them. */
    path(id: { name?: string; namespace?: string }): string;
}

export class Discovery {
    private readonly groups = new Map<string, Promise<ApiResource[]>>();
    /** Scopes of the kinds that the program's CustomResourceDefinitions define, by group and kind. */
    private readonly defined = new Map<string, boolean>();

    constructor(private readonly http: Http) {}

    /** Remembers a kind that the program defines, before the cluster has it. @param inputs of a CustomResourceDefinition */
    define(inputs: PropertyMap): void {
        const { group, scope, names } = isMap(inputs.spec) ? inputs.spec : {};
        const kind = at(names, "kind");
        if (typeof group === "string" && typeof kind === "string")
            this.defined.set(groupKind({ group, version: "", kind }), scope !== "Cluster");
    }

    /** Forgets what the cluster said: it has new kinds, or lost some. */
    forget(group: string): void {
        for (const key of this.groups.keys()) if (key.startsWith(`${group}/`)) this.groups.delete(key);
    }

    /** Whether objects of a kind are in a namespace; those of a kind that nobody knows yet are taken to be. */
    async isNamespaced(kind: Kind, signal: AbortSignal): Promise<boolean> {
        const known = isNamespacedByNature(kind) ?? this.defined.get(groupKind(kind));
        if (known !== undefined) return known;
        return (await this.find(kind, signal))?.namespaced ?? true;
    }

    /** @throws NoSuchKindError when the cluster does not have it, not even after a while */
    async resource(kind: Kind, signal: AbortSignal): Promise<Resource> {
        const deadline = Date.now() + (this.defined.has(groupKind(kind)) ? YOUNG_KIND : OTHER_KIND);
        for (;;) {
            const found = await this.find(kind, signal);
            if (found) return found;
            if (isNamespacedByNature(kind) !== undefined || Date.now() > deadline)
                throw await this.missing(kind, signal);
            await sleep(INTERVAL, undefined, { signal });
        }
    }

    /** Undefined: the cluster does not have it now. */
    async find(kind: Kind, signal: AbortSignal): Promise<Resource | undefined> {
        const key = `${kind.group}/${kind.version}`;
        let listed = this.groups.get(key);
        if (!listed) {
            listed = this.list(kind, signal);
            this.groups.set(key, listed);
        }
        let resources: ApiResource[];
        try {
            resources = await listed;
        } catch (error) {
            this.groups.delete(key);
            throw error;
        }
        const found = resources.find(({ name, kind: its }) => its === kind.kind && !name.includes("/"));
        if (!found) {
            this.groups.delete(key);
            return undefined;
        }
        return resourceAt(kind, found.name, found.namespaced);
    }

    private async list(kind: Kind, signal: AbortSignal): Promise<ApiResource[]> {
        try {
            const path = rootOf(kind);
            return (
                (await this.http.send<{ resources?: ApiResource[] }>({ method: "GET", path, signal })).resources ?? []
            );
        } catch (error) {
            if (isNotFound(error)) return [];
            throw error;
        }
    }

    private async missing(kind: Kind, signal: AbortSignal): Promise<NoSuchKindError> {
        const what = `The cluster of ${this.http.where} has no kind ${kind.kind} in ${apiVersionOf(kind)}`;
        const versions = await this.versions(kind, signal);
        if (versions.length > 0) return new NoSuchKindError(`${what}; it has that group in ${versions.join(", ")}.`);
        return new NoSuchKindError(
            isNamespacedByNature(kind) === undefined
                ? `${what}. Install what defines it first; where that is in the program, let this resource depend on its CustomResourceDefinition (dependsOn).`
                : `${what}. Its Kubernetes is too old or too new for that.`,
        );
    }

    private async versions({ group, version }: Kind, signal: AbortSignal): Promise<string[]> {
        if (group === "") return [];
        try {
            const path = `/apis/${group}`;
            const found = await this.http.send<{ versions?: { version: string }[] }>({ method: "GET", path, signal });
            return (found.versions ?? []).map((each) => each.version).filter((each) => each !== version);
        } catch (error) {
            if (isNotFound(error)) return [];
            throw error;
        }
    }
}

function rootOf({ group, version }: Kind): string {
    return group === "" ? `/api/${version}` : `/apis/${group}/${version}`;
}

/** @param plural the name in paths, e.g. `deployments` */
export function resourceAt(kind: Kind, plural: string, namespaced: boolean): Resource {
    const root = rootOf(kind);
    return {
        kind,
        namespaced,
        path: ({ name, namespace }) =>
            root +
            (namespaced && namespace !== undefined ? `/namespaces/${encodeURIComponent(namespace)}` : "") +
            `/${plural}` +
            (name === undefined ? "" : `/${encodeURIComponent(name)}`),
    };
}
