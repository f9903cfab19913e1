/** What is in a namespace, asked for once for all who wait there. */
import type { KubeObject } from "../object";
import { type Discovery, resourceAt } from "../discovery";
import type { Http } from "../http";
import type { Kind } from "../type";

/** How old a list may be that another one waiting has asked for, in milliseconds. */
const FRESH = 400;

/** Objects in one answer; a longer list comes in parts. */
const PAGE = 500;

interface Listing {
    started: number;
    items: Promise<KubeObject[]>;
}

interface Page {
    items?: KubeObject[];
    metadata?: { continue?: string };
}

export class Listings {
    private readonly lists = new Map<string, Listing>();

    constructor(
        private readonly http: Http,
        private readonly discovery: Discovery,
    ) {}

    /**
     * Objects of a kind.
     * @param since the list must not be older, in milliseconds since the epoch
     * @param namespace undefined: all, or the cluster's
     */
    async of<T = KubeObject>(
        kind: Kind,
        namespace: string | undefined,
        signal: AbortSignal,
        { since = 0, age = FRESH }: { since?: number; age?: number } = {},
    ): Promise<T[]> {
        const known = KNOWN[kind.kind];
        const resource =
            known && known.group === kind.group && known.version === kind.version
                ? resourceAt(kind, known.plural, known.namespaced)
                : await this.discovery.resource(kind, signal);
        return this.at(resource.path({ namespace }), signal, since, age) as Promise<T[]>;
    }

    private at(path: string, signal: AbortSignal, since: number, age: number): Promise<KubeObject[]> {
        const known = this.lists.get(path);
        if (known && known.started >= since && Date.now() - known.started < age) return known.items;
        const items = this.list(path, signal);
        const listing = { started: Date.now(), items };
        this.lists.set(path, listing);
        // Those who wait are told by their own promise; nobody is to be given a failure that is over.
        items.catch(() => {
            if (this.lists.get(path) === listing) this.lists.delete(path);
        });
        return items;
    }

    private async list(path: string, signal: AbortSignal): Promise<KubeObject[]> {
        const all: KubeObject[] = [];
        let next: string | undefined;
        do {
            const page: Page = await this.http.send({
                method: "GET",
                path,
                query: { limit: String(PAGE), continue: next },
                signal,
            });
            all.push(...(page.items ?? []));
            next = page.metadata?.continue || undefined;
        } while (next !== undefined);
        return all;
    }
}

/** Kinds that are looked at to tell why others are not ready, with what discovery would say of them. */
const KNOWN: Record<string, (Kind & { plural: string; namespaced: boolean }) | undefined> = {
    Pod: { group: "", version: "v1", kind: "Pod", plural: "pods", namespaced: true },
    Event: { group: "", version: "v1", kind: "Event", plural: "events", namespaced: true },
    EndpointSlice: {
        group: "discovery.k8s.io",
        version: "v1",
        kind: "EndpointSlice",
        plural: "endpointslices",
        namespaced: true,
    },
    ReplicaSet: { group: "apps", version: "v1", kind: "ReplicaSet", plural: "replicasets", namespaced: true },
    StorageClass: {
        group: "storage.k8s.io",
        version: "v1",
        kind: "StorageClass",
        plural: "storageclasses",
        namespaced: false,
    },
    IngressClass: {
        group: "networking.k8s.io",
        version: "v1",
        kind: "IngressClass",
        plural: "ingressclasses",
        namespaced: false,
    },
};
