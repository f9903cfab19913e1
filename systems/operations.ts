/** What a document says on running a system: logs, backups, alerts, recovery, smoke checks. Part of `types.ts`. */
import type { PerEnvironment } from "./types";

export interface LogPolicy {
    level: PerEnvironment<string>;
    /** Rotation of each container's log on its host. */
    maxFileMiB: number;
    maxFiles: number;
    /** Days by kind of log, e.g. `{application: 30, audit: 365}`. */
    retentionDays: Record<string, number>;
    /** Paths of log files that the document names. */
    files: string[];
}

export interface Backup {
    /** `postgres`, `redis`, `memgraph`, `sqlite`, or a volume's name, or `config`. */
    store: string;
    /** In UTC unless the stack says otherwise. Empty: not scheduled, `method` says why. */
    schedules: { name: string; cron: string; kind: "full" | "incremental" | "logical" | "snapshot" }[];
    retention: { daily?: number; weekly?: number; days?: number; localDays?: number };
    /** How the document does it. */
    method: string;
    /** The bucket that the document uploads to. */
    bucket?: string;
    source: string;
}

export interface Alert {
    name: string;
    /** What the document says, in its words. */
    condition: string;
    forSeconds: number;
    severity: "critical" | "warning" | "info";
    summary: string;
    source: string;
}

export interface Objective {
    scenario: "service-crash" | "database-corruption" | "complete-loss" | "infrastructure-failure";
    /** Recovery time objective. */
    rtoSeconds: number;
    /** Recovery point objective. */
    rpoSeconds: number;
    priority?: string;
    source: string;
}

/**
 * How to prove from outside that the platform works, through the edge. An answer passes with a 2xx status when
 * everything that `expect` names, at any depth, is equal in its JSON; what `expect` does not name is not looked at, and
 * an empty one asks for the status alone, so the answer need not be JSON.
 */
export interface Smoke {
    health: { service: string; path: string; expect: Record<string, unknown> };
    /** Deeper checks, each through the edge or, where the route is not public, inside the container. */
    deep: {
        name: string;
        service: string;
        path: string;
        method?: "GET" | "POST";
        body?: unknown;
        expect: Record<string, unknown>;
    }[];
}
