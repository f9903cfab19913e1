/** What a system's document says that it exports to Prometheus. */
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from "prom-client";

/** Buckets in seconds, around the documents' threshold of two seconds for slow answers. */
const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10];

export class Metrics {
    readonly registry = new Registry();
    readonly requests: Counter<"method" | "path" | "status">;
    readonly duration: Histogram<"method" | "path">;

    /** `prefix` is `opencode_` where the document puts one in front. */
    constructor(private readonly prefix: string) {
        collectDefaultMetrics({ register: this.registry });
        this.requests = new Counter({
            name: `${prefix}http_requests_total`,
            help: "Total HTTP requests",
            labelNames: ["method", "path", "status"],
            registers: [this.registry],
        });
        this.duration = new Histogram({
            name: `${prefix}http_request_duration_seconds`,
            help: "HTTP request duration",
            labelNames: ["method", "path"],
            buckets: SECONDS,
            registers: [this.registry],
        });
    }

    counter<L extends string>(name: string, help: string, labelNames: L[]): Counter<L> {
        return new Counter({ name: this.prefix + name, help, labelNames, registers: [this.registry] });
    }

    histogram(name: string, help: string, buckets = SECONDS): Histogram {
        return new Histogram({ name: this.prefix + name, help, buckets, registers: [this.registry] });
    }

    /** Read at each scrape. A reading that fails leaves the gauge out of that scrape, so that an alert on its absence fires. */
    gauge<L extends string>(
        name: string,
        help: string,
        read: () => Promise<number> | number,
        labels?: Record<L, string>,
    ): void {
        new Gauge({
            name: this.prefix + name,
            help,
            labelNames: Object.keys(labels ?? {}),
            registers: [this.registry],
            async collect() {
                this.reset();
                try {
                    const value = await read();
                    if (labels) this.set(labels, value);
                    else this.set(value);
                } catch {
                    // A gauge without labels is 0 after a reset, which would be a lie.
                    if (!labels) this.remove();
                }
            },
        });
    }
}
