/** What a stack is on the Docker engine: every setting that `docker inspect` shows and that does not differ from run to run. */
import type Docker from "dockerode";

import { containersOf, docker, remains } from "../../e2e/docker/support/docker";
import { normal, withoutChance } from "./compare";

type Json = Parameters<typeof normal>[0];

export async function outcome(stack: string): Promise<Record<"containers" | "networks" | "volumes", Json>> {
    const containers = await containersOf(stack);
    const { networks, volumes } = await remains(stack);
    return {
        containers: await byName(
            containers.map((each) => each.id),
            container,
        ),
        networks: await byName(networks, network),
        volumes: await byName(volumes, volume),
    };
}

async function byName(ids: string[], look: (id: string) => Promise<[string, unknown]>): Promise<Json> {
    const seen = await Promise.all(ids.map(look));
    return Object.fromEntries(seen.map(([name, value]) => [withoutChance(name), normal(value as Json)]));
}

async function container(id: string): Promise<[string, unknown]> {
    const info = await docker.getContainer(id).inspect();
    // The engine puts the container's own short id among the aliases.
    const aliases = (list: string[] | null | undefined): string[] =>
        (list ?? []).filter((each) => !id.startsWith(each));
    const networks = Object.entries(info.NetworkSettings.Networks).map(([name, settings]) => [
        withoutChance(name),
        { aliases: aliases(settings.Aliases) },
    ]);
    const mounts = info.Mounts.map(({ Type, Name, Destination, Driver, RW }) => ({
        Type,
        Name,
        Destination,
        Driver,
        RW,
    }));
    const config = {
        ...info.Config,
        Hostname: undefined,
        Env: info.Config.Env.slice().sort(),
    };
    const { Status, Health, ExitCode } = info.State;
    return [
        info.Name.slice(1),
        {
            image: info.Image,
            config: JSON.parse(JSON.stringify(config)) as unknown,
            host: sortedMounts(info.HostConfig),
            networks: Object.fromEntries(networks) as unknown,
            mounts,
            state: { status: Status, health: Health?.Status ?? "none", exitCode: ExitCode },
        },
    ];
}

/** The order in which an engine asked for mounts and capabilities is not one in which they count. */
function sortedMounts(host: object): unknown {
    const copy = JSON.parse(JSON.stringify(host)) as { Mounts?: { Target: string }[]; NetworkMode?: string };
    copy.Mounts?.sort((a, b) => (a.Target < b.Target ? -1 : 1));
    return copy;
}

async function network(name: string): Promise<[string, unknown]> {
    const info = (await docker.getNetwork(name).inspect()) as Docker.NetworkInspectInfo;
    const { Driver, Internal, Attachable, EnableIPv6, Options, Labels, Scope, Ingress } = info;
    return [
        name,
        { Driver, Internal, Attachable, EnableIPv6, Options, Labels, Scope, Ingress, ipam: info.IPAM?.Driver },
    ];
}

async function volume(name: string): Promise<[string, unknown]> {
    const { Driver, Labels, Options, Scope } = await docker.getVolume(name).inspect();
    return [name, { Driver, Labels, Options, Scope }];
}
