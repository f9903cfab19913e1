/** One cluster, shared by every resource with the same provider configuration. */
import type { PropertyMap, ProviderContext } from "../../provider";
import { Listings } from "./await/listings";
import { Discovery, type Resource } from "./discovery";
import { isNotFound } from "./errors";
import { Http, type Request } from "./http";
import type { KubeObject } from "./object";
import type { Settling } from "./settle";
import { settingsOf } from "./settings";
import type { Kind } from "./type";

export class Connection {
    readonly http: Http;
    readonly discovery: Discovery;
    readonly listings: Listings;
    /** What others may build on already and is yet to be looked at. */
    settling: Settling[] = [];
    /** Resources being waited for, which sets how often each is looked at. */
    waiting = 0;

    constructor(http: Http) {
        this.http = http;
        this.discovery = new Discovery(http);
        this.listings = new Listings(http, this.discovery);
    }

    /** Undefined: there is none. */
    async get(resource: Resource, id: Named, signal: AbortSignal): Promise<KubeObject | undefined> {
        try {
            return await this.http.send<KubeObject>({ method: "GET", path: resource.path(id), signal });
        } catch (error) {
            if (isNotFound(error)) return undefined;
            throw error;
        }
    }

    send<T>(request: Request): Promise<T> {
        return this.http.send<T>(request);
    }

    /** @throws NoSuchKindError */
    resource(kind: Kind, signal: AbortSignal): Promise<Resource> {
        return this.discovery.resource(kind, signal);
    }
}

export interface Named {
    name: string;
    namespace?: string;
}

const connections = new Map<string, Connection>();

/** The connection for a resource's provider configuration. @throws Error naming the setting that is wrong */
export function connect({ config }: Pick<ProviderContext, "config">): Connection {
    return connectionOf(config);
}

function connectionOf(config: PropertyMap): Connection {
    const settings = settingsOf(config);
    if (!settings.kubeconfig) throw new Error("The provider's configuration is not known before the run.");
    let connection = connections.get(settings.key);
    if (!connection) {
        connection = new Connection(new Http(settings));
        connections.set(settings.key, connection);
    }
    return connection;
}

/** All connections there are. */
export function openConnections(): Connection[] {
    return [...connections.values()];
}
