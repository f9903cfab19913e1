import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";

import type {
    ContainerSpec,
    JobHandle,
    JobSpec,
    NetworkSpec,
    ScheduleHandle,
    ScheduleSpec,
    Segment,
    VolumeHandle,
    VolumeSpec,
    WorkloadHandle,
    WorkloadSpec,
} from "../../components/spec";
import { after } from "../options";
import { compare } from "../order";
import type { StackIdentity, Target } from "../target";
import { dockerCommand, LIMIT_PROCESSES, RUN_JOB } from "./commands";
import { type Attachment, containerArgs, labelList } from "./container";
import { FilePlacer, type PlacedFiles, SECRETS_GROUP } from "./files";
import { healthcheck, NO_HEALTHCHECK } from "./health";
import { containerLabels, stackLabels } from "./labels";
import { ownershipSpec } from "./ownership";
import { exportSecrets } from "./secret-env";

export interface DockerTargetOptions {
    /** e.g. `unix:///var/run/docker.sock`, `ssh://deploy@host`. Default: DOCKER_HOST, else the default socket. */
    host?: string;
    /** Stateful volumes are protected and kept on delete. */
    protect: boolean;
}

/** One machine's Docker engine. */
export class DockerTarget implements Target {
    readonly kind = "docker";
    private readonly provider: docker.Provider;
    private readonly placer: FilePlacer;
    private readonly networks = new Map<Segment, docker.Network>();
    /** Jobs that gave volumes to their users, by volume. */
    private readonly owned = new Map<string, pulumi.Resource[]>();

    constructor(
        readonly identity: StackIdentity,
        private readonly options: DockerTargetOptions,
    ) {
        this.placer = new FilePlacer(identity.prefix);
        this.provider = new docker.Provider("docker", { ...(options.host && { host: options.host }) });
    }

    /** Kept on delete: other stacks use the same image, and the next `up` need not pull it again. */
    image(key: string, reference: string, opts: pulumi.CustomResourceOptions): pulumi.Output<string> {
        return new docker.RemoteImage(
            `${this.identity.prefix}-image-${key}`,
            { name: reference, keepLocally: true },
            this.with(opts),
        ).imageId;
    }

    network(spec: NetworkSpec, opts: pulumi.CustomResourceOptions): docker.Network {
        const name = `${this.identity.prefix}-${spec.segment}`;
        const network = new docker.Network(
            name,
            {
                name,
                driver: "bridge",
                internal: spec.isolated,
                attachable: false,
                ipv6: false,
                // Without an address of its own on the bridge, the host has no route to what is on it.
                options: spec.isolated ? { "com.docker.network.bridge.inhibit_ipv4": "true" } : {},
                labels: labelList(stackLabels(this.identity, "network")),
            },
            this.with(opts, { deleteBeforeReplace: true }),
        );
        this.networks.set(spec.segment, network);
        return network;
    }

    /** The engine does not limit a volume's size: `sizeMiB` counts on Kubernetes. */
    volume(spec: VolumeSpec, opts: pulumi.CustomResourceOptions): VolumeHandle {
        const name = `${this.identity.prefix}-${spec.name}`;
        const keep = spec.stateful && this.options.protect;
        const resource = new docker.Volume(
            name,
            { name, driver: "local", labels: labelList(stackLabels(this.identity, "volume")) },
            // A label is no reason to replace data.
            this.with(opts, { protect: keep, retainOnDelete: keep, ignoreChanges: ["labels"] }),
        );
        return { spec, id: resource.name, resource };
    }

    workload(given: WorkloadSpec, opts: pulumi.CustomResourceOptions): WorkloadHandle {
        const spec = exportSecrets(given);
        const own = this.with(opts);
        const files = this.files(spec, own);
        const ready = this.own(spec, opts);
        const hosts = spec.exclusive ? [spec.name] : range(spec.replicas).map((n) => `${spec.name}-${n}`);
        const containers = hosts.map((host, replica) => this.replica(spec, host, replica, files, own, ready));
        const ids = containers.map((container) => container.id as pulumi.Output<string>);
        dockerCommand(
            `${this.identity.prefix}-${spec.name}-pids`,
            LIMIT_PROCESSES,
            { CONTAINERS: pulumi.all(ids).apply((all) => all.join(" ")), PIDS_LIMIT: String(spec.pidsLimit) },
            this.options.host,
            [],
            opts,
        );
        return { name: spec.name, hosts, resources: containers, ids };
    }

    job(given: JobSpec, opts: pulumi.CustomResourceOptions): JobHandle {
        const spec = exportSecrets(given);
        const own = this.with(opts, { deleteBeforeReplace: false });
        const files = this.files(spec, own);
        const ready = this.own(spec, opts);
        const name = `${this.identity.prefix}-${spec.name}`;
        const container = new docker.Container(
            name,
            {
                ...this.args(spec, files, 0, []),
                healthcheck: NO_HEALTHCHECK,
                restart: "no",
                init: true,
                start: false,
                mustRun: false,
                wait: false,
            },
            after(own, [...files.resources, ...ready]),
        );
        const triggers = Object.entries(spec.triggers)
            .sort(([a], [b]) => compare(a, b))
            .map(([, value]) => value);
        const run = dockerCommand(
            `${name}-run`,
            RUN_JOB,
            {
                CONTAINER: container.id,
                PIDS_LIMIT: String(spec.pidsLimit),
                SECONDS_LIMIT: String(spec.timeoutSeconds),
            },
            this.options.host,
            [container.id, ...triggers],
            opts,
        );
        return { name: spec.name, resources: [run] };
    }

    /** One process, with a clock of its own. */
    schedule({ itself, ...spec }: ScheduleSpec, opts: pulumi.CustomResourceOptions): ScheduleHandle {
        const workload = this.workload({ ...spec, args: itself, replicas: 1, exclusive: "data" }, opts);
        return { workload, resources: workload.resources };
    }

    private replica(
        spec: WorkloadSpec,
        host: string,
        replica: number,
        files: PlacedFiles,
        opts: pulumi.CustomResourceOptions,
        ready: pulumi.Resource[],
    ): docker.Container {
        const name = `${this.identity.prefix}-${host}`;
        return new docker.Container(
            name,
            {
                // Only what cannot run twice has a fixed name: the others' successors are healthy before they go.
                ...(spec.exclusive && { name }),
                ...this.args(spec, files, replica, spec.exclusive ? [spec.name] : [spec.name, host]),
                ports: publishedPorts(spec),
                healthcheck: healthcheck(spec.health),
                restart: "unless-stopped",
                init: !spec.exclusive,
                start: true,
                mustRun: true,
                wait: true,
                waitTimeout: spec.waitSeconds,
            },
            after(
                {
                    ...opts,
                    deleteBeforeReplace: spec.exclusive !== false,
                    // The provider would note such a change and leave the container as it is.
                    replaceOnChanges: ["healthcheck", "init", "tmpfs"],
                },
                [...files.resources, ...ready],
            ),
        );
    }

    private args(spec: ContainerSpec, files: PlacedFiles, replica: number, aliases: string[]): docker.ContainerArgs {
        return containerArgs(spec, {
            labels: {
                ...containerLabels(this.identity, spec.component, spec.name, replica),
                ...files.generations,
            },
            attachments: this.attachments(spec.segments, aliases),
            fileMounts: files.mounts,
            groups: spec.files.some((file) => file.secret) ? [SECRETS_GROUP] : [],
        });
    }

    private files(spec: ContainerSpec, opts: pulumi.CustomResourceOptions): PlacedFiles {
        const { dependsOn: _later, ...now } = opts;
        return this.placer.place(spec, stackLabels(this.identity, spec.component), now);
    }

    /**
     * Gives the mounts that ask for it to the workload's user, since a new volume belongs to root unless its image says otherwise.
     * Once for each volume: who mounts it next waits for the same.
     */
    private own(spec: ContainerSpec, opts: pulumi.CustomResourceOptions): pulumi.Resource[] {
        const wanted = spec.mounts.filter((mount) => mount.own && !mount.readOnly);
        const fresh = wanted.filter((mount) => !this.owned.has(mount.volume.spec.name));
        if (fresh.length > 0) {
            const { dependsOn: _later, ...now } = opts;
            const { resources } = this.job(ownershipSpec(spec, fresh), now);
            fresh.forEach((mount) => this.owned.set(mount.volume.spec.name, resources));
        }
        return [...new Set(wanted.flatMap((mount) => this.owned.get(mount.volume.spec.name)!))];
    }

    private attachments(segments: Segment[], aliases: string[]): Attachment[] {
        return segments.map((segment) => {
            const network = this.networks.get(segment);
            if (!network) {
                throw new Error(`The network segment "${segment}" must be made before what is attached to it.`);
            }
            return { network: network.id, aliases };
        });
    }

    private with(
        opts: pulumi.CustomResourceOptions,
        more: pulumi.CustomResourceOptions = {},
    ): pulumi.CustomResourceOptions {
        return { ...opts, ...more, provider: this.provider };
    }
}

function publishedPorts(spec: WorkloadSpec): docker.types.input.ContainerPort[] {
    return spec.ports.flatMap((p) =>
        p.publish ? [{ internal: p.port, external: p.publish.port, ip: p.publish.address, protocol: p.protocol }] : [],
    );
}

function range(count: number): number[] {
    return Array.from({ length: count }, (_, n) => n);
}
