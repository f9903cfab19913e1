/** A bucket that is none of a stack's, as a cloud would have it: a plain container that the engine's bridge publishes. */
import { expect } from "vitest";

import { execIn } from "../../../../packages/cli/src/docker/exec";
import { buildLocalImages } from "../../../../packages/cli/src/images/build";
import { docker } from "../../docker/support/inventory";
import { BUCKET_KEYS, SERVE_BUCKET, type Bucket } from "../../support/disaster/place";
import { waitFor } from "../../support/wait";

const NAME = "outside-bucket";
const PORT = "7070/tcp";

export class OutsideBucket implements Bucket {
    readonly keys = BUCKET_KEYS;
    readonly name = "backups";

    private constructor(
        /** A port of the host, which containers of any network reach that leads out. */
        readonly endpoint: string,
        private readonly id: string,
    ) {}

    static async start(): Promise<OutsideBucket> {
        await OutsideBucket.sweep();
        const { refs } = await buildLocalImages(["s3"], { docker, log: () => undefined });
        const network = await docker.createNetwork({ Name: NAME, Driver: "bridge" });
        const { IPAM } = (await network.inspect()) as { IPAM: { Config: { Gateway: string }[] } };
        const address = IPAM.Config[0]!.Gateway.split("/")[0]!;
        const container = await docker.createContainer({
            name: NAME,
            Image: refs[0],
            Env: [`ROOT_ACCESS_KEY=${BUCKET_KEYS.access}`, `ROOT_SECRET_KEY=${BUCKET_KEYS.secret}`],
            User: "0:0",
            Entrypoint: ["sh", "-ec", SERVE_BUCKET],
            ExposedPorts: { [PORT]: {} },
            HostConfig: { NetworkMode: NAME, PortBindings: { [PORT]: [{ HostIp: address, HostPort: "" }] } },
        });
        await container.start();
        const { Ports: ports } = (await container.inspect()).NetworkSettings;
        const bucket = new OutsideBucket(`http://${address}:${ports[PORT]![0]!.HostPort}`, container.id);
        await bucket.ready();
        return bucket;
    }

    static async sweep(): Promise<void> {
        const containers = await docker.listContainers({ all: true, filters: { name: [`^/${NAME}$`] } });
        for (const { Id: id } of containers) await docker.getContainer(id).remove({ force: true, v: true });
        const networks = await docker.listNetworks({ filters: { name: [`^${NAME}$`] } });
        for (const { Id: id } of networks) await docker.getNetwork(id).remove();
    }

    /** Removes all that a stack has in it. */
    async empty(stack: string): Promise<void> {
        const command = ["rm", "-rf", `/data/objects/backups/${stack}`];
        expect((await execIn(docker, this.id, command, 300_000)).exitCode).toBe(0);
    }

    private async ready(): Promise<void> {
        const asks = ["wget", "-qO-", "http://127.0.0.1:7070/health"];
        const isReady = async () => (await execIn(docker, this.id, asks, 60_000)).exitCode === 0;
        await waitFor(isReady, { what: "an answer of the bucket's server", seconds: 300 });
    }
}
