/** One running service: its settings, stores, routes and background work, and the order in which they end. */
import type { Settings } from "./config/settings";
import { Router } from "./http/router";
import { HttpServer } from "./http/server";
import { createLogger, forModule, type Logger } from "./observe/log";
import { Metrics } from "./observe/metrics";
import type { Profile } from "./profiles/types";

/** Requests of machines that come every few seconds. */
const QUIET = ["/api/health", "/api/health/db", "/api/health/redis", "/health", "/healthz", "/readyz", "/metrics"];

/** Variables that hold the origins of the system's web app. */
const ORIGINS = ["ALLOWED_ORIGINS", "CORS_ORIGIN", "CORS_ORIGINS", "WEB_BASE_URL"];

interface Stoppable {
    start(): void;
    stop(): Promise<void>;
}

export class App {
    readonly router = new Router();
    readonly metrics: Metrics;
    private readonly root: Logger;
    private readonly server: HttpServer;
    private readonly stores: { close(): Promise<void> }[] = [];
    private readonly workers: Stoppable[] = [];
    private readonly stopping = new AbortController();
    private readonly tasks: Promise<void>[] = [];

    constructor(
        private readonly profile: Profile,
        readonly settings: Settings,
        output?: (line: string) => void,
    ) {
        this.metrics = new Metrics(profile.metricsPrefix ?? "");
        this.root = createLogger(
            {
                format: profile.logFormat,
                level: settings.text("LOG_LEVEL"),
                secrets: settings.secrets,
                ...profile.logFiles?.(settings),
            },
            output,
        );
        this.server = new HttpServer({
            router: this.router,
            logger: this.logger("access"),
            metrics: this.metrics,
            origins: ORIGINS.filter((name) => settings.has(name)).flatMap((name) => settings.list(name)),
            quiet: QUIET,
        });
        if (!settings.has("METRICS_ENABLED") || settings.flag("METRICS_ENABLED")) this.addMetricsRoute();
        profile.setUp(this);
    }

    logger(module: string): Logger {
        return forModule(this.root, this.profile.logFormat, module);
    }

    /** Closes it when the service stops, after the last request. */
    own<T extends { close(): Promise<void> }>(store: T): T {
        this.stores.push(store);
        return store;
    }

    /** Runs beside the server, and stops before the stores are closed. */
    run(worker: Stoppable): void {
        this.workers.push(worker);
    }

    /** A task that ends by itself, or soon after the signal. It must not throw. */
    background(task: (signal: AbortSignal) => Promise<void>): void {
        this.tasks.push(task(this.stopping.signal));
    }

    /** Resolves with the port once it listens. */
    async start(): Promise<number> {
        const port = await this.server.listen(this.settings.number("PORT"));
        for (const worker of this.workers) worker.start();
        this.logger("main").info(
            { action: "start", port, version: process.version },
            `${this.profile.title} listens on ${port}`,
        );
        return port;
    }

    /** Finishes what runs, takes nothing new, closes the stores. */
    async stop(): Promise<void> {
        const logger = this.logger("main");
        logger.info({ action: "stop" }, "stopping: finishing what runs");
        this.stopping.abort();
        const graceMs = this.settings.number("SHUTDOWN_GRACE_SECONDS") * 1000;
        await Promise.all([this.server.drain(graceMs), ...this.workers.map((worker) => worker.stop()), ...this.tasks]);
        const closed = await Promise.allSettled(this.stores.map((store) => store.close()));
        for (const result of closed) {
            if (result.status === "rejected") logger.warn({ error: result.reason as Error }, "a store did not close");
        }
        logger.info({ action: "stopped" }, "stopped");
    }

    private addMetricsRoute(): void {
        const { registry } = this.metrics;
        this.router.add("GET", "/metrics", async () => ({
            body: await registry.metrics(),
            type: registry.contentType,
        }));
    }
}
