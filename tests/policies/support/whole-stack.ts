/** Resources of a stack of Pulumi's, which have a URN, for specifications of rules on stacks. */
import type { Raw } from "../../../policies/core/raw";
import { resource, type Resource } from "../../../policies/core/resource";
import { CONTAINER } from "../../../policies/docker/containers";

/** What runs on Docker. */
export function running(props: Raw, name = "api"): Resource {
    return resource({ type: CONTAINER, name: `Container/${name}`, urn: `urn:${name}`, props });
}

/** An object of Kubernetes', named after its kind unless it says otherwise. */
export function object(type: string, spec: Raw, metadata: Raw = {}): Resource {
    const kind = type.split(":").at(-1)!;
    const props = { kind, metadata: { name: kind.toLowerCase(), namespace: "shop", ...metadata }, spec };
    return resource({ type: `kubernetes:${type}`, name: `${kind}/shop/it`, urn: `urn:${type}`, props });
}

/** A Deployment of one container with these limits. */
export function deployment(replicas: unknown, limits: Raw): Resource {
    const spec = { containers: [{ name: "app", resources: { limits } }] };
    return object("apps/v1:Deployment", { replicas, template: { spec } });
}

/** The same resource, of which no stack is known: it is from a file. */
export function inFile(judged: Resource): Resource {
    return { ...judged, urn: undefined };
}

/** The platform of a stack, as its outputs say. */
export function platform(data: unknown, more: Raw = {}): Resource {
    const type = "groundwork:platform:Platform";
    const props = { data, tls: { edge: "acme", stores: {} }, ...more };
    return resource({ type, name: "Platform/shop", urn: "urn:pulumi:prod::shop::it::shop", props });
}

/** The platform of a stack with one service, `api`, that is as it has to be, but for what is given. */
export function serving(changes: Raw = {}, more: Raw = {}): Resource {
    const api = { component: "backend", replicas: 2, url: "https://shop.example.com/", ...changes };
    return platform([], { services: { api, postgres: { component: "postgres", replicas: 1 } }, ...more });
}

/** What backs it up, as its outputs say: the store `db`, of the volume `db-data`, every hour. */
export function backupSchedule(saved: Raw = {}, more: Raw = {}): Resource {
    const store = {
        ...{ store: "db", volumes: ["db-data"], crons: ["30 * * * *"] },
        ...{ retention: { days: 30 }, pointSeconds: 3600 },
        ...{ alert: { name: "BackupLate", expr: "absent(a)", afterSeconds: 5400 }, ...saved },
    };
    return resource({
        ...{ type: "groundwork:backup:BackupSchedule", name: "BackupSchedule/shop-backup", urn: "urn:backup" },
        props: { saved: [store], bucket: "backups", ...more },
    });
}
