import * as pulumi from "@pulumi/pulumi";

import { REDIS_PORT, secretPath } from "../systems/addresses";
import { type RedisStore, STORE_PASSWORDS } from "../systems/types";
import { resourceOutputs, volumeOutputs, workloadOutputs } from "./outputs";
import { Problems } from "./problems";
import { secretText, type SecretText } from "./secret-text";
import { expectResources } from "./service";
import type { VolumeHandle, WorkloadHandle, WorkloadSpec } from "./spec";
import { storeServer, type StoreArgs } from "./store-server";

const CONFIGURATION = secretPath("redis.conf");

export interface RedisArgs
    extends
        StoreArgs,
        Pick<RedisStore, "appendOnly" | "appendFsync" | "maxMemoryMiB" | "maxMemoryPolicy" | "maxClients" | "save"> {
    /** What clients authenticate with. */
    password: SecretText;
}

/** Redis with its data volume. */
export class Redis extends pulumi.ComponentResource {
    readonly workload: WorkloadHandle;
    readonly volume: VolumeHandle;
    readonly ready: pulumi.Resource[];

    /** @throws pulumi.InputPropertiesError with everything that is wrong with `args` */
    constructor(name: string, args: RedisArgs, opts?: pulumi.ComponentResourceOptions) {
        super("groundwork:stores:Redis", name, {}, opts);
        validate(args);
        this.volume = args.target.volume(args.volume, { parent: this });
        this.workload = args.target.workload(redisSpec(args, this.volume), { parent: this });
        this.ready = this.workload.resources;
        this.registerOutputs({
            workload: workloadOutputs(this.workload),
            volume: volumeOutputs(this.volume),
            ready: resourceOutputs(this.ready),
        });
    }
}

function redisSpec(args: RedisArgs, volume: VolumeHandle): WorkloadSpec {
    return {
        ...storeServer("redis", args),
        args: ["redis-server", CONFIGURATION],
        ports: [{ name: "redis", port: REDIS_PORT, protocol: "tcp" }],
        env: {},
        files: [
            // It holds the password, and Redis reads one from nowhere else.
            {
                path: CONFIGURATION,
                content: redisConf(args),
                secret: true,
            },
            // For the health check, and for whoever looks inside.
            { path: secretPath(STORE_PASSWORDS.redis), content: args.password, secret: true },
        ],
        mounts: [{ volume, path: "/data", readOnly: false }],
        tmpfs: [{ path: "/tmp", sizeMiB: 16 }],
        pidsLimit: 64,
        stopSignal: "SIGTERM",
    };
}

/** `redis.conf`. A line is a directive; a quoted argument knows the escapes of a C string. */
export function redisConf(args: Omit<RedisArgs, keyof StoreArgs>): SecretText {
    const before = ["bind 0.0.0.0", `port ${REDIS_PORT}`, "protected-mode yes", 'requirepass "'];
    const after = [
        '"',
        "dir /data",
        `appendonly ${args.appendOnly ? "yes" : "no"}`,
        `appendfsync ${args.appendFsync}`,
        `maxmemory ${args.maxMemoryMiB}mb`,
        `maxmemory-policy ${args.maxMemoryPolicy}`,
        ...(args.maxClients === undefined ? [] : [`maxclients ${args.maxClients}`]),
        ...(args.save.length === 0 ? ['save ""'] : args.save.map((point) => `save ${point}`)),
    ];
    return secretText([before.join("\n"), `${after.join("\n")}\n`], { text: args.password, form: "quoted" });
}

function validate(args: RedisArgs): void {
    const problems = new Problems();
    expectResources(problems, args.resources);
    problems.expect(
        args.maxMemoryMiB < args.resources.memoryLimitMiB,
        "maxMemoryMiB",
        `${args.maxMemoryMiB} leaves no room below the container's ${args.resources.memoryLimitMiB} MiB, which a snapshot's fork needs`,
    );
    for (const point of args.save) {
        problems.expect(/^\d+ \d+$/.test(point), "save", `"${point}" is not "<seconds> <changes>"`);
    }
    problems.throwIfAny("Redis");
}
