/** Short ways to write alerts, and those that the silent documents take over. */
import type { Alert } from "../types";

export type AlertRow = [
    name: string,
    condition: string,
    forSeconds: number,
    severity: Alert["severity"],
    summary: string,
];

/** Alerts of one section of a document. */
export function alertsFrom(source: string, rows: AlertRow[]): Alert[] {
    return rows.map(([name, condition, forSeconds, severity, summary]) => ({
        name,
        condition,
        forSeconds,
        severity,
        summary,
        source,
    }));
}

/** OpenCode's alerts on what every platform has: processes, answers, memory and disk. */
export function takenOverAlerts(title: string): Alert[] {
    return alertsFrom("Taken over from OpenCode's Alert Rules: the document states none", [
        ["ServiceDown", "up == 0", 120, "critical", `${title} service is down`],
        ["HighErrorRate", "error_rate > 5%", 300, "critical", "Error rate above 5%"],
        ["DiskSpaceCritical", "disk_usage > 90%", 300, "critical", "Disk usage above 90%"],
        ["HighLatency", "p95_latency > 2000ms", 600, "warning", "High API latency detected"],
        ["MemoryHigh", "memory_usage > 80%", 600, "warning", "Memory usage above 80%"],
    ]);
}
