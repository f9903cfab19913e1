/**
 * A compose file with the containers of a stack that is up: what they are is taken from the Docker engine, what waits for what from the
 * state. Files that our stack uploads into volumes are mounted from the host, as compose users do; that spares compose the containers
 * that hold them.
 */
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";

import type Docker from "dockerode";

import type { ResourceState, UntypedDeployment } from "../../../packages/engine/src";
import { docker } from "../../e2e/docker/support/inventory";
import { copyVolume } from "./volume-files";

const CONTAINER = "docker:index/container:Container";
const MIB = 1024 * 1024;

export interface ComposeFile {
    /** To be written as JSON, which is YAML. */
    content: { name: string; services: Record<string, unknown>; networks: object; volumes: object };
    /** Services that stay: what `up --wait` is asked to wait for, one-off jobs being waited for by these. */
    services: string[];
}

/** @param dir Where the files that are mounted go. */
export async function composeFile(state: UntypedDeployment, dir: string): Promise<ComposeFile> {
    const states = new Map(state.deployment.resources.map((resource) => [resource.urn, resource]));
    const containers = state.deployment.resources.filter(({ type }) => type === CONTAINER);
    const infos = new Map<string, Docker.ContainerInspectInfo>();
    for (const { urn, id } of containers) infos.set(urn, await docker.getContainer(id!).inspect());
    const fillers = containers.filter(({ urn }) => component(infos.get(urn)!) === "files");
    const kept = containers.filter((container) => !fillers.includes(container));
    const files = new Map<string, string>();
    for (const { urn } of fillers) {
        for (const mount of infos.get(urn)!.Mounts) files.set(mount.Name!, await copied(infos.get(urn)!, mount, dir));
    }
    const services: Record<string, object> = {};
    const volumes = new Set<string>();
    const networks = new Set<string>();
    for (const container of kept) {
        const info = infos.get(container.urn)!;
        info.Mounts.forEach(({ Name }) => files.has(Name!) || volumes.add(Name!));
        const attached = Object.keys(info.NetworkSettings.Networks).filter((name) => name !== "none");
        attached.forEach((name) => networks.add(name));
        services[keyOf(container)] = {
            ...(await service(info, files, attached)),
            depends_on: conditions(container, states, infos),
        };
    }
    return {
        content: {
            name: "groundwork-bench",
            services,
            networks: Object.fromEntries(await Promise.all([...networks].map(network))),
            volumes: Object.fromEntries([...volumes].map((name) => [name, {}])),
        },
        services: kept.filter(({ urn }) => infos.get(urn)!.State.Running).map(keyOf),
    };
}

function keyOf({ urn }: ResourceState): string {
    return urn.split("::").at(-1)!;
}

function component(info: Docker.ContainerInspectInfo): string | undefined {
    return info.Config.Labels["dev.groundwork.component"];
}

async function copied(
    info: Docker.ContainerInspectInfo,
    mount: { Name?: string; Destination: string },
    dir: string,
): Promise<string> {
    const target = join(dir, mount.Name!);
    rmSync(target, { recursive: true, force: true });
    mkdirSync(target, { recursive: true });
    await copyVolume(info.Id, mount.Destination, target);
    return target;
}

/** What a container waits for: the nearest containers on every way through the dependencies of the program. */
function conditions(
    container: ResourceState,
    states: Map<string, ResourceState>,
    infos: Map<string, Docker.ContainerInspectInfo>,
): Record<string, { condition: string }> {
    const found: Record<string, { condition: string }> = {};
    const seen = new Set<string>();
    const visit = (urns: string[]): void => {
        for (const urn of urns) {
            if (seen.has(urn) || urn === container.urn) continue;
            seen.add(urn);
            const state = states.get(urn)!;
            const info = infos.get(urn);
            if (info && component(info) !== "files") {
                const condition = info.State.Running ? "service_healthy" : "service_completed_successfully";
                found[keyOf(state)] = { condition };
            } else if (!info) {
                visit(state.dependencies ?? []);
            }
        }
    };
    visit(container.dependencies ?? []);
    return found;
}

async function service(
    info: Docker.ContainerInspectInfo,
    files: Map<string, string>,
    networks: string[],
): Promise<Record<string, unknown>> {
    const { HostConfig } = info;
    const Config = info.Config as Docker.ContainerInspectInfo["Config"] & { StopSignal?: string; StopTimeout?: number };
    const image = await docker.getImage(info.Image).inspect();
    const seconds = (nanoseconds: number | undefined): string => `${(nanoseconds ?? 0) / 1e9}s`;
    const health = Config.Healthcheck;
    const published = Object.entries(
        (HostConfig.PortBindings as Record<string, { HostIp: string; HostPort: string }[]> | null) ?? {},
    );
    return {
        // A reference and no id, which compose does not take; it is the same image.
        image: image.RepoTags[0],
        pull_policy: "never",
        entrypoint: list(Config.Entrypoint).map(escaped),
        command: list(Config.Cmd).map(escaped),
        environment: Config.Env.map(escaped),
        user: Config.User,
        group_add: HostConfig.GroupAdd ?? [],
        read_only: HostConfig.ReadonlyRootfs,
        cap_add: HostConfig.CapAdd ?? [],
        cap_drop: HostConfig.CapDrop ?? [],
        security_opt: HostConfig.SecurityOpt ?? [],
        ipc: HostConfig.IpcMode,
        mem_limit: String(HostConfig.Memory),
        memswap_limit: String(HostConfig.MemorySwap),
        mem_reservation: String(HostConfig.MemoryReservation),
        cpus: (HostConfig.NanoCpus ?? 0) / 1e9,
        cpu_shares: HostConfig.CpuShares,
        pids_limit: HostConfig.PidsLimit,
        shm_size: `${(HostConfig.ShmSize ?? 0) / MIB}m`,
        tmpfs: Object.entries((HostConfig.Tmpfs ?? {}) as Record<string, string>).map(
            ([path, options]) => `${path}:${options}`,
        ),
        volumes: info.Mounts.map((mount) => {
            const host = files.get(mount.Name!);
            const where = { target: mount.Destination, read_only: !mount.RW };
            return host ? { type: "bind", source: host, ...where } : { type: "volume", source: mount.Name, ...where };
        }),
        ...(networks.length > 0
            ? { networks: Object.fromEntries(networks.map((name) => [name, { aliases: aliases(info, name) }])) }
            : { network_mode: "none" }),
        ports: published.flatMap(([port, bindings]) =>
            bindings.map(({ HostIp, HostPort }) => ({
                target: Number(port.split("/")[0]),
                protocol: port.split("/")[1],
                host_ip: HostIp,
                published: HostPort,
            })),
        ),
        logging: { driver: HostConfig.LogConfig!.Type, options: HostConfig.LogConfig!.Config as object },
        stop_signal: Config.StopSignal,
        stop_grace_period: `${Config.StopTimeout ?? 10}s`,
        restart: HostConfig.RestartPolicy!.Name,
        init: HostConfig.Init ?? false,
        labels: Config.Labels,
        healthcheck:
            !health || health.Test?.[0] === "NONE"
                ? { disable: true }
                : {
                      test: health.Test?.map(escaped),
                      interval: seconds(health.Interval),
                      timeout: seconds(health.Timeout),
                      retries: health.Retries,
                      start_period: seconds(health.StartPeriod),
                  },
    };
}

function list(value: string | string[] | null | undefined): string[] {
    return typeof value === "string" ? [value] : (value ?? []);
}

/** Compose replaces `$NAME`. */
function escaped(text: string): string {
    return text.replaceAll("$", "$$$$");
}

function aliases(info: Docker.ContainerInspectInfo, network: string): string[] {
    const all = (info.NetworkSettings.Networks[network]!.Aliases ?? []) as string[];
    return all.filter((alias) => !info.Id.startsWith(alias));
}

async function network(name: string): Promise<[string, object]> {
    const { Driver, Internal, Attachable, Options, Labels } = (await docker
        .getNetwork(name)
        .inspect()) as Docker.NetworkInspectInfo;
    return [
        name,
        {
            driver: Driver,
            internal: Internal,
            attachable: Attachable,
            driver_opts: Options ?? {},
            labels: Labels ?? {},
        },
    ];
}
