/** Resources of a stack as Pulumi's protocol has them, of which much is wrong and something is not known. */
import type { Raw } from "../../../policies/core/raw";
import type { PulumiResource } from "../../../policies/sources/pulumi";
import { UNKNOWN } from "./spec";

function inStack(type: string, name: string, props: Raw, opts: PulumiResource["opts"] = {}): PulumiResource {
    return { type, name, urn: urnOf(type, name), props, opts };
}

function urnOf(type: string, name: string): string {
    return `urn:pulumi:staging::shop::${type}::${name}`;
}

export const STACK: PulumiResource[] = [
    inStack("kubernetes:apps/v1:Deployment", "api", {
        apiVersion: "apps/v1",
        kind: "Deployment",
        metadata: { name: "api", namespace: UNKNOWN },
        spec: {
            replicas: 1,
            template: {
                spec: {
                    hostNetwork: true,
                    hostPID: UNKNOWN,
                    initContainers: [{ name: "init", image: "init", securityContext: { privileged: true } }],
                    containers: [
                        { name: "api", image: UNKNOWN, securityContext: { privileged: UNKNOWN } },
                        { name: "proxy", image: "proxy:1", securityContext: { runAsNonRoot: true, privileged: "yes" } },
                        UNKNOWN,
                    ],
                },
            },
        },
    }),
    inStack("kubernetes:batch/v1:CronJob", "backup", {
        apiVersion: "batch/v1",
        kind: "CronJob",
        metadata: { name: "backup", namespace: "shop" },
        spec: { jobTemplate: { spec: { template: { spec: UNKNOWN } } } },
    }),
    inStack("kubernetes:core/v1:Service", "api", {
        apiVersion: "v1",
        kind: "Service",
        metadata: { name: "api", namespace: "shop" },
        spec: { type: "NodePort", ports: [{ port: 80 }] },
    }),
    inStack("docker:index/container:Container", "cache", {
        image: UNKNOWN,
        privileged: true,
        memory: UNKNOWN,
        envs: ["CACHE_PASSWORD=hunter2"],
        ports: [{ internal: 6379, external: 6379 }],
    }),
    {
        ...inStack("command:local:Command", "limit", { create: 'docker update --pids-limit 100 "$CONTAINER"' }),
        propertyDependencies: { environment: [urnOf("docker:index/container:Container", "cache")] },
    },
    inStack("aws:s3/bucket:Bucket", "backups", { bucket: UNKNOWN }),
    // Whose it is only its dependencies tell.
    {
        ...inStack("aws:s3/bucketVersioning:BucketVersioning", "backups", {
            bucket: UNKNOWN,
            versioningConfiguration: { status: "Suspended" },
        }),
        propertyDependencies: { bucket: [urnOf("aws:s3/bucket:Bucket", "backups")] },
    },
];
