/**
 * Postgres as CloudNativePG runs it: https://cloudnative-pg.io. A Cluster makes the servers, a Database keeps the extensions in the stack's
 * database, which its owner may not make: the operator is the only superuser. Needs 1.26, the first with extensions in a Database.
 */
import { CustomResource } from "@pulumi/kubernetes/apiextensions";
import { Secret } from "@pulumi/kubernetes/core/v1";
import type * as pulumi from "@pulumi/pulumi";

import type { PostgresClusterNames, PostgresClusterSpec } from "../../components/postgres/cluster-spec";
import { SecretTemplate } from "../../components/secret-text";
import type { WorkloadHandle } from "../../components/spec";
import { postgresMiB } from "../../systems/types";
import { after, timeouts } from "../options";
import { compare, sorted } from "../order";
import { rolloutSeconds } from "./controllers";
import { externalSecret, type ExternalSecretsOptions, storeFor } from "./external-secrets";
import { encoded } from "./files";
import { mebibytes } from "./format";
import type { Labels, ObjectMetadata } from "./labels";
import { pullSecrets, resourceRequirements, type Sized } from "./pod";
import type { StorageOptions } from "./storage";

const API_VERSION = "postgresql.cnpg.io/v1";

/** On pods of the operator's, those of its jobs too, which have no label of the stack's. */
const CLUSTER_LABEL = "cnpg.io/cluster";
const ROLE_LABEL = "cnpg.io/instanceRole";

/** A change of an object with it reaches the servers. */
const RELOAD_LABEL = "cnpg.io/reload";

/** The operator's own program, which it puts into each pod, and what Postgres keeps beside its data: sockets, statistics, certificates. */
const SCRATCH_MIB = 256;

export interface ClusterParts extends StorageOptions {
    metadata: (name: string) => ObjectMetadata;
    /** Labels of what the operator makes. */
    inherited: Labels;
    priorityClass: pulumi.Input<string>;
    /** Names of Secrets by which the servers' image is pulled. Default: none. */
    imagePullSecrets?: string[];
    externalSecrets?: ExternalSecretsOptions;
    /** What no server starts before. */
    policies: pulumi.Resource[];
}

/** Labels of the pods, by the names that flows have for them. */
export function clusterSelectors(clusters: PostgresClusterNames[]): Map<string, Labels> {
    return new Map(
        clusters.flatMap(({ name, replicas }) => [
            [name, { [CLUSTER_LABEL]: name }],
            [replicas, { [CLUSTER_LABEL]: name, [ROLE_LABEL]: "replica" }],
        ]),
    );
}

/** Ready when every server is, and the database has its extensions. */
export function makePostgresCluster(
    spec: PostgresClusterSpec,
    parts: ClusterParts,
    opts: pulumi.CustomResourceOptions,
): WorkloadHandle {
    const owner = ownerSecret(spec, parts, opts);
    const cluster = new CustomResource(
        spec.name,
        {
            apiVersion: API_VERSION,
            kind: "Cluster",
            metadata: { ...parts.metadata(spec.name), annotations: { "pulumi.com/waitFor": "condition=Ready" } },
            spec: clusterSpec(spec, owner.metadata.name, parts),
        },
        // For each server a job that makes its data comes first.
        after({ ...opts, ...timeouts(2 * spec.instances * rolloutSeconds(spec)) }, [...parts.policies, owner]),
    );
    const database = databaseOf(spec, parts, after(opts, [cluster]));
    return {
        name: spec.name,
        hosts: [`${spec.name}-rw`],
        resources: [cluster, ...(database ? [database] : [])],
        ids: [cluster.metadata.name],
    };
}

/** With more memory reserved where that is less than shared_buffers, which the operator refuses. */
export function sized({ resources, logs, settings }: PostgresClusterSpec): Sized {
    const least = Math.ceil(postgresMiB(settings.shared_buffers) ?? 0);
    const memoryReservationMiB = Math.max(resources.memoryReservationMiB, least);
    return { resources: { ...resources, memoryReservationMiB }, logs, scratchMiB: SCRATCH_MIB };
}

/**
 * The owner's name and password. Its own keeps its name and can be changed, so that a new password is one for the server too; of the type
 * `Opaque`, because one of `kubernetes.io/basic-auth` cannot be there before its values are.
 */
function ownerSecret(
    { name, user, password }: PostgresClusterSpec,
    { metadata, externalSecrets }: ClusterParts,
    opts: pulumi.CustomResourceOptions,
): Secret | CustomResource {
    const own = metadata(`${name}-owner`);
    const labelled = { ...own, labels: { ...own.labels, [RELOAD_LABEL]: "true" } };
    if (!(password instanceof SecretTemplate)) {
        const data = { password: encoded(password), username: encoded(user) };
        return new Secret(own.name, { metadata: labelled, type: "Opaque", data }, opts);
    }
    const data = { password, username: new SecretTemplate([user]) };
    return externalSecret(labelled, data, storeFor(name, externalSecrets), opts);
}

function clusterSpec(spec: PostgresClusterSpec, owner: pulumi.Input<string>, parts: ClusterParts): object {
    const { shared_preload_libraries: libraries, ...settings } = spec.settings;
    const several = spec.instances > 1;
    return {
        instances: spec.instances,
        imageName: spec.image,
        imagePullPolicy: "IfNotPresent",
        ...pullSecrets(parts.imagePullSecrets),
        bootstrap: {
            initdb: {
                database: spec.database,
                owner: spec.user,
                secret: { name: owner },
                // So that corruption is found and not served.
                dataChecksums: true,
            },
        },
        postgresql: {
            parameters: Object.fromEntries(sorted(settings)),
            ...(libraries && { shared_preload_libraries: libraries.split(",").map((each) => each.trim()) }),
            // Before the operator's own rule, which takes a password from everybody.
            ...(spec.requireTls && { pg_hba: ["hostnossl all all all reject"] }),
        },
        storage: {
            size: mebibytes(spec.sizeMiB),
            ...(parts.storageClass !== undefined && { storageClass: parts.storageClass }),
        },
        resources: resourceRequirements(sized(spec)),
        ephemeralVolumesSizeLimit: { shm: mebibytes(spec.shmMiB) },
        priorityClassName: parts.priorityClass,
        affinity: {
            enablePodAntiAffinity: true,
            podAntiAffinityType: "preferred",
            topologyKey: "kubernetes.io/hostname",
        },
        // Where there is another server to go to, a node is drained and a server is changed without an interruption that anybody waits for.
        enablePDB: several,
        primaryUpdateMethod: several ? "switchover" : "restart",
        stopDelay: spec.stopGraceSeconds,
        // Clients are disconnected at once: their pools keep connections for ever, and nothing would come of waiting for them.
        smartShutdownTimeout: 0,
        inheritedMetadata: { labels: parts.inherited },
    };
}

/** Absent where there is nothing to keep in the database. */
function databaseOf(
    spec: PostgresClusterSpec,
    { metadata }: ClusterParts,
    opts: pulumi.CustomResourceOptions,
): CustomResource | undefined {
    if (spec.extensions.length === 0) {
        return undefined;
    }
    const own = metadata(`${spec.name}-extensions`);
    return new CustomResource(
        own.name,
        {
            apiVersion: API_VERSION,
            kind: "Database",
            metadata: { ...own, annotations: { "pulumi.com/waitFor": "jsonpath={.status.applied}=true" } },
            spec: {
                name: spec.database,
                owner: spec.user,
                cluster: { name: spec.name },
                extensions: [...spec.extensions].sort(compare).map((name) => ({ name, ensure: "present" })),
                databaseReclaimPolicy: "retain",
            },
        },
        opts,
    );
}
