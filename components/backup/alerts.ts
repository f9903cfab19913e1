/**
 * What tells that a store is not backed up as its objective asks: Prometheus rules over what the stack, or its cluster,
 * measures.
 */
import type { Backup } from "../../systems/types";
import type { StackIdentity, Target } from "../../targets/target";

const MINUTE = 60;

/** Beyond the objective: the next run may take longer than the last one did. */
const LEAST_GRACE_SECONDS = 30 * MINUTE;
const GRACE = 0.1;

/** A scrape or two that failed are no alert. */
const FOR_SECONDS = 5 * MINUTE;

/** Tells that the newest backup of a store is too old, or that there is none. */
export interface LateAlert {
    name: "BackupLate";
    /** In Prometheus' language. */
    expr: string;
    /** Since the last good backup, in seconds. */
    afterSeconds: number;
}

/**
 * @param runs in Kubernetes the CronJobs' names
 * @param pointSeconds how much of the latest may be lost
 */
export function lateAlert(
    { store, runs }: { store: string; runs: readonly string[] },
    target: Pick<Target, "kind" | "identity">,
    pointSeconds: number,
): LateAlert {
    const afterSeconds = pointSeconds + Math.max(LEAST_GRACE_SECONDS, Math.ceil(pointSeconds * GRACE));
    const last = lastGood(store, runs, target);
    return {
        name: "BackupLate",
        expr: `(time() - max(${last}) > ${afterSeconds}) or absent(${last})`,
        afterSeconds,
    };
}

/** When the last one was good: on Docker the toolbox says it itself, on Kubernetes kube-state-metrics says it of CronJobs. */
function lastGood(
    store: string,
    runs: readonly string[],
    { kind, identity }: Pick<Target, "kind" | "identity">,
): string {
    switch (kind) {
        case "docker":
            return `groundwork_backup_last_verified_timestamp_seconds{stack="${identity.stack}",store="${store}"}`;
        case "kubernetes":
            return `kube_cronjob_status_last_successful_time{namespace="${identity.prefix}",cronjob=~"${runs.join("|")}"}`;
    }
}

export interface SavedAlert {
    store: Backup["store"];
    alert: LateAlert;
}

/** As a file of rules that Prometheus reads, which takes JSON for the YAML that it is. */
export function prometheusRules(saved: readonly SavedAlert[], { stack }: Pick<StackIdentity, "stack">) {
    const rules = saved.map(({ store, alert: { name, expr, afterSeconds } }) => ({
        alert: name,
        expr,
        for: `${FOR_SECONDS}s`,
        labels: { severity: "critical", stack, store },
        annotations: {
            summary: `No good backup of ${store} of ${stack} for ${Math.round(afterSeconds / MINUTE)} minutes`,
        },
    }));
    return { groups: rules.length === 0 ? [] : [{ name: `groundwork ${stack} backups`, rules }] };
}

export type PrometheusRules = ReturnType<typeof prometheusRules>;
