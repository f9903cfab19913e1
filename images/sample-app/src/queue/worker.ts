/** Takes jobs from a queue, one at a time, until it is told to stop. */
import { setTimeout as sleep } from "node:timers/promises";

import type { Redis } from "ioredis";

import type { Logger } from "../observe/log";
import type { Metrics } from "../observe/metrics";
import { type Job, LOCK_MS, type Queue } from "./queue";

/** How often a job is tried. */
const MAX_ATTEMPTS = 3;

/** How long one wait for a job lasts; also how long a stop takes when there is none. */
const WAIT_SECONDS = 1;

interface WorkerOptions {
    queue: Queue;
    /** A connection of its own, for waiting. */
    blocking: Redis;
    /** Must do no harm when it is called twice for a job. */
    process: (job: Job) => Promise<void>;
    logger: Logger;
    metrics: Metrics;
}

export class Worker {
    private running = true;
    private done: Promise<void> | undefined;
    private readonly processed;
    private readonly latency;

    constructor(private readonly options: WorkerOptions) {
        this.processed = options.metrics.counter("bull_jobs_total", "Jobs that ended", ["status"]);
        this.latency = options.metrics.histogram("bull_job_wait_seconds", "Time from adding a job to taking it");
    }

    start(): void {
        this.done = Promise.all([this.work(), this.watch()]).then(() => undefined);
    }

    /** Finishes the job at hand, takes no other. */
    async stop(): Promise<void> {
        this.running = false;
        await this.done;
        this.options.blocking.disconnect();
    }

    private async work(): Promise<void> {
        while (this.running) {
            try {
                const job = await this.options.queue.take(this.options.blocking, WAIT_SECONDS);
                if (job) await this.handle(job);
            } catch (error) {
                // Redis is away; the store's own log says so. The job, if one was taken, is put back once its lock is gone.
                this.options.logger.debug({ error }, "could not take a job");
                await sleep(WAIT_SECONDS * 1000);
            }
        }
    }

    private async handle(job: Job): Promise<void> {
        const { queue, logger } = this.options;
        this.latency.observe((Date.now() - job.timestamp) / 1000);
        const start = performance.now();
        const facts = { action: "job", queue: queue.name, jobId: job.id, attempt: job.attempts };
        const renew = setInterval(() => {
            queue.lock(job.id).catch((error: unknown) => logger.warn({ ...facts, error }, "could not keep the job"));
        }, LOCK_MS / 3);
        try {
            await this.options.process(job);
            await queue.finish(job);
            this.processed.inc({ status: "completed" });
            logger.info({ ...facts, duration: Math.round(performance.now() - start) }, "job completed");
        } catch (error) {
            const last = job.attempts >= MAX_ATTEMPTS;
            logger[last ? "error" : "warn"]({ ...facts, error }, last ? "job failed" : "job failed and is tried again");
            if (last) await queue.finish(job, (error as Error).message);
            else await queue.putBack(job.id);
            this.processed.inc({ status: last ? "failed" : "retried" });
        } finally {
            clearInterval(renew);
        }
    }

    /** Looks for jobs of dead workers. */
    private async watch(): Promise<void> {
        for (let waited = LOCK_MS; this.running; waited += WAIT_SECONDS * 1000) {
            if (waited >= LOCK_MS) {
                waited = 0;
                await this.recoverStalled();
            }
            await sleep(WAIT_SECONDS * 1000);
        }
    }

    private async recoverStalled(): Promise<void> {
        const { queue, logger } = this.options;
        try {
            const recovered = await queue.recoverStalled();
            if (recovered > 0) logger.warn({ recovered }, "put back jobs of a worker that died");
        } catch (error) {
            logger.debug({ error }, "could not look for jobs of workers that died");
        }
    }
}
