import * as pulumi from "@pulumi/pulumi";

import type { MemgraphStore } from "../systems/types";
import { resourceOutputs, volumeOutputs, workloadOutputs } from "./outputs";
import { Problems } from "./problems";
import { expectResources } from "./service";
import type { VolumeHandle, VolumeSpec, WorkloadHandle, WorkloadSpec } from "./spec";
import { storeServer, type StoreArgs } from "./store-server";

const DATA_DIRECTORY = "/var/lib/memgraph";
const LOG_DIRECTORY = "/var/log/memgraph";

export interface MemgraphArgs
    extends
        StoreArgs,
        Pick<
            MemgraphStore,
            "logLevel" | "boltPort" | "monitoringPort" | "snapshotIntervalSeconds" | "snapshotRetention"
        > {
    logVolume: VolumeSpec;
    /** Most memory of the graph, in MiB; below the container's limit, so that it refuses a query instead of being killed. */
    memoryLimitMiB: number;
}

/** Memgraph 2.12 with its data and log volumes. */
export class Memgraph extends pulumi.ComponentResource {
    readonly workload: WorkloadHandle;
    readonly volume: VolumeHandle;
    readonly logVolume: VolumeHandle;
    readonly ready: pulumi.Resource[];

    /** @throws pulumi.InputPropertiesError with everything that is wrong with `args` */
    constructor(name: string, args: MemgraphArgs, opts?: pulumi.ComponentResourceOptions) {
        super("groundwork:stores:Memgraph", name, {}, opts);
        validate(args);
        this.volume = args.target.volume(args.volume, { parent: this });
        this.logVolume = args.target.volume(args.logVolume, { parent: this });
        this.workload = args.target.workload(memgraphSpec(args, this.volume, this.logVolume), { parent: this });
        this.ready = this.workload.resources;
        this.registerOutputs({
            workload: workloadOutputs(this.workload),
            volume: volumeOutputs(this.volume),
            logVolume: volumeOutputs(this.logVolume),
            ready: resourceOutputs(this.ready),
        });
    }
}

function memgraphSpec(args: MemgraphArgs, volume: VolumeHandle, logVolume: VolumeHandle): WorkloadSpec {
    return {
        ...storeServer("memgraph", args),
        args: memgraphFlags(args),
        ports: [
            { name: "bolt", port: args.boltPort, protocol: "tcp" },
            { name: "monitoring", port: args.monitoringPort, protocol: "tcp" },
        ],
        env: {},
        files: [],
        mounts: [
            { volume, path: DATA_DIRECTORY, readOnly: false },
            { volume: logVolume, path: LOG_DIRECTORY, readOnly: false },
        ],
        tmpfs: [{ path: "/tmp", sizeMiB: 64 }],
        pidsLimit: 512,
        stopSignal: "SIGTERM",
    };
}

/** The binary's own defaults are off for snapshots and log and on for telemetry, so each is said. Booleans need the `=`. */
function memgraphFlags(args: MemgraphArgs): string[] {
    return Object.entries({
        "also-log-to-stderr": true,
        "bolt-port": args.boltPort,
        "data-directory": DATA_DIRECTORY,
        "data-recovery-on-startup": true,
        "log-file": `${LOG_DIRECTORY}/memgraph.log`,
        "log-level": args.logLevel,
        "memory-limit": args.memoryLimitMiB,
        "monitoring-port": args.monitoringPort,
        "storage-snapshot-interval-sec": args.snapshotIntervalSeconds,
        "storage-snapshot-on-exit": true,
        "storage-snapshot-retention-count": args.snapshotRetention,
        "storage-wal-enabled": true,
        "telemetry-enabled": false,
    }).map(([flag, value]) => `--${flag}=${value}`);
}

function validate(args: MemgraphArgs): void {
    const problems = new Problems();
    expectResources(problems, args.resources);
    problems
        .expect(
            args.memoryLimitMiB < args.resources.memoryLimitMiB,
            "memoryLimitMiB",
            `${args.memoryLimitMiB} is not below the container's ${args.resources.memoryLimitMiB} MiB: it would be killed before it refuses`,
        )
        .expect(
            args.snapshotIntervalSeconds > 0,
            "snapshotIntervalSeconds",
            "must be above 0: Memgraph does not start with a write-ahead log and no snapshots",
        );
    problems.throwIfAny("Memgraph");
}
