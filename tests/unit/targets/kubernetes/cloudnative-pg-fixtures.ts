/** Systems whose Postgres CloudNativePG runs. */
import * as pulumi from "@pulumi/pulumi";

import { Platform } from "../../../../components/platform";
import type { PostgresClusterSpec } from "../../../../components/postgres/cluster-spec";
import type { StackConfig } from "../../../../config/types";
import { systemOf } from "../../../../systems";
import type { StoreChoices } from "../../../../systems/external";
import type { Environment, SystemKey } from "../../../../systems/types";
import { KubernetesTarget } from "../../../../targets/kubernetes";
import { allGiven, LOGS, RESOURCES, stackConfig } from "../../components/fixtures";
import { record, type Recording } from "../../components/harness";

export const CLUSTER = "kubernetes:postgresql.cnpg.io/v1:Cluster";
export const DATABASE = "kubernetes:postgresql.cnpg.io/v1:Database";

const STORES: StoreChoices = {
    postgres: { mode: "operator", apiServer: ["10.0.0.10/32", "10.0.0.11/32"], operatorNamespace: "databases" },
    redis: { mode: "container" },
};

/** A system on a target that records, its Postgres run by the operator. */
export async function platform(
    key: SystemKey,
    environment: Environment,
    kubernetes: Partial<StackConfig["kubernetes"]> = {},
): Promise<Recording> {
    const given = kubernetes.externalSecrets ? {} : allGiven(key);
    const base = stackConfig(key, {
        ...{ target: "kubernetes" as const, environment },
        ...{ stores: STORES, givenSecrets: Object.keys(given) },
    });
    const config = { ...base, kubernetes: { ...base.kubernetes, ...kubernetes } };
    const identity = { stack: "test", system: key, environment, version: "1.2.3", prefix: "gw-test" } as const;
    const [, recording] = await record(
        () =>
            new Platform("gw-test", {
                system: systemOf(key, undefined, STORES),
                config,
                target: new KubernetesTarget(identity, { ...config.kubernetes, protect: config.protect }),
                givenSecrets: pulumi.secret(given),
                localImageRef: (name) => name,
            }),
    );
    return recording;
}

/** A cluster with little said of it but what must be. */
export function spec(changes: Partial<PostgresClusterSpec>): PostgresClusterSpec {
    return {
        ...{ name: "postgres", component: "postgres", image: "registry.example.com/postgresql:16.10", instances: 1 },
        ...{ user: "app", database: "app_db", password: pulumi.secret("canary"), extensions: ["vector"] },
        ...{ settings: { shared_buffers: "512MB" }, shmMiB: 256, requireTls: true, stopGraceSeconds: 120 },
        ...{ sizeMiB: 1024, stateful: true, resources: RESOURCES, waitSeconds: 60 },
        logs: { maxFileMiB: LOGS.maxFileMiB, maxFiles: LOGS.maxFiles },
        ...changes,
    };
}
