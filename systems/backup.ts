/** What a stack runs that backs its system up. A system that is backed up is a variant of the system. */
import { daily } from "./shared/recovery";
import { devResources, gib, resources, sized } from "./shared/resources";
import { isExternal } from "./stores";
import type { Backup, BackupTools, Environment, PerEnvironment, Secret, System, Volume } from "./types";

/** Where backups go. `local`: a server of the stack's own. `s3`: a bucket that is there. `aws`: one that the stack makes on AWS. */
export type BucketKind = "local" | "s3" | "aws";

/** How often backups are proven by restoring them. */
export const DRILL_RHYTHMS = ["none", "nightly", "weekly", "monthly", "quarterly"] as const;
export type DrillRhythm = (typeof DRILL_RHYTHMS)[number];

/** Five fields; after the nights' backups and what removes old ones. */
export const DRILL_CRONS: Record<Exclude<DrillRhythm, "none">, string> = {
    nightly: "15 5 * * *",
    weekly: "15 5 * * 1",
    monthly: "15 5 1 * *",
    quarterly: "15 5 1 1,4,7,10 *",
};

export interface BackupChoice {
    enabled: boolean;
    /** Where to; absent where nothing is backed up. */
    bucket?: { kind: BucketKind };
    /** Days that a second copy is kept on the machine; 0: there is none. */
    localDays: number;
}

/** What backups are encrypted with before they leave the stack. */
export const BACKUP_PASSWORD = "BACKUP_PASSWORD";

/** Keys to the server of a bucket that the stack does not make itself. */
export const BUCKET_KEYS = {
    accessKeyId: "BACKUP_ACCESS_KEY_ID",
    secretAccessKey: "BACKUP_SECRET_ACCESS_KEY",
} as const;

/** Names in `System.volumes`. */
export const BACKUP_VOLUMES = { state: "backup-state", copy: "backup-copy", objects: "backups" } as const;

/** Postgres and Redis of a drill run in it, beside restic, which holds an index of the whole repository. */
const RESOURCES = sized(devResources(1024), resources([0.1, 2], [256, 2048]));

const OBJECT_STORE_RESOURCES = sized(devResources(256), resources([0.1, 1], [64, 512]));

/** Beside a store's own size: restic's cache, and the write-ahead log on its way. */
const STATE_EXTRA_MIB = gib(1);

/** Room for a repository, in sizes of all that is backed up: the first copy whole, and what a month changes, packed. */
const REPOSITORY_FACTOR = 2;

/** The same system with what backs it up: its volumes, secrets and images are then the stack's like any others. */
export function withBackups(system: System, choice: BackupChoice): System {
    if (!choice.enabled || choice.bucket === undefined) return system;
    const { kind } = choice.bucket;
    const copied = choice.localDays > 0;
    const backup: BackupTools = {
        image: "backup",
        resources: RESOURCES,
        ...(kind === "local" && { objectStore: { image: "s3", resources: OBJECT_STORE_RESOURCES } }),
    };
    return {
        ...system,
        backup,
        backups: system.backups.map(withConfiguration),
        volumes: [...system.volumes, ...toolVolumes(system, { copied, stored: kind === "local" })],
        secrets: [...system.secrets, PASSWORD, ...(kind === "s3" ? KEYS : [])],
    };
}

/** The store that holds the stack's own settings and secrets. */
export const STACK_CONFIGURATION = "config";

/**
 * The secrets that a stack generates are in no repository, whatever a document keeps there: without them what an
 * application has encrypted does not come back with its database.
 */
function withConfiguration(backup: Backup): Backup {
    if (backup.store !== STACK_CONFIGURATION || backup.schedules.length > 0) return backup;
    return { ...backup, schedules: [daily("full")], retention: { days: 30 } };
}

const PASSWORD: Secret = {
    name: BACKUP_PASSWORD,
    shape: { kind: "alphanumeric", length: 40 },
    required: true,
    description: "What backups are encrypted with; without it none can be read",
};

const KEYS: Secret[] = [
    {
        name: BUCKET_KEYS.accessKeyId,
        shape: { kind: "given", example: "<access key id>" },
        required: true,
        description: "Access key to the bucket of the backups",
    },
    {
        name: BUCKET_KEYS.secretAccessKey,
        shape: { kind: "given", example: "<secret access key>" },
        required: true,
        description: "Secret part of the access key to the bucket of the backups",
    },
];

/** Sizes follow those of what is backed up. */
function toolVolumes({ volumes }: System, { copied, stored }: { copied: boolean; stored: boolean }): Volume[] {
    const data = volumes.filter(({ stateful }) => stateful);
    const each = (of: (sizes: number[]) => number): PerEnvironment<number> => {
        const inOne = (environment: Environment | "default") =>
            of(
                data.map(({ size }) =>
                    environment === "default" ? size.default : (size[environment] ?? size.default),
                ),
            );
        return { default: inOne("default"), dev: inOne("dev"), staging: inOne("staging"), prod: inOne("prod") };
    };
    const sum = (sizes: number[]) => REPOSITORY_FACTOR * sizes.reduce((total, size) => total + size, 0);
    const state: Volume = {
        name: BACKUP_VOLUMES.state,
        size: each((sizes) => Math.max(0, ...sizes) + STATE_EXTRA_MIB),
        stateful: false,
        shared: false,
        description: "What the backups' scheduler knows, and room to restore in, of each that runs",
    };
    const kept = (name: string, description: string): Volume => {
        const unsaved = "It holds the backups themselves";
        return { name, size: each(sum), stateful: true, shared: false, unsaved, description };
    };
    return [
        state,
        ...(copied ? [kept(BACKUP_VOLUMES.copy, "Copy of the backups on the machine")] : []),
        ...(stored ? [kept(BACKUP_VOLUMES.objects, "Bucket of the backups")] : []),
    ];
}

/** What a stack backs up of a system, by its schedules: what has none is kept elsewhere, as its `method` says. */
export function scheduledBackups(system: System): Backup[] {
    return system.backups.filter(({ store, schedules }) => schedules.length > 0 && !isOthers(system, store));
}

/** Redis that somebody else runs: a managed one refuses the command that a copy is made with, and is backed up by its owner. */
function isOthers({ stores }: System, store: string): boolean {
    return store === "redis" && stores.redis !== undefined && isExternal(stores.redis);
}

/** Most days that any document of a system keeps a copy on the machine; 0: none does. */
export function documentLocalDays(system: Pick<System, "backups">): number {
    return Math.max(0, ...system.backups.map(({ retention }) => retention.localDays ?? 0));
}
