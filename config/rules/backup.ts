/** Rules between where backups go, how long they are locked there and how long they are kept. */
import { isIP } from "node:net";

import { BUCKET_KEYS } from "../../systems/backup";
import { longestRetentionDays } from "../backup";
import { at, effective } from "../effective";
import type { RuleContext } from "./context";
import { keepsSecretsElsewhere } from "./external-secrets";

const path = (key: string) => ["backup", "bucket", ...key.split(".")];

/** Keys that say something with these kinds only. */
const MEANINGFUL: Record<string, readonly string[]> = {
    name: ["s3", "aws"],
    endpoint: ["s3"],
    addresses: ["s3"],
    region: ["s3", "aws"],
    replicaRegion: ["aws"],
    noncurrentDays: ["aws"],
    lock: ["aws"],
};

export function backupBucket(context: RuleContext): void {
    if (effective(context, "backup.enabled") !== true || context.problems.touches(path("kind"))) return;
    const kind = effective(context, "backup.bucket.kind")!;
    localOnlyInDev(context, kind);
    inVain(context, kind);
    if (kind === "s3") needed(context, kind, { name: "example-backups", endpoint: "https://s3.example.com" });
    if (kind === "aws") needed(context, kind, { region: "eu-central-1" });
    if (kind === "aws") replica(context);
    addresses(context);
    if (kind === "s3") bucketKeys(context);
}

function localOnlyInDev({ problems, environment }: RuleContext, kind: string): void {
    if (kind !== "local" || environment === "dev") return;
    problems.add({
        path: path("kind"),
        value: kind,
        rule: `must be aws or s3 in ${environment}: a server in the stack is lost with what it keeps a copy of`,
        remedy: problems.set(path("kind"), "aws"),
    });
}

function inVain({ input, problems }: RuleContext, kind: string): void {
    for (const [key, kinds] of Object.entries(MEANINGFUL)) {
        if (at(input, path(key)) === undefined || kinds.includes(kind) || problems.touches(path(key))) continue;
        problems.add({
            path: path(key),
            rule: `has no meaning with backup.bucket.kind ${kind}, only with ${kinds.join(" and ")}`,
            remedy: problems.remove(path(key)),
        });
    }
}

function needed({ input, problems }: RuleContext, kind: string, examples: Record<string, string>): void {
    for (const [key, example] of Object.entries(examples)) {
        if (at(input, path(key)) !== undefined || problems.touches(path(key))) continue;
        problems.add({
            path: path(key),
            rule: `is required with backup.bucket.kind ${kind} where backups are enabled`,
            remedy: problems.set(path(key), example),
        });
    }
}

/** A stack in prod has its backups twice; and two copies in one region are one. */
function replica({ input, problems, environment }: RuleContext): void {
    const { region, replicaRegion } = input.backup?.bucket ?? {};
    if (problems.touches(path("replicaRegion"))) return;
    if (replicaRegion === undefined && environment === "prod") {
        problems.add({
            path: path("replicaRegion"),
            rule: "is required in prod: a region can be lost as a whole, and the backups with it",
            remedy: problems.set(path("replicaRegion"), "eu-west-1"),
        });
    }
    if (replicaRegion !== undefined && replicaRegion === region) {
        problems.add({
            path: path("replicaRegion"),
            value: replicaRegion,
            rule: "must be another region than backup.bucket.region",
        });
    }
}

/** Network policies know addresses only, and Docker's networks do not filter at all. */
function addresses(context: RuleContext): void {
    const { input, problems } = context;
    const said = input.backup?.bucket;
    if (said?.addresses === undefined || problems.touches(path("addresses"))) return;
    const onDocker = effective(context, "target") === "docker";
    const host = said.endpoint === undefined ? "" : new URL(said.endpoint).hostname.replace(/^\[|\]$/g, "");
    if (!onDocker && isIP(host) === 0) return;
    problems.add({
        path: path("addresses"),
        rule: onDocker
            ? "has no meaning with target docker, whose networks do not filter by address"
            : "has no meaning beside an endpoint that is an address itself",
        remedy: problems.remove(path("addresses")),
    });
}

/** Outside of dev they are told of with every secret that is required; in dev a placeholder would stand for them, and open nothing. */
function bucketKeys(context: RuleContext): void {
    const { input, problems, environment } = context;
    if (environment !== "dev" || keepsSecretsElsewhere(context)) return;
    for (const name of Object.values(BUCKET_KEYS)) {
        const secret = ["secrets", name];
        if (input.secrets?.[name] !== undefined || problems.touches(secret)) continue;
        problems.add({
            path: secret,
            rule: "is required for the server of backup.bucket.endpoint: nobody but you has its keys",
            remedy: problems.set(secret, ""),
        });
    }
}

/**
 * Removal hides an object, and the bucket's lifecycle removes what is hidden: retention, lock and lifecycle follow each other only when the
 * lock is the shortest of them.
 */
export function backupLock(context: RuleContext): void {
    const { system, input, problems } = context;
    const enabled = effective(context, "backup.enabled") === true;
    if (!enabled || effective(context, "backup.bucket.kind") !== "aws") return;
    if (effective(context, "backup.bucket.lock.mode") === "none") return;
    const days = effective(context, "backup.bucket.lock.days")!;
    const noncurrent = effective(context, "backup.bucket.noncurrentDays")!;
    const kept = longestRetentionDays(system, input.backup?.retention);
    const lockDays = path("lock.days");
    if (problems.touches(lockDays) || problems.touches(path("noncurrentDays"))) return;
    if (days > noncurrent) {
        problems.add({
            path: lockDays,
            value: days,
            rule: `must not be above backup.bucket.noncurrentDays, ${noncurrent}: the bucket would be told to remove what is locked`,
            remedy: problems.set(path("noncurrentDays"), days),
        });
    }
    if (kept > 0 && days > kept) {
        problems.add({
            path: lockDays,
            value: days,
            rule: `must not be above ${kept}, the longest that a backup of ${system.key} is kept: what retention no longer keeps would stay`,
            remedy: problems.set(lockDays, kept),
        });
    }
}

/** A stack may keep more than the document promises, not less. */
export function backupRetention({ system, input, problems }: RuleContext): void {
    for (const tier of ["daily", "weekly", "days"] as const) {
        const key = ["backup", "retention", tier];
        const value = input.backup?.retention?.[tier];
        const promised = Math.max(0, ...system.backups.map(({ retention }) => retention[tier] ?? 0));
        if (value === undefined || value >= promised || problems.touches(key)) continue;
        problems.add({
            path: key,
            value,
            rule: `must not be below ${promised}, which the document of ${system.key} promises`,
            remedy: problems.set(key, promised),
        });
    }
}

/**
 * Nobody publishes the toolbox under its name in the catalog: whoever took that name would be handed the keys to the backups, and to all that is
 * in them. In dev it is built on the machine.
 */
export function backupImage(context: RuleContext): void {
    const { system, input, problems, environment } = context;
    const tools = system.backup;
    if (tools === undefined || environment === "dev" || effective(context, "images.source") !== "registry") return;
    const key = ["images", "overrides", tools.image];
    if (at(input, key) !== undefined || input.images?.mirror !== undefined) return;
    if (problems.touches(key) || problems.touches(["images", "mirror"])) return;
    problems.add({
        path: key,
        rule: `is required in ${environment} where backups are enabled, or images.mirror: nobody publishes the backup toolbox. Build it and push it to a registry of yours: docs/production.md, "The backup toolbox"`,
        remedy: problems.set(key, "registry.example.com/groundwork/backup:1.0.0"),
    });
}

/** A cluster has no machine of the stack's own. */
export function backupLocalDays(context: RuleContext): void {
    const { input, problems } = context;
    const key = ["backup", "localDays"];
    const days = input.backup?.localDays;
    if (days === undefined || days === 0 || effective(context, "target") === "docker" || problems.touches(key)) return;
    problems.add({
        path: key,
        value: days,
        rule: "has no meaning with target kubernetes: a pod's node is not the stack's own, and the bucket is where it is",
        remedy: problems.remove(key),
    });
}
