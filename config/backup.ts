/** Where a stack's backups go and for how long they are kept, once defaults are filled in. */
import { documentLocalDays, type DrillRhythm } from "../systems/backup";
import type { Environment, System } from "../systems/types";
import { effectiveValues, type Get } from "./effective";
import type { ConfigInput } from "./schema";

export type BucketConfig =
    | { kind: "local" }
    | {
          kind: "s3";
          name: string;
          endpoint: string;
          region: string;
          /** CIDRs of the server, for what filters by address; absent: it is on the internet. */
          addresses?: string[];
      }
    | {
          kind: "aws";
          /** Absent: one of the provider's making. */
          name?: string;
          region: string;
          /** Absent: no copy elsewhere. */
          replicaRegion?: string;
          /** For how long what was removed or overwritten can be brought back. */
          noncurrentDays: number;
          /** Absent: none. */
          lock?: { mode: "governance" | "compliance"; days: number };
      };

export interface BackupConfig {
    enabled: boolean;
    /** IANA name for the schedules; default UTC. */
    timeZone: string;
    /** Absent where there are no backups. */
    bucket?: BucketConfig;
    /** What is kept for longer than the document says. */
    retention?: BackupRetention;
    drill: DrillRhythm;
    /** Days that a second copy is kept on the machine; 0: there is none. */
    localDays: number;
}

export interface BackupRetention {
    daily?: number;
    weekly?: number;
    days?: number;
}

/** S3 knows no other where a server does not care. */
const ANY_REGION = "us-east-1";

/** @param system as its document has it. The rules have found what is missing: here that is empty. */
export function backupConfig(input: ConfigInput, system: System, environment: Environment): BackupConfig {
    const get = effectiveValues({ input, system, environment });
    const enabled = get("backup.enabled");
    const retention = input.backup?.retention;
    const bucket = bucketConfig(input.backup?.bucket ?? {}, get);
    return {
        enabled,
        timeZone: get("backup.timeZone"),
        ...(enabled && { bucket }),
        ...(retention && { retention }),
        drill: get("backup.drill"),
        localDays: input.backup?.localDays ?? defaultLocalDays(system, bucket, get("target")),
    };
}

/** The document's, where there is one machine, and where the bucket itself is not on it. */
function defaultLocalDays(system: System, bucket: BucketConfig, target: string): number {
    return target === "docker" && bucket.kind !== "local" ? documentLocalDays(system) : 0;
}

function bucketConfig(said: NonNullable<NonNullable<ConfigInput["backup"]>["bucket"]>, get: Get): BucketConfig {
    const { name, endpoint, region, replicaRegion, addresses } = said;
    const kind = get("backup.bucket.kind");
    switch (kind) {
        case "local":
            return { kind };
        case "s3": {
            const server = { name: name ?? "", endpoint: endpoint ?? "", region: region ?? ANY_REGION };
            return { kind, ...server, ...(addresses && { addresses }) };
        }
        case "aws": {
            const mode = get("backup.bucket.lock.mode");
            return {
                kind,
                ...(name && { name }),
                region: region ?? "",
                ...(replicaRegion && { replicaRegion }),
                noncurrentDays: get("backup.bucket.noncurrentDays"),
                ...(mode !== "none" && { lock: { mode, days: get("backup.bucket.lock.days") } }),
            };
        }
    }
}

/** The most days that any backup of a system is kept, by its document or by the stack. */
export function longestRetentionDays(system: Pick<System, "backups">, more: BackupRetention = {}): number {
    const kept = [more, ...system.backups.map(({ retention }) => retention)];
    return Math.max(0, ...kept.flatMap(({ daily = 0, weekly = 0, days = 0 }) => [daily, weekly * 7, days]));
}
