/** What backs a stack up: the bucket, and the processes that fill it. */
import type * as pulumi from "@pulumi/pulumi";

import type { BucketConfig } from "../../config/backup";
import type { StackConfig } from "../../config/types";
import { BACKUP_PASSWORD, BACKUP_VOLUMES, BUCKET_KEYS } from "../../systems/backup";
import { BACKUP, type Objective, OBJECT_STORE, type System } from "../../systems/types";
import type { Target } from "../../targets/target";
import type { Secrets } from "../secrets";
import { resolveResources } from "../settings/resources";
import { resolveVolume } from "../settings/volumes";
import type { VolumeHandle, WorkloadHandle } from "../spec";
import { backedUpStore, type StoreParts } from "./backed-up-store";
import type * as Aws from "./bucket";
import type { BackupLocation } from "./location";
import { ObjectStore } from "./object-store";
import { backupGroups, backupSegments } from "./plan";
import { isPathStyle } from "./repository";
import { BackupSchedule, type SavedStore } from "./schedule";
import { stackFiles } from "./stack-files";

export interface BackupsArgs {
    system: System;
    config: StackConfig;
    target: Target;
    secrets: Secrets;
    /** What `Target.image` returned, by key of the catalog. */
    image: (key: string) => pulumi.Input<string>;
    /** Volumes by the name of the store that each is of, or by their own. */
    volumes: ReadonlyMap<string, VolumeHandle>;
    /** What is backed up is there. */
    after: pulumi.Resource[];
}

export interface Backups {
    /** What runs of them, by name; none where nothing is backed up. */
    workloads: Map<string, WorkloadHandle>;
    saved: SavedStore[];
}

/** Makes them as parts of `parent`, named after it. */
export function makeBackups(name: string, args: BackupsArgs, parent: pulumi.Resource): Backups {
    const { system, config, target, secrets, image } = args;
    const { backup } = system;
    const { bucket, ...policy } = config.backup;
    if (backup === undefined || bucket === undefined) {
        return { workloads: new Map(), saved: [] };
    }
    const place = makeBucket(`${name}-${OBJECT_STORE}`, bucket, args, parent);
    const parts: StoreParts = {
        system,
        secrets: secrets.values,
        stack: stackFiles(config, secrets, target.identity),
        volume: (wanted) => volumeOf(wanted, args),
    };
    const copy =
        policy.localDays > 0
            ? target.volume(resolveVolume(BACKUP_VOLUMES.copy, system, config), { parent })
            : undefined;
    const schedules = backupGroups(system, config).map(
        (group) =>
            new BackupSchedule(
                `${name}-${group.name}`,
                {
                    group,
                    policy,
                    copy,
                    target,
                    location: place.location,
                    stores: Object.fromEntries(group.stores.map((one) => [one.store, backedUpStore(one, parts)])),
                    password: secrets.get(BACKUP_PASSWORD),
                    image: image(backup.image),
                    resources: resolveResources(backup.resources, config.services[BACKUP]?.resources, config),
                    state: { ...resolveVolume(BACKUP_VOLUMES.state, system, config), name: `${group.name}-state` },
                    objectives: objectivesOf(system, config),
                    logs: system.logs,
                    segments: backupSegments(group.stores, system),
                    after: [...args.after, ...place.ready],
                },
                { parent },
            ),
    );
    return {
        workloads: new Map(place.workload ? [[OBJECT_STORE, place.workload]] : []),
        saved: schedules.flatMap(({ saved }) => saved),
    };
}

interface Place {
    location: BackupLocation;
    ready: pulumi.Resource[];
    workload?: WorkloadHandle;
}

/** The document's, where the stack does not ask for more. */
function objectivesOf({ objectives }: System, config: StackConfig): Objective[] {
    return objectives.map((objective) => ({ ...objective, ...config.objectives[objective.scenario] }));
}

function makeBucket(name: string, bucket: BucketConfig, args: BackupsArgs, parent: pulumi.Resource): Place {
    switch (bucket.kind) {
        case "local":
            return makeObjectStore(name, args, parent);
        case "s3": {
            const keys = givenKeys(args.secrets);
            const { endpoint, region, name: of } = bucket;
            const pathStyle = isPathStyle(endpoint);
            return { location: { endpoint, region, bucket: of, pathStyle, writer: keys, pruner: keys }, ready: [] };
        }
        case "aws":
            return makeAwsBucket(`${args.target.identity.prefix}-backups`, bucket, args, parent);
    }
}

function makeObjectStore(name: string, args: BackupsArgs, parent: pulumi.Resource): Place {
    const { system, config, target, image } = args;
    const { objectStore } = system.backup!;
    return new ObjectStore(
        name,
        {
            image: image(objectStore!.image),
            volume: { ...resolveVolume(BACKUP_VOLUMES.objects, system, config), owner: OBJECT_STORE },
            resources: resolveResources(objectStore!.resources, config.services[OBJECT_STORE]?.resources, config),
            logs: system.logs,
            target,
            protect: config.protect,
        },
        { parent },
    );
}

/** Loaded where a stack has one: AWS's package costs every other run its time for nothing. */
function makeAwsBucket(
    name: string,
    { name: bucket, region, replicaRegion, noncurrentDays, lock }: Extract<BucketConfig, { kind: "aws" }>,
    { config, target }: BackupsArgs,
    parent: pulumi.Resource,
): Place {
    // eslint-disable-next-line @typescript-eslint/no-require-imports
    const { BackupBucket } = require("./bucket") as typeof Aws;
    const { stack, system, environment } = target.identity;
    return new BackupBucket(
        name,
        {
            bucket,
            region,
            replicaRegion,
            noncurrentDays,
            lock,
            protect: config.protect,
            tags: { stack, system, environment },
        },
        { parent },
    );
}

function givenKeys(secrets: Secrets) {
    return {
        accessKeyId: secrets.get(BUCKET_KEYS.accessKeyId),
        secretAccessKey: secrets.get(BUCKET_KEYS.secretAccessKey),
    };
}

function volumeOf(name: string, { volumes }: BackupsArgs): VolumeHandle {
    const volume = volumes.get(name);
    if (!volume) {
        throw new Error(`"${name}" is backed up from a volume that this stack has not.`);
    }
    return volume;
}
