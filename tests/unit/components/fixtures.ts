/** Stack configs and a target for the components' tests. */
import * as pulumi from "@pulumi/pulumi";

import { OperatedPostgres, type OperatedPostgresArgs } from "../../../components/postgres/operated";
import { Platform, type PlatformArgs } from "../../../components/platform";
import { resolveService } from "../../../components/settings/service";
import type { WorkloadHandle } from "../../../components/spec";
import { PRIVATE_RANGES } from "../../../config/defaults";
import type { StackConfig } from "../../../config/types";
import { deployedSystem, SYSTEMS } from "../../../systems";
import { type Environment, type LogPolicy, type Resources, type System, type SystemKey } from "../../../systems/types";
import { DockerTarget } from "../../../targets/docker";
import type { Target } from "../../../targets/target";

export const RESOURCES: Resources = {
    cpuLimit: 1,
    cpuReservation: 0.25,
    memoryLimitMiB: 1024,
    memoryReservationMiB: 256,
};

export const LOGS: LogPolicy = {
    level: { default: "info" },
    maxFileMiB: 10,
    maxFiles: 3,
    retentionDays: { application: 7 },
    files: [],
};

export const PROBE = {
    kind: "exec" as const,
    command: ["true"],
    intervalSeconds: 10,
    timeoutSeconds: 5,
    retries: 3,
    startPeriodSeconds: 30,
};

/** As in dev, where the bucket is the stack's own. */
export const DEV_BACKUPS: StackConfig["backup"] = {
    enabled: true,
    timeZone: "Europe/Berlin",
    bucket: { kind: "local" },
    localDays: 0,
    drill: "none",
};

export function stackConfig(system: SystemKey, changes: Partial<StackConfig> = {}): StackConfig {
    const environment: Environment = changes.environment ?? "dev";
    return {
        system,
        environment,
        target: "docker",
        domain: `${system}.localhost`,
        edge: { address: "127.0.0.1", httpPort: 8080, httpsPort: 8443 },
        tls: { mode: "internal" },
        images: { source: "registry", overrides: {} },
        docker: {},
        kubernetes: {
            namespaceLabels: {},
            sharedAccessMode: environment === "dev" ? "ReadWriteOnce" : "ReadWriteMany",
            privateRanges: PRIVATE_RANGES,
            edge: {
                via: "service",
                annotations: {},
                service: environment === "dev" ? "ClusterIP" : "LoadBalancer",
                sourceRanges: [],
            },
        },
        postgres: {},
        services: {},
        stores: { postgres: { mode: "container" }, redis: { mode: "container" } },
        volumes: {},
        givenSecrets: [],
        backup: { enabled: false, timeZone: "UTC", localDays: 0, drill: "none" },
        objectives: {},
        protect: environment !== "dev",
        ...changes,
    };
}

/** Call it inside of `record`: it registers the provider. */
export function dockerTarget(
    options: { environment?: Environment; protect?: boolean; host?: string } = {},
): DockerTarget {
    return new DockerTarget(
        {
            stack: "test",
            system: "debt-os",
            environment: options.environment ?? "dev",
            version: "1.2.3",
            prefix: "gw-test",
        },
        { protect: options.protect ?? false, host: options.host },
    );
}

/** A whole platform on the Docker target, with `given` as the secrets of its config. */
export function platform(
    config: StackConfig,
    options: { given?: Record<string, string>; system?: System; localImageRef?: PlatformArgs["localImageRef"] } = {},
): Platform {
    return new Platform("gw-test", {
        system: options.system ?? deployedSystem(config),
        config: { ...config, givenSecrets: Object.keys(options.given ?? {}) },
        target: dockerTarget({ environment: config.environment, protect: config.protect }),
        givenSecrets: options.given && pulumi.secret(options.given),
        localImageRef: options.localImageRef ?? ((key) => `groundwork.local/${key}:0123456789ab`),
    });
}

/** What a system's parts would be in prod, without making them. */
export function unmade(key: SystemKey) {
    const system = SYSTEMS[key];
    const config = stackConfig(key, { environment: "prod" });
    const settings = new Map(system.services.map((s) => [s.name, resolveService(s, system, config)]));
    const workloads = new Map<string, WorkloadHandle>(
        [...settings.values()].map((s) => [
            s.name,
            {
                name: s.name,
                hosts: Array.from({ length: s.replicas }, (_, n) => `${s.name}-${n}`),
                resources: [],
                ids: [],
            },
        ]),
    );
    return { system, config, settings, workloads };
}

/** A store's server, beside what its kind needs. */
export function storeArgs(store: string, target: Target) {
    return {
        image: `sha256:${store}`,
        volume: { name: `${store}-data`, sizeMiB: 1024, stateful: true, shared: false },
        resources: RESOURCES,
        health: PROBE,
        runAs: "999:999",
        stopGraceSeconds: 120,
        logs: LOGS,
        target,
    };
}

export function postgresArgs(target: Target) {
    return {
        ...storeArgs("postgres", target),
        user: "app",
        database: "app_db",
        password: pulumi.secret("canary"),
        extensions: ["vector"],
        settings: { max_connections: "100" },
        shmMiB: 256,
    };
}

/** Call it inside of `record`: the network is there that stores are in. */
export function storeTarget(options: { protect?: boolean } = {}): DockerTarget {
    const target = dockerTarget(options);
    target.network({ segment: "data", isolated: true }, {});
    return target;
}

/** A Postgres of two servers, run by an operator. Call it inside of `record`. */
export function operatedPostgres(target: Target, changes: Partial<OperatedPostgresArgs> = {}) {
    return new OperatedPostgres("gw-test-postgres", {
        image: "registry.example.com/postgresql:16.10",
        instances: 2,
        user: "app",
        database: "app_db",
        extensions: ["vector"],
        settings: { shared_buffers: "512MB" },
        shmMiB: 256,
        requireTls: true,
        resources: RESOURCES,
        logs: LOGS,
        stopGraceSeconds: 120,
        timing: PROBE,
        target,
        password: pulumi.secret("canary"),
        volume: { sizeMiB: 2048, stateful: true },
        ...changes,
    });
}

/** Every credential that the system asks outsiders for. */
export function allGiven(system: SystemKey): Record<string, string> {
    return Object.fromEntries(
        SYSTEMS[system].secrets
            .filter((secret) => secret.shape.kind === "given")
            .map((secret) => [secret.name, `given ${secret.name}`]),
    );
}

/** What a call throws. */
export function thrown(call: () => unknown): Error {
    try {
        call();
    } catch (error) {
        return error as Error;
    }
    throw new Error("it did not throw");
}
