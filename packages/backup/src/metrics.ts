/** What is measured, as Prometheus reads it. */
import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { dirname } from "node:path";

import type { BackupConfig } from "./config";
import { type History, readHistory } from "./history";
import { log } from "./log";
import { readGauges, type Gauge } from "./gauges";

interface Metric {
    name: string;
    help: string;
    type: "gauge" | "counter";
    samples: { labels: Record<string, string>; value: number }[];
}

/** The text of `/metrics`. */
export function metricsText(config: BackupConfig, history: History, gauges: Gauge[], now: Date): string {
    const seconds = now.getTime() / 1000;
    const tiers = Object.entries(config.stores).flatMap(([store, { schedules }]) =>
        schedules.map(({ name: tier }) => ({ store, tier, one: history[`${store}/${tier}`] })),
    );
    const of = (value: (one: NonNullable<(typeof tiers)[number]["one"]>) => number | undefined): Metric["samples"] =>
        tiers.flatMap(({ store, tier, one }) => {
            const found = one && value(one);
            return found === undefined ? [] : [{ labels: { store, tier }, value: found }];
        });
    const metrics: Metric[] = [
        {
            name: "last_verified_timestamp_seconds",
            help: "When the last backup had been uploaded and read back.",
            type: "gauge",
            samples: of((one) => one.lastSuccess),
        },
        {
            name: "last_verified_age_seconds",
            help: "Seconds since then; -1 when there has been none.",
            type: "gauge",
            samples: tiers.map(({ store, tier, one }) => ({
                labels: { store, tier },
                value: one?.lastSuccess === undefined ? -1 : seconds - one.lastSuccess,
            })),
        },
        {
            name: "last_duration_seconds",
            help: "How long the last good backup took, with reading it back.",
            type: "gauge",
            samples: of((one) => one.seconds),
        },
        {
            name: "last_size_bytes",
            help: "What the last good backup holds.",
            type: "gauge",
            samples: of((one) => one.bytes),
        },
        {
            name: "last_added_bytes",
            help: "What the repository grew by with it.",
            type: "gauge",
            samples: of((one) => one.addedBytes),
        },
        {
            name: "failures_total",
            help: "Runs that failed.",
            type: "counter",
            samples: tiers.map(({ store, tier, one }) => ({ labels: { store, tier }, value: one?.failures ?? 0 })),
        },
        {
            name: "last_run_failed",
            help: "1 when the last run of the tier failed.",
            type: "gauge",
            samples: of((one) => ((one.lastFailure ?? 0) > (one.lastSuccess ?? 0) ? 1 : 0)),
        },
        ...grouped(gauges),
    ];
    return metrics
        .filter(({ samples }) => samples.length > 0)
        .map((metric) => textOf(config.stack, metric))
        .join("");
}

/** One metric a name, whatever its labels are. */
function grouped(gauges: Gauge[]): Metric[] {
    const metrics = new Map<string, Metric>();
    for (const { name, help, labels, value } of gauges) {
        const metric = metrics.get(name) ?? { name, help, type: "gauge" as const, samples: [] };
        metric.samples.push({ labels, value });
        metrics.set(name, metric);
    }
    return [...metrics.values()];
}

function textOf(stack: string, { name, help, type, samples }: Metric): string {
    const full = `groundwork_backup_${name}`;
    const lines = samples.map(({ labels, value }) => {
        const all = Object.entries({ stack, ...labels }).map(
            ([key, text]) => `${key}="${text.replace(/[\\"]/g, "\\$&")}"`,
        );
        return `${full}{${all.join(",")}} ${value}`;
    });
    return [`# HELP ${full} ${help}`, `# TYPE ${full} ${type}`, ...lines, ""].join("\n");
}

export function currentMetrics(config: BackupConfig): string {
    return metricsText(config, readHistory(config.stateDirectory), readGauges(config.stateDirectory), new Date());
}

/** For node_exporter's textfile collector; renamed into place, because it may be read at any moment. */
export function writeMetricsFile(config: BackupConfig): void {
    const { file } = config.metrics;
    if (!file) return;
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(`${file}.new`, currentMetrics(config), { mode: 0o644 });
    renameSync(`${file}.new`, file);
}

/** `/metrics` and `/healthz`. */
export function serveMetrics(config: BackupConfig): Promise<Server> {
    const server = createServer((request, response) => {
        if (request.url === "/healthz") return void response.end("ok\n");
        if (request.url !== "/metrics") return void response.writeHead(404).end();
        response.setHeader("content-type", "text/plain; version=0.0.4; charset=utf-8");
        response.end(currentMetrics(config));
    });
    return new Promise((resolve, reject) => {
        server.once("error", reject);
        server.listen(config.metrics.port, () => {
            log.info({ port: config.metrics.port }, "metrics are served");
            resolve(server);
        });
    });
}
