import { readFileSync } from "node:fs";
import type { Agent } from "node:http";
import { join } from "node:path";

import Docker from "dockerode";

import type { PropertyMap, PropertyValue, ProviderContext } from "../../provider";
import { registryCredentials, type Credentials } from "./auth";
import { DockerUnreachableError, isUnreachable } from "./errors";
import { sshAgent } from "./ssh";

/** Where neither a provider's configuration nor DOCKER_HOST names another. */
export const DEFAULT_HOST =
    process.platform === "win32" ? "npipe:////./pipe/docker_engine" : "unix:///var/run/docker.sock";

/** How long to wait for a TCP connection, in milliseconds. */
const CONNECT_TIMEOUT = 15_000;

/** One Docker engine, shared by every resource with the same provider configuration. */
export interface Connection {
    docker: Docker;
    host: string;
    /** The provider's configuration names it. */
    named: boolean;
    /** The engine runs on this machine, so its ports are this machine's. */
    local: boolean;
    credentials: Credentials;
    /** Images being pulled, so that ten containers pull one image once. */
    pulls: Map<string, Promise<void>>;
    /** Containers being waited for, which sets how often each is looked at. */
    waiting: number;
    /** Containers that pass their probe and are yet to pass Docker's own health check. */
    settling: Settling[];
}

export interface Settling {
    ctx: ProviderContext;
    /** The container's. */
    id: string;
    /** When the waiting began, in milliseconds since the epoch. */
    start: number;
    /** How long it may take from there. */
    seconds: number;
}

const connections = new Map<string, Connection>();

/** Addresses that engines had, and those that they have now. */
const relocated = new Map<string, string>();

/** From now on `to` is reached for whoever asks for `from`: the same engine has another address than a state says. */
export function relocate(from: string, to: string): void {
    relocated.set(from, to);
}

/** The connection for a provider configuration: `host`, else `DOCKER_HOST`, else the default socket. */
export function connect(config: PropertyMap): Connection {
    const wanted = text(config.host) ?? text(process.env.DOCKER_HOST) ?? DEFAULT_HOST;
    const host = relocated.get(wanted) ?? wanted;
    const key = JSON.stringify([host, config, process.env.DOCKER_CERT_PATH, process.env.DOCKER_TLS_VERIFY]);
    let connection = connections.get(key);
    if (!connection) {
        connection = {
            docker: new Docker(dockerOptions(host, config)),
            host,
            named: text(config.host) !== undefined,
            local: /^(unix|npipe):/.test(host),
            credentials: registryCredentials(config.registryAuth),
            pulls: new Map(),
            waiting: 0,
            settling: [],
        };
        connections.set(key, connection);
    }
    return connection;
}

/** All connections there are. */
export function openConnections(): Connection[] {
    return [...connections.values()];
}

/** Runs `action`; when the engine does not answer, says which engine and what to do. */
export async function reaching<T>(connection: Connection, action: () => Promise<T>): Promise<T> {
    try {
        return await action();
    } catch (error) {
        if (isUnreachable(error)) throw new DockerUnreachableError(connection, error);
        throw error;
    }
}

/** docker-modem takes more than the types of dockerode tell. */
type Options = Docker.DockerOptions & { connectionTimeout?: number; agent?: Agent };

function dockerOptions(host: string, config: PropertyMap): Options {
    if (text(config.context) !== undefined)
        throw new Error(
            `docker:context is not supported by the embedded engine: set docker:host to the context's address`,
        );
    const source = text(config.host) === undefined ? "DOCKER_HOST" : "docker:host";
    let url: URL;
    try {
        url = new URL(host.includes("://") ? host : `tcp://${host}`);
    } catch {
        throw new Error(
            `${source} is "${host}", which is no address: write unix:///path, tcp://host:port or ssh://user@host.`,
        );
    }
    // docker-modem reads DOCKER_HOST by itself: what must not count is unset by name.
    switch (url.protocol) {
        case "unix:":
        case "npipe:":
            return { socketPath: host.replace(/^(unix|npipe):\/\//, ""), host: undefined, protocol: "http" };
        case "ssh:":
            return { host: "docker", port: 80, protocol: "http", agent: sshAgent(url, strings(config.sshOpts)) };
        case "tcp:":
        case "http:":
        case "https:": {
            const tls = tlsMaterial(config);
            const secure = url.protocol === "https:" || tls !== undefined;
            return {
                host: url.hostname,
                port: url.port === "" ? (secure ? 2376 : 2375) : Number(url.port),
                protocol: secure ? "https" : "http",
                connectionTimeout: CONNECT_TIMEOUT,
                ...tls,
            };
        }
        default:
            throw new Error(
                `${source} is "${host}": the embedded engine speaks to hosts of unix://, tcp://, http://, https:// and ssh://.`,
            );
    }
}

function tlsMaterial(config: PropertyMap): { ca?: string; cert?: string; key?: string } | undefined {
    const ca = text(config.caMaterial);
    const cert = text(config.certMaterial);
    const key = text(config.keyMaterial);
    if (ca !== undefined || cert !== undefined || key !== undefined) return { ca, cert, key };
    const directory =
        text(config.certPath) ?? (process.env.DOCKER_TLS_VERIFY ? process.env.DOCKER_CERT_PATH : undefined);
    if (directory === undefined || directory === "") return undefined;
    const read = (file: string): string => {
        try {
            return readFileSync(join(directory, file), "utf8");
        } catch (error) {
            throw new Error(
                `The TLS files of the Docker engine cannot be read: ${(error as Error).message}. ` +
                    `Set docker:certPath or DOCKER_CERT_PATH to a directory with ca.pem, cert.pem and key.pem.`,
                { cause: error },
            );
        }
    };
    return { ca: read("ca.pem"), cert: read("cert.pem"), key: read("key.pem") };
}

function text(value: PropertyValue | undefined): string | undefined {
    return typeof value === "string" && value !== "" ? value : undefined;
}

/** A list in a provider's configuration arrives as JSON text. */
function strings(value: PropertyValue | undefined): string[] {
    const list: unknown = typeof value === "string" ? JSON.parse(value) : value;
    return Array.isArray(list) ? list.map(String) : [];
}
