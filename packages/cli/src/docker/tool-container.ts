/** One-off containers of the toolbox: what the stack's own is, with another command. */
import type Docker from "dockerode";

import { STORES_DIRECTORY } from "../../../../components/backup/layout";
import { LABEL_PREFIX } from "../../../../targets/docker/labels";

type Labels = Record<string, string>;

export interface ToolContainer {
    name: string;
    /** Arguments of the toolbox. */
    args: string[];
    /** The data of the stores is writable. */
    writes: boolean;
    /** Whether it reaches stores and bucket. */
    networks: boolean;
    labels: Labels;
}

/** Labels that say what the stack's own container is, which this one is not. */
const OWN = /^(service|replica|files\.)/;

/** Makes one, for `startTool`: with the same files, volumes, user and limits, and on the first of the same networks. */
export function createTool(
    docker: Docker,
    scheduler: Docker.ContainerInspectInfo,
    { name, args, writes, networks, labels }: ToolContainer,
): Promise<Docker.Container> {
    const { Config: config, HostConfig: host, NetworkSettings: settings } = scheduler;
    const [first] = networks ? Object.keys(settings.Networks) : [];
    const mounts = (host.Mounts ?? []).map((mount) => ({
        ...mount,
        ReadOnly: mount.ReadOnly === true && !(writes && mount.Target.startsWith(`${STORES_DIRECTORY}/`)),
    }));
    return docker.createContainer({
        name,
        Image: scheduler.Image,
        User: config.User,
        Env: config.Env,
        Entrypoint: config.Entrypoint,
        Cmd: args,
        Labels: { ...inherited(config.Labels), ...prefixed({ component: "restore", ...labels }) },
        HostConfig: {
            ...host,
            Mounts: mounts,
            PortBindings: {},
            RestartPolicy: { Name: "no" },
            ...(!networks && { NetworkMode: "none" }),
        },
        ...(first !== undefined && { NetworkingConfig: { EndpointsConfig: { [first]: {} } } }),
    });
}

/**
 * Starts one on all of its networks. They are joined here and not where it is made: whoever comes after an interruption finds it as soon as
 * it is made, on the first network alone.
 */
export async function startTool(
    docker: Docker,
    { Id: id, HostConfig: host, NetworkSettings: settings }: Docker.ContainerInspectInfo,
    scheduler: Docker.ContainerInspectInfo,
): Promise<void> {
    const wanted = host.NetworkMode === "none" ? [] : Object.keys(scheduler.NetworkSettings.Networks);
    const lacking = wanted.filter((name) => !(name in settings.Networks));
    for (const name of lacking) await docker.getNetwork(name).connect({ Container: id });
    await docker.getContainer(id).start();
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
