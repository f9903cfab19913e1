import * as pulumi from "@pulumi/pulumi";

import type { BackupConfig } from "../../config/backup";
import { secretPath } from "../../systems/addresses";
import { DRILL_CRONS } from "../../systems/backup";
import type { Backup, LogPolicy, Objective, Probe, Resources } from "../../systems/types";
import type { Target } from "../../targets/target";
import { logRotation } from "../log-rotation";
import { resourceOutputs, volumeOutputs } from "../outputs";
import { Problems } from "../problems";
import { secretText, type SecretText } from "../secret-text";
import { expectResources } from "../service";
import { waitSeconds } from "../settings/probes";
import { sortedJson } from "../sorted-json";
import type { FileSpec, MountSpec, ScheduledRun, ScheduleSpec, Segment, VolumeHandle, VolumeSpec } from "../spec";
import { type LateAlert, lateAlert } from "./alerts";
import type { BackedUpStore } from "./backed-up-store";
import { CONFIGURATION, STATE_DIRECTORY } from "./layout";
import type { BackupLocation, BucketCredentials } from "./location";
import type { BackupGroup } from "./plan";
import { CREDENTIALS_FILE, repositorySettings } from "./repository";

const COPY_DIRECTORY = "/backups";

/** Reports of drills, on the state volume. */
const REPORTS = `${STATE_DIRECTORY}/drills`;

const WRITER = secretPath("backup-s3-writer");
const PRUNER = secretPath("backup-s3-pruner");
const PASSWORD = secretPath("backup-password");

/** Its own: metrics, and whether it runs. */
const METRICS_PORT = 9469;

/** Stores of which a part can be lost while the rest goes on; all others are lost with the machine alone. */
const DATABASES: ReadonlySet<string> = new Set(["postgres", "redis", "memgraph", "sqlite"]);

/** A process that keeps time is well while it answers; whether a backup is late is for the metrics to tell. */
const HEALTH: Probe = {
    kind: "http",
    path: "/healthz",
    port: METRICS_PORT,
    client: "curl",
    intervalSeconds: 10,
    timeoutSeconds: 5,
    retries: 3,
    startPeriodSeconds: 30,
};

/** The toolbox ends a run itself, and tells why; whoever started it waits a little longer. */
const RUN_SECONDS = 6 * 3600;
const RUN_GRACE_SECONDS = 300;

/** After the nights' backups, clear of every document's hours. */
const PRUNE_CRON = "15 4 * * *";

/** Clients, servers of a drill, restic's and Node.js' threads. */
const PIDS = 512;

/** What an upload that is under way takes to be left in order. */
const STOP_GRACE_SECONDS = 60;

export interface BackupScheduleArgs {
    group: BackupGroup;
    /** What each store of the group is to the toolbox, by its name. */
    stores: Record<string, BackedUpStore>;
    /** What is kept for longer than the document says, and in which time zone all this is. */
    policy: Pick<BackupConfig, "timeZone" | "retention" | "localDays" | "drill">;
    location: BackupLocation;
    /** What everything is encrypted with. */
    password: SecretText;
    /** What `Target.image` returned for the toolbox. */
    image: pulumi.Input<string>;
    resources: Resources;
    /** Locks, the history of runs, restic's cache, and room to restore in. */
    state: VolumeSpec;
    /** A second copy of what is backed up, kept for `policy.localDays`. Absent: there is none. */
    copy?: VolumeHandle;
    objectives: Objective[];
    logs: LogPolicy;
    target: Target;
    /** Where the stores and the bucket are. */
    segments: Segment[];
    /** What must be there before its first run. */
    after: pulumi.Resource[];
}

/** What is promised of a store: for who looks at a stack from outside. */
export interface SavedStore {
    store: string;
    /** Names within the stack of those that its data is on. */
    volumes: string[];
    /** When, in the syntax of cron. */
    crons: string[];
    retention: Backup["retention"];
    /** Recovery point objective: how much of the latest may be lost. */
    pointSeconds: number;
    /** What tells that it is not kept. */
    alert: LateAlert;
}

/** Backs stores up when their documents say so, reads back what it stored, and removes what is old. */
export class BackupSchedule extends pulumi.ComponentResource {
    readonly state: VolumeHandle;
    /** What it backs up; nothing where it only removes what is old. */
    readonly saved: SavedStore[];
    /** Where to. */
    readonly bucket: pulumi.Output<string>;
    readonly ready: pulumi.Resource[];

    /** @throws pulumi.InputPropertiesError with everything that is wrong with `args` */
    constructor(name: string, args: BackupScheduleArgs, opts?: pulumi.ComponentResourceOptions) {
        super("groundwork:backup:BackupSchedule", name, {}, opts);
        validate(args);
        this.state = args.target.volume(args.state, { parent: this });
        const { resources } = args.target.schedule(scheduleSpec(args, this.state), {
            parent: this,
            dependsOn: args.after,
        });
        this.ready = resources;
        this.saved = savedStores(args);
        this.bucket = pulumi.output(args.location.bucket);
        this.registerOutputs({
            state: volumeOutputs(this.state),
            saved: this.saved,
            bucket: this.bucket,
            ready: resourceOutputs(this.ready),
        });
    }
}

function scheduleSpec(args: BackupScheduleArgs, state: VolumeHandle): ScheduleSpec {
    const { group, stores, copy, policy, logs } = args;
    // A process of its own removes what is old; with it, it needs none of the stores, but to know of them.
    const mounted = mountsStores(args) ? Object.values(stores) : [];
    const copied: MountSpec[] = copy ? [{ volume: copy, path: COPY_DIRECTORY, readOnly: false, own: true }] : [];
    return {
        name: group.name,
        component: "backup",
        image: args.image,
        env: {},
        files: [...mounted.flatMap(({ files }) => files), ...ownFiles(args)],
        mounts: [
            ...mounted.flatMap(({ mounts }) => mounts),
            // Runs that mount the same store are on one node anyway; that of another waits for it.
            { volume: state, path: STATE_DIRECTORY, readOnly: false, own: true, follows: true },
            ...copied,
        ],
        tmpfs: [{ path: "/tmp", sizeMiB: 64 }],
        resources: args.resources,
        pidsLimit: PIDS,
        security: { user: group.user, addCapabilities: [], readOnlyRoot: true },
        ports: [{ name: "metrics", port: METRICS_PORT, protocol: "tcp" }],
        health: HEALTH,
        segments: args.segments,
        stopGraceSeconds: STOP_GRACE_SECONDS,
        logs: logRotation(logs),
        waitSeconds: waitSeconds(HEALTH),
        timeZone: policy.timeZone,
        itself: ["schedule"],
        runs: runsOf(args),
        ...(group.shipper !== undefined && { between: { name: group.shipper, args: ["wal"] } }),
    };
}

/** A group that prunes beside others that back up mounts no store. */
function mountsStores({ group, target }: BackupScheduleArgs): boolean {
    return !group.prunes || target.kind === "docker";
}

/** What prunes drills too: it knows all stores, and a drill mounts none. */
function runsOf({ group: { stores, prunes }, policy }: BackupScheduleArgs): ScheduledRun[] {
    const timeoutSeconds = RUN_SECONDS + RUN_GRACE_SECONDS;
    if (prunes) {
        const drill = drillCron(policy);
        return [
            { name: "prune", cron: PRUNE_CRON, args: ["prune"], timeoutSeconds },
            ...(drill === undefined ? [] : [{ name: "drill", cron: drill, args: ["drill"], timeoutSeconds }]),
        ];
    }
    return stores.flatMap(({ store, schedules }) =>
        schedules.map(({ name, cron }) => ({ name, cron, args: ["run", store, "--tier", name], timeoutSeconds })),
    );
}

function savedStores(args: BackupScheduleArgs): SavedStore[] {
    if (!mountsStores(args)) return [];
    const point = (scenario: Objective["scenario"]) =>
        Math.min(...args.objectives.filter((one) => one.scenario === scenario).map(({ rpoSeconds }) => rpoSeconds));
    return args.group.stores.map(({ store, schedules, retention }) => {
        const pointSeconds = point(DATABASES.has(store) ? "database-corruption" : "complete-loss");
        const runs = schedules.map(({ name }) => `${args.group.name}-${name}`);
        return {
            store,
            volumes: args.stores[store]!.mounts.map(({ volume }) => volume.spec.name),
            crons: schedules.map(({ cron }) => cron),
            retention: { ...retention, ...args.policy.retention },
            pointSeconds,
            alert: lateAlert({ store, runs }, args.target, pointSeconds),
        };
    });
}

function drillCron({ drill }: BackupScheduleArgs["policy"]): string | undefined {
    return drill === "none" ? undefined : DRILL_CRONS[drill];
}

function ownFiles(args: BackupScheduleArgs): FileSpec[] {
    const { location, group, password } = args;
    return [
        { path: CONFIGURATION, content: configuration(args), secret: false },
        { path: PASSWORD, content: password, secret: true },
        { path: WRITER, content: credentialsFile(location.writer), secret: true },
        ...(group.prunes ? [{ path: PRUNER, content: credentialsFile(location.pruner), secret: true }] : []),
    ];
}

/** As AWS's clients read it. */
function credentialsFile({ accessKeyId, secretAccessKey }: BucketCredentials): SecretText {
    return secretText(CREDENTIALS_FILE, { text: accessKeyId, form: "plain" }, { text: secretAccessKey, form: "plain" });
}

/** The toolbox's configuration: `configSchema` of packages/backup. It names files that hold secrets, and holds none. */
function configuration(args: BackupScheduleArgs): pulumi.Input<string> {
    const { target, location, group, policy, objectives } = args;
    const { stack, system, version } = target.identity;
    const text = (place: { endpoint: string; region: string; bucket: string }) =>
        sortedJson({
            version: 1,
            stack,
            system,
            release: version,
            timeZone: policy.timeZone,
            repository: {
                ...repositorySettings({ ...place, pathStyle: location.pathStyle }, stack),
                credentialsFile: WRITER,
                ...(group.prunes && { pruneCredentialsFile: PRUNER }),
                passwordFile: PASSWORD,
            },
            ...(args.copy && { localCopy: { path: COPY_DIRECTORY, days: policy.localDays } }),
            stores: Object.fromEntries(group.stores.map((backup) => [backup.store, storeSettings(backup, args)])),
            metrics: { port: METRICS_PORT },
            drill: { cron: drillCron(policy), reports: REPORTS },
            objectives: objectives.map(({ scenario, rtoSeconds, rpoSeconds }) => ({
                scenario,
                rtoSeconds,
                rpoSeconds,
            })),
        });
    const { endpoint, region, bucket } = location;
    const known = [endpoint, region, bucket].every((each) => typeof each === "string");
    return known
        ? text({ endpoint, region, bucket } as { endpoint: string; region: string; bucket: string })
        : pulumi
              .all([endpoint, region, bucket])
              .apply(([endpoint, region, bucket]) => text({ endpoint, region, bucket }));
}

function storeSettings(backup: Backup, { stores, policy }: BackupScheduleArgs): Record<string, unknown> {
    const { localDays: _copy, ...promised } = backup.retention;
    return {
        ...stores[backup.store]!.settings,
        schedules: backup.schedules,
        retention: { ...promised, ...policy.retention },
        timeoutSeconds: RUN_SECONDS,
    };
}

function validate(args: BackupScheduleArgs): void {
    const problems = new Problems();
    expectResources(problems, args.resources);
    for (const { store, schedules, retention } of args.group.stores) {
        const { daily, weekly, days } = { ...retention, ...args.policy.retention };
        problems
            .expect(args.stores[store] !== undefined, `stores.${store}`, "it is backed up but not given")
            .expect(schedules.length > 0, `group.stores.${store}.schedules`, "must have one: it would never run")
            .expect(
                [daily, weekly, days].some((kept) => kept !== undefined),
                `group.stores.${store}.retention`,
                "must say daily, weekly or days: nothing would ever be removed",
            );
    }
    problems.expect(args.group.stores.length > 0, "group.stores", "must have one: nothing would be backed up");
    problems.throwIfAny(`BackupSchedule "${args.group.name}"`);
}
