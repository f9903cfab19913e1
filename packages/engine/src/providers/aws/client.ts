import { IAM } from "@aws-sdk/client-iam";
import { KMS } from "@aws-sdk/client-kms";
import { S3 } from "@aws-sdk/client-s3";

import type { PropertyMap, PropertyValue } from "../../provider";
import { isMap } from "../schema/types";

/** Services that the types of this provider speak to. */
const SERVICES = ["s3", "kms", "iam"] as const;
type Service = (typeof SERVICES)[number];

/** Tries of one request, where a server is busy or just starting. */
const ATTEMPTS = 3;

/** Clients of one provider configuration; each region has its own. */
export interface Clients {
    /** The provider's region, where a resource names none. */
    region: string;
    s3(region?: string): S3;
    kms(region?: string): KMS;
    iam(): IAM;
    /** For messages. */
    endpoint(service: Service): string;
}

const known = new Map<string, Clients>();

/**
 * Clients for a provider configuration, which must name its endpoints and its credentials: nothing is taken from the environment, so that
 * no run ever reaches an account of AWS by accident.
 * @throws Error when it does not, or when an endpoint is AWS's own
 */
export function connect(config: PropertyMap): Clients {
    const key = JSON.stringify(config);
    let clients = known.get(key);
    if (!clients) {
        clients = make(config);
        known.set(key, clients);
    }
    return clients;
}

function make(config: PropertyMap): Clients {
    const endpoints = endpointsOf(config);
    const region = required(config, "region");
    const credentials = {
        accessKeyId: required(config, "accessKey"),
        secretAccessKey: required(config, "secretKey"),
        ...(typeof config.token === "string" && { sessionToken: config.token }),
    };
    const common = { credentials, maxAttempts: ATTEMPTS };
    const s3 = cached(
        (at) =>
            new S3({ ...common, region: at, endpoint: endpoints.s3, forcePathStyle: config.s3UsePathStyle !== false }),
    );
    const kms = cached((at) => new KMS({ ...common, region: at, endpoint: endpoints.kms }));
    const iam = cached((at) => new IAM({ ...common, region: at, endpoint: endpoints.iam }));
    return {
        region,
        s3: (at = region) => s3(at),
        kms: (at = region) => kms(at),
        iam: () => iam(region),
        endpoint: (service) => endpoints[service],
    };
}

function cached<T>(make: (region: string) => T): (region: string) => T {
    const clients = new Map<string, T>();
    return (region) => {
        const client = clients.get(region) ?? make(region);
        clients.set(region, client);
        return client;
    };
}

/** `endpoints` is a list of maps, as the real provider takes it. */
function endpointsOf(config: PropertyMap): Record<Service, string> {
    const maps = Array.isArray(config.endpoints) ? config.endpoints.filter(isMap) : [];
    const given = Object.assign({}, ...maps) as Record<string, PropertyValue>;
    const entries = SERVICES.map((service) => {
        const endpoint = given[service];
        if (typeof endpoint !== "string")
            throw new Error(
                `The embedded engine speaks AWS's API to a server of your own only, and the provider names no endpoint for ${service}. ` +
                    `Name one (endpoints), or run with the Pulumi CLI (--engine pulumi), which speaks to AWS itself.`,
            );
        if (isAmazons(endpoint))
            throw new Error(
                `The embedded engine does not speak to AWS itself, and ${endpoint} is AWS's own. Run with the Pulumi CLI (--engine pulumi).`,
            );
        return [service, endpoint] as const;
    });
    return Object.fromEntries(entries) as Record<Service, string>;
}

function isAmazons(endpoint: string): boolean {
    const { hostname } = new URL(endpoint);
    return /(^|\.)(amazonaws\.com(\.cn)?|api\.aws)$/.test(hostname);
}

function required(config: PropertyMap, name: string): string {
    const value = config[name];
    if (typeof value === "string" && value !== "") return value;
    throw new Error(
        `The aws provider names no ${name}. The embedded engine takes nothing from the environment or from AWS's own files: give it to the provider.`,
    );
}
