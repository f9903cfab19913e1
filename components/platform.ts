import * as pulumi from "@pulumi/pulumi";

import { CERTIFICATE_SECRETS, type StackConfig } from "../config/types";
import { containerStores, EDGE, type Service, type System } from "../systems/types";
import type { Target } from "../targets/target";
import { Backend } from "./backend";
import { type PrometheusRules, prometheusRules } from "./backup/alerts";
import { makeBackups } from "./backup/make-backups";
import { backupGroups, backupSegments } from "./backup/plan";
import type { SavedStore } from "./backup/schedule";
import { Caddy } from "./caddy";
import { type Endpoint, endpoints, type TlsSummary, tlsSummary } from "./endpoints";
import { clustersOf, flowsOf } from "./flows";
import { Frontend } from "./frontend";
import { imageReference } from "./images";
import { jobSegments, makeStores } from "./make-stores";
import { Migrations } from "./migrations";
import { Problems } from "./problems";
import { Secrets } from "./secrets";
import { connectsTo, inDependencyOrder } from "./settings/dependencies";
import { isFronted } from "./settings/edge";
import { missingEnv } from "./settings/env";
import { resolveResources } from "./settings/resources";
import { resolveSecrets, secretSources } from "./settings/secrets";
import { resolveService, type ServiceSettings } from "./settings/service";
import { resolveVolume } from "./settings/volumes";
import { sites } from "./sites";
import type { Segment, VolumeHandle, WorkloadHandle } from "./spec";
import { Worker } from "./worker";

export interface PlatformArgs {
    system: System;
    config: StackConfig;
    target: Target;
    /** Values of the secrets given in config, by name: the key `groundwork:secrets`. */
    givenSecrets?: pulumi.Output<Record<string, string>>;
    /** Reference of the stand-in for a catalog key: `localImageRef` of `images/local.ts`. */
    localImageRef: (key: string) => string;
}

const ROLES = { backend: Backend, frontend: Frontend, worker: Worker };

/** A system, whole: secrets, networks, stores, migrations, services and the edge. */
export class Platform extends pulumi.ComponentResource {
    /** Where users and other programs reach it, by service, and at `platform` the stack itself. */
    readonly urls: Record<string, string>;
    /** Each workload of the stack, by name. */
    readonly services: Record<string, Endpoint>;
    /** Volumes that hold data, and why what is on one is not backed up, where that is so. */
    readonly data: { volume: string; unsaved?: string }[];
    /** Prometheus rules that tell when a backup is late. */
    readonly alerts: PrometheusRules;
    /** How what comes and goes is encrypted. */
    readonly tls: TlsSummary;

    private readonly images = new Map<string, pulumi.Input<string>>();
    private readonly settings = new Map<string, ServiceSettings>();
    private readonly workloads = new Map<string, WorkloadHandle>();
    private readonly storeVolumes = new Map<string, VolumeHandle>();
    /** What depends on a store waits for these. */
    private readonly ready = new Map<string, pulumi.Resource[]>();

    /** @throws pulumi.InputPropertiesError with everything that is wrong with `args` or a part of it */
    constructor(
        private readonly name: string,
        private readonly args: PlatformArgs,
        opts?: pulumi.ComponentResourceOptions,
    ) {
        super("groundwork:platform:Platform", name, {}, opts);
        this.resolve();
        const secrets = this.secrets();
        this.networks();
        this.stores(secrets);
        const volumes = this.volumes();
        const migrated = this.migrations(secrets, volumes);
        this.runServices(secrets, volumes, migrated);
        this.edge();
        this.alerts = prometheusRules(this.backups(secrets, volumes), args.target.identity);
        args.target.complete?.({ parent: this });
        const found = endpoints(args.system, args.config, this.workloads, this.settings);
        this.urls = found.urls;
        this.services = found.services;
        this.data = args.system.volumes
            .filter(({ stateful }) => stateful)
            .map(({ name, unsaved }) => ({ volume: name, ...(unsaved !== undefined && { unsaved }) }));
        this.tls = tlsSummary(args.system, args.config);
        const { urls, services, data, alerts, tls } = this;
        this.registerOutputs({ urls, services, data, alerts, tls });
    }

    /** Settles every service's settings before anything is made. */
    private resolve(): void {
        const { system, config } = this.args;
        const problems = new Problems();
        for (const service of system.services) {
            const settings = resolveService(service, system, config);
            this.settings.set(service.name, settings);
            for (const name of missingEnv(service, settings)) {
                problems.expect(
                    false,
                    `services.${service.name}.env.${name}`,
                    "it is required; set it in the stack file",
                );
            }
        }
        problems.throwIfAny(`Platform "${this.name}"`);
    }

    private secrets(): Secrets {
        const { system, config, givenSecrets } = this.args;
        return new Secrets(
            `${this.name}-secrets`,
            {
                secrets: resolveSecrets(system),
                sources: secretSources(system, config),
                given: givenSecrets,
                protect: config.protect,
            },
            { parent: this },
        );
    }

    /** Segments, only those that something is on, and what may go over them. */
    private networks(): void {
        const { system, config, target } = this.args;
        target.connections?.(flowsOf(system, config, this.settings), clustersOf(system), { parent: this });
        const migrated = system.migrations.flatMap(({ service }) => this.settings.get(service)?.storeSegments ?? []);
        const used = new Set<Segment>(["edge", ...jobSegments(system), ...migrated]);
        for (const settings of this.settings.values()) {
            settings.segments.forEach((segment) => used.add(segment));
        }
        if (containerStores(system.stores).size > 0) {
            used.add("data");
        }
        for (const { stores } of backupGroups(system, config)) {
            backupSegments(stores, system).forEach((segment) => used.add(segment));
        }
        for (const segment of [...used].sort()) {
            target.network?.({ segment, isolated: segment === "data" }, { parent: this });
        }
    }

    private stores(secrets: Secrets): void {
        const { system, config, target } = this.args;
        const image = (key: string) => this.image(key);
        const made = makeStores(this.name, { system, config, target, secrets, image }, this);
        for (const [name, store] of made) {
            if (store.workload) {
                this.workloads.set(name, store.workload);
            }
            if (store.volume) {
                this.storeVolumes.set(name, store.volume);
            }
            this.ready.set(name, store.ready);
        }
    }

    /** Volumes of the services, which may share them. */
    private volumes(): Record<string, VolumeHandle> {
        const { system, config, target } = this.args;
        const names = new Set(system.services.flatMap((service) => service.mounts.map((mount) => mount.volume)));
        return Object.fromEntries(
            [...names]
                .sort()
                .map((name) => [name, target.volume(resolveVolume(name, system, config), { parent: this })]),
        );
    }

    private migrations(secrets: Secrets, volumes: Record<string, VolumeHandle>): pulumi.Resource[] {
        const { system, target } = this.args;
        if (system.migrations.length === 0) {
            return [];
        }
        const migrations = new Migrations(
            `${this.name}-migrations`,
            {
                steps: system.migrations.map((migration) => {
                    const settings = this.settings.get(migration.service)!;
                    return {
                        migration,
                        settings,
                        volumes,
                        image: this.image(settings.image),
                        secrets: secrets.values,
                    };
                }),
                logs: system.logs,
                target,
                after: [...this.ready.values()].flat(),
            },
            { parent: this },
        );
        return migrations.done;
    }

    private runServices(secrets: Secrets, volumes: Record<string, VolumeHandle>, migrated: pulumi.Resource[]): void {
        for (const service of inDependencyOrder(this.args.system.services)) {
            const settings = this.settings.get(service.name)!;
            const component = new ROLES[service.role](
                `${this.name}-${service.name}`,
                {
                    settings,
                    image: this.image(settings.image),
                    secrets: secrets.values,
                    volumes,
                    logs: this.args.system.logs,
                    target: this.args.target,
                    after: [...this.dependencies(service), ...(service.role === "frontend" ? [] : migrated)],
                },
                { parent: this },
            );
            this.workloads.set(service.name, component.workload);
            this.ready.set(service.name, component.workload.resources);
        }
    }

    private dependencies(service: Service): pulumi.Resource[] {
        return connectsTo(service, this.args.system).flatMap((name) => this.ready.get(name) ?? []);
    }

    /** Waits for nobody: it asks the services itself whether they are well. */
    private edge(): void {
        const { system, config, target } = this.args;
        const { edge } = system;
        const workload = new Caddy(
            `${this.name}-${EDGE}`,
            {
                image: this.image(edge.image),
                environment: config.environment,
                tls: config.tls,
                publish: config.edge,
                fronted: isFronted(config),
                sites: sites(system, config, this.workloads, this.settings),
                maxBodyMiB: edge.maxBodyMiB,
                privatePaths: edge.privatePaths,
                accessLog: edge.accessLog,
                mounts: edge.mounts.map(({ volume, path }) => ({
                    volume: resolveVolume(volume, system, config),
                    path,
                })),
                certificate: this.certificate(),
                resources: resolveResources(edge.resources, config.services[EDGE]?.resources, config),
                logs: system.logs,
                target,
            },
            { parent: this },
        ).workload;
        this.workloads.set(EDGE, workload);
    }

    /** Backs up what is there by then: nothing waits for it. */
    private backups(secrets: Secrets, volumes: Record<string, VolumeHandle>): SavedStore[] {
        const { system, config, target } = this.args;
        const { workloads, saved } = makeBackups(
            this.name,
            {
                system,
                config,
                target,
                secrets,
                image: (key) => this.image(key),
                volumes: new Map([...this.storeVolumes, ...Object.entries(volumes)]),
                after: [...this.ready.values()].flat(),
            },
            this,
        );
        workloads.forEach((workload, name) => this.workloads.set(name, workload));
        return saved;
    }

    private certificate() {
        const { config, givenSecrets } = this.args;
        if (config.tls.mode !== "certificate" || !givenSecrets) {
            return undefined;
        }
        const pem = (name: string) => pulumi.secret(givenSecrets.apply((given) => given[name] ?? ""));
        return { certificate: pem(CERTIFICATE_SECRETS.certificate), key: pem(CERTIFICATE_SECRETS.key) };
    }

    /** One image for each distinct reference, whichever keys have it. */
    private image(key: string): pulumi.Input<string> {
        const { config, target, localImageRef } = this.args;
        const reference = imageReference(key, config.images, localImageRef);
        let image = this.images.get(reference);
        if (image === undefined) {
            image = target.image(key, reference, { parent: this });
            this.images.set(reference, image);
        }
        return image;
    }
}
