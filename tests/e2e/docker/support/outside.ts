/** A Postgres and a Redis that are none of the stack's, as a cloud would run them: plain containers that the engine's bridge publishes. */
import type { Container, ContainerCreateOptions } from "dockerode";

import { localImageRef } from "../../../../images/local";
import { execIn } from "../../../../packages/cli/src/docker/exec";
import { buildLocalImages } from "../../../../packages/cli/src/images/build";
import { waitFor } from "../../support/wait";
import { docker } from "./inventory";

const NETWORK = "outside-stores";
const NAMES = ["outside-postgres", "outside-redis"];

/**
 * What its owner made for the stack: a role without any right but on a database of its own, with the extension that only an administrator
 * may make.
 */
export const ROLE = { user: "tenant", database: "tenant-db", password: 'p@ss/w:rd "&% 1' };
export const REDIS_PASSWORD = "r@dis/w:rd 2";

/** An authority, and a certificate of it for the address `$1`; then the image's own entry point, with TLS. */
const WITH_TLS = `
cd /tmp
new="openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes"
$new -x509 -days 2 -subj /CN=authority -keyout ca.key -out ca.pem 2>/dev/null
$new -subj /CN=outside -keyout server.key -out server.csr 2>/dev/null
echo "subjectAltName=IP:$1" >names
openssl x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -extfile names -out server.pem 2>/dev/null
exec docker-entrypoint.sh postgres -c ssl=on -c ssl_cert_file=/tmp/server.pem -c ssl_key_file=/tmp/server.key
`;

export class Outside {
    private constructor(
        /** An address of the host, where containers of any network reach it. */
        readonly address: string,
        private readonly postgres: Container,
        private readonly redis: Container,
    ) {}

    static async start(): Promise<Outside> {
        await Outside.sweep();
        await buildLocalImages(["postgres-pgvector", "redis-7-alpine"], { docker, log: () => undefined });
        const address = await bridge();
        const [postgres, redis] = await Promise.all([
            run(address, "outside-postgres", 5432, {
                Image: localImageRef("postgres-pgvector"),
                User: "999:999",
                Env: ["POSTGRES_PASSWORD=administrator"],
                Entrypoint: ["sh", "-ec", WITH_TLS, "sh", address],
            }),
            run(address, "outside-redis", 6379, {
                Image: localImageRef("redis-7-alpine"),
                User: "999:999",
                Cmd: ["redis-server", "--requirepass", REDIS_PASSWORD],
            }),
        ]);
        const outside = new Outside(address, postgres, redis);
        await outside.prepare();
        return outside;
    }

    /** As the administrator. */
    async sql(statement: string, database = "postgres"): Promise<string> {
        return said(this.postgres, [
            "psql",
            "-U",
            "postgres",
            "-d",
            database,
            "-v",
            "ON_ERROR_STOP=1",
            "-tAc",
            statement,
        ]);
    }

    redisKeys(pattern: string): Promise<string> {
        return this.redisCli("KEYS", pattern);
    }

    /** Keeps a key for good. */
    async redisKeep(key: string): Promise<void> {
        await this.redisCli("SET", key, "1");
    }

    private redisCli(...command: string[]): Promise<string> {
        return said(this.redis, ["redis-cli", "-a", REDIS_PASSWORD, "--no-auth-warning", ...command]);
    }

    /** Who vouches for its certificate. */
    authority(): Promise<string> {
        return said(this.postgres, ["cat", "/tmp/ca.pem"]);
    }

    async ports(): Promise<{ postgres: number; redis: number }> {
        const [postgres, redis] = await Promise.all(
            [this.postgres, this.redis].map(async (container) => {
                const ports = Object.values((await container.inspect()).NetworkSettings.Ports);
                return Number(ports.flat().find((port) => port !== null)!.HostPort);
            }),
        );
        return { postgres: postgres!, redis: redis! };
    }

    static async sweep(): Promise<void> {
        const all = await docker.listContainers({ all: true });
        const left = all.filter(({ Names }) => NAMES.some((name) => Names.includes(`/${name}`)));
        await Promise.all(left.map(({ Id }) => docker.getContainer(Id).remove({ force: true, v: true })));
        const networks = await docker.listNetworks({ filters: { name: [NETWORK] } });
        await Promise.all(networks.map(({ Id }) => docker.getNetwork(Id).remove()));
    }

    private async prepare(): Promise<void> {
        // Over TCP: while the image initialises, the socket answers already.
        const isReady = () => said(this.postgres, ["pg_isready", "-h", "127.0.0.1"]).then(() => true);
        await waitFor(isReady, { what: "an answer of the Postgres outside", seconds: 300 });
        await this.sql(`CREATE ROLE "${ROLE.user}" LOGIN PASSWORD '${ROLE.password}'`);
        await this.sql(`CREATE DATABASE "${ROLE.database}" OWNER "${ROLE.user}"`);
        await this.sql("CREATE EXTENSION vector", ROLE.database);
    }
}

/** A network of their own, and the host's address on it, which every container reaches from whatever network that leads out. */
async function bridge(): Promise<string> {
    await docker.createNetwork({ Name: NETWORK, Driver: "bridge" });
    const { IPAM } = (await docker.getNetwork(NETWORK).inspect()) as { IPAM: { Config: { Gateway: string }[] } };
    return IPAM.Config[0]!.Gateway.split("/")[0]!;
}

async function run(address: string, name: string, port: number, options: ContainerCreateOptions): Promise<Container> {
    const container = await docker.createContainer({
        name,
        ...options,
        ExposedPorts: { [`${port}/tcp`]: {} },
        HostConfig: { NetworkMode: NETWORK, PortBindings: { [`${port}/tcp`]: [{ HostIp: address, HostPort: "" }] } },
    });
    await container.start();
    return container;
}

async function said(container: Container, command: string[]): Promise<string> {
    const { exitCode, stdout, stderr } = await execIn(docker, container.id, command, 60_000);
    if (exitCode !== 0) throw new Error(`${command[0]} in ${container.id.slice(0, 12)}: ${stderr || stdout}`);
    return stdout.trim();
}
