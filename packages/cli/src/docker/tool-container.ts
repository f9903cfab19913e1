/** One-off containers of the toolbox: what the stack's own is, with another command. */
import type Docker from "dockerode";

import { STORES_DIRECTORY } from "../../../../components/backup/layout";
import { LABEL_PREFIX } from "../../../../targets/docker/labels";

type Labels = Record<string, string>;

export interface ToolContainer {
    name: string;
    /** Of the toolbox. */
    args: string[];
    /** The data of the stores is writable. */
    writes: boolean;
    /** Whether it reaches stores and bucket. */
    networks: boolean;
    labels: Labels;
}

/** Labels that say what the stack's own container is, which this one is not. */
const OWN = /^(service|replica|files\.)/;

/** Makes one, and does not start it: on the same networks, with the same files, volumes, user and limits. */
export async function createTool(
    docker: Docker,
    scheduler: Docker.ContainerInspectInfo,
    { name, args, writes, networks, labels }: ToolContainer,
): Promise<Docker.Container> {
    const { Config: config, HostConfig: host, NetworkSettings: settings } = scheduler;
    const [first, ...others] = networks ? Object.keys(settings.Networks) : [];
    const mounts = (host.Mounts ?? []).map((mount) => ({
        ...mount,
        ReadOnly: mount.ReadOnly === true && !(writes && mount.Target.startsWith(`${STORES_DIRECTORY}/`)),
    }));
    const container = await docker.createContainer({
        name,
        Image: scheduler.Image,
        User: config.User,
        Env: config.Env,
        Entrypoint: config.Entrypoint,
        Cmd: args,
        Labels: { ...inherited(config.Labels), ...prefixed({ component: "restore", ...labels }) },
        HostConfig: {
            ...{ ...host, Mounts: mounts, PortBindings: {}, RestartPolicy: { Name: "no" } },
            ...(!networks && { NetworkMode: "none" }),
        },
        ...(first !== undefined && { NetworkingConfig: { EndpointsConfig: { [first]: {} } } }),
    });
    for (const network of others) await docker.getNetwork(network).connect({ Container: container.id });
    return container;
}

function inherited(labels: Labels): Labels {
    return Object.fromEntries(
        Object.entries(labels).filter(
            ([name]) => name.startsWith(LABEL_PREFIX) && !OWN.test(name.slice(LABEL_PREFIX.length)),
        ),
    );
}

function prefixed(labels: Labels): Labels {
    return Object.fromEntries(Object.entries(labels).map(([name, value]) => [LABEL_PREFIX + name, value]));
}
