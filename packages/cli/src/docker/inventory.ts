/** What a stack's containers do, from the Docker engine. */
import type Docker from "dockerode";

import { LOCAL_PREFIX } from "../../../../images/local";
import { SYSTEMS } from "../../../../systems";
import { imageKeys, SYSTEM_KEYS } from "../../../../systems/types";
import { LABEL_PREFIX } from "../../../../targets/docker/labels";
import { inOrder, type JobStatus, type Replica, type ServiceStatus, type StackStatus } from "../runtime/status";
import { stackFilter } from "./drift";
import { isNotFound } from "./errors";

/** @param usage also measure memory and cpu, which takes one request a container */
export async function inspectStack(
    docker: Docker,
    stack: string,
    options: { usage?: boolean } = {},
): Promise<StackStatus> {
    const containers = await docker.listContainers({
        all: true,
        filters: { label: [stackFilter(stack)] },
    });
    const inspected = await Promise.all(
        containers.map(async (summary) => {
            try {
                const container = docker.getContainer(summary.Id);
                const [[info, image], stats] = await Promise.all([
                    container.inspect().then(async (info) => [info, await imageName(docker, info)] as const),
                    options.usage && summary.State === "running"
                        ? container.stats({ stream: false, "one-shot": false })
                        : undefined,
                ]);
                return { info, image, stats };
            } catch (error) {
                // Gone since the list was made.
                if (isNotFound(error)) return undefined;
                throw error;
            }
        }),
    );
    const services = new Map<string, ServiceStatus>();
    const jobs: JobStatus[] = [];
    let system = "";
    for (const found of inspected) {
        if (!found) continue;
        const { info, image, stats } = found;
        const label = (name: string): string => info.Config.Labels[LABEL_PREFIX + name] ?? "";
        system ||= label("system");
        // Containers without a service only carry files into a volume and never run.
        if (label("service") === "") continue;
        if (isJob(info)) {
            jobs.push(jobOf(info, label("service")));
            continue;
        }
        const name = label("service");
        const service = services.get(name) ?? {
            service: name,
            component: label("component"),
            image,
            standIn: image.startsWith(LOCAL_PREFIX),
            replicas: [],
        };
        service.replicas.push(replicaOf(info, stats, Number(label("replica") || 0)));
        services.set(name, service);
    }
    for (const service of services.values())
        service.replicas.sort((a, b) => a.index - b.index || a.name.localeCompare(b.name));
    return {
        stack,
        system,
        services: inOrder(services.values()),
        jobs: jobs.sort((a, b) => a.job.localeCompare(b.job)),
    };
}

/** A job is not restarted and has no health check. */
export function isJob(info: Docker.ContainerInspectInfo): boolean {
    const policy = info.HostConfig.RestartPolicy?.Name;
    return policy === "no" || policy === "" || policy === undefined;
}

function jobOf(info: Docker.ContainerInspectInfo, job: string): JobStatus {
    const { Status, ExitCode } = info.State;
    const state =
        Status === "created" ? "waiting" : Status !== "exited" ? "running" : ExitCode === 0 ? "done" : "failed";
    return { job, state, exitCode: ExitCode };
}

/**
 * The image's name. Containers are made by the image's id, so that a tag that moves does not matter; the engine knows the names that it has
 * for the id, of which a stand-in may have one for each image that it stands for. An image that has none any more is told by its id.
 */
async function imageName(docker: Docker, info: Docker.ContainerInspectInfo): Promise<string> {
    if (!info.Config.Image.startsWith("sha256:")) return info.Config.Image;
    try {
        const image = await docker.getImage(info.Image).inspect();
        const tags = image.RepoTags ?? [];
        const own = tags.find((tag) => isOf(info.Config.Labels[`${LABEL_PREFIX}system`], tag));
        return own ?? tags[0] ?? image.RepoDigests?.[0] ?? info.Image;
    } catch (error) {
        if (!isNotFound(error)) throw error;
        return info.Image;
    }
}

function replicaOf(
    info: Docker.ContainerInspectInfo,
    stats: Docker.ContainerStats | undefined,
    index: number,
): Replica {
    const { State: state, HostConfig: host } = info;
    const log = state.Health?.Log ?? [];
    return {
        name: info.Name.slice(1),
        id: info.Id,
        index,
        state: state.Status,
        health: state.Health?.Status ?? "none",
        healthMessage: state.Health?.Status === "unhealthy" ? log.at(-1)?.Output.trim() : undefined,
        exitCode: state.ExitCode,
        outOfMemory: state.OOMKilled,
        restarts: info.RestartCount,
        uptimeSeconds: state.Running ? Math.max(0, (Date.now() - Date.parse(state.StartedAt)) / 1000) : 0,
        memoryLimitBytes: host.Memory ?? 0,
        cpuLimit: (host.NanoCpus ?? 0) / 1e9 || (host.CpuQuota && host.CpuPeriod ? host.CpuQuota / host.CpuPeriod : 0),
        ...usageOf(stats),
        ports: Object.entries(info.NetworkSettings.Ports ?? {}).flatMap(([port, bindings]) =>
            (bindings ?? []).map((b) => `${b.HostIp}:${b.HostPort} → ${port}`),
        ),
    };
}

function usageOf(stats: Docker.ContainerStats | undefined): { memoryBytes?: number; cpu?: number } {
    if (!stats?.memory_stats?.usage) return {};
    const { usage, stats: detail } = stats.memory_stats as { usage: number; stats?: Record<string, number> };
    // As `docker stats` counts: without the page cache that the kernel takes back first.
    const cache = detail?.["inactive_file"] ?? detail?.["total_inactive_file"] ?? 0;
    const { cpu_stats: now, precpu_stats: before } = stats;
    const busy = now.cpu_usage.total_usage - before.cpu_usage.total_usage;
    const elapsed = (now.system_cpu_usage ?? 0) - (before.system_cpu_usage ?? 0);
    const cpu = elapsed > 0 ? (busy / elapsed) * (now.online_cpus || 1) : undefined;
    return { memoryBytes: Math.max(0, usage - cache), cpu };
}

/** Whether a tag is of the stand-in of something that a system runs. */
function isOf(system: string | undefined, tag: string): boolean {
    const key = SYSTEM_KEYS.find((one) => one === system);
    return key !== undefined && imageKeys(SYSTEMS[key]).some((image) => tag.startsWith(`${LOCAL_PREFIX}${image}:`));
}
