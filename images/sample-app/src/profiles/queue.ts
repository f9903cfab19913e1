/** What the systems with a queue have in common: an API that adds jobs to it, and workers that do them. */
import { createHash } from "node:crypto";

import type { App } from "../app";
import { HttpError } from "../http/router";
import type { Job, Queue } from "../queue/queue";
import { Worker } from "../queue/worker";
import { addCacheRoutes, addItemRoutes, available } from "../routes/items";
import type { PostgresStore } from "../stores/postgres";
import type { RedisStore } from "../stores/redis";

const CACHE_SECONDS = 300;

export interface QueueStores {
    db: PostgresStore;
    cache: RedisStore;
    queue: Queue;
}

/** @param names path of the jobs, and the audit log's name as the system's document writes it */
export function setUpQueueApi(
    app: App,
    { db, cache, queue }: QueueStores,
    names: { jobs: string; audit: string },
): void {
    addItemRoutes(app.router, "/api/items", db.items, app.logger(names.audit));
    addCacheRoutes(app.router, cache, CACHE_SECONDS);
    addQueueRoutes(app, names.jobs, queue);
}

/** @param name the worker's name in the logs */
export function setUpQueueWorker(app: App, { db, cache, queue }: QueueStores, name: string): void {
    app.run(
        new Worker({
            queue,
            blocking: cache.blocking(),
            logger: app.logger(name),
            metrics: app.metrics,
            process: (job) => recordJob(db, queue.name, job),
        }),
    );
}

/** What stands for a job's real work: a digest of its data, kept in the database, once however often the job runs. */
async function recordJob(db: PostgresStore, queue: string, job: Job): Promise<void> {
    const data = JSON.stringify(job.data);
    const digest = createHash("sha256").update(data).digest("hex");
    await db.pool.query(
        "INSERT INTO jobs (queue, job_id, data, digest) VALUES ($1, $2, $3, $4) ON CONFLICT (queue, job_id) DO NOTHING",
        [queue, job.id, data, digest],
    );
}

/** `POST <path>` adds a job; `GET <path>/:id` tells its state; metrics tell the queue's length. */
function addQueueRoutes(app: App, path: string, queue: Queue): void {
    app.router.add("POST", path, async (request) => {
        const id = await available(queue.add(await request.json()));
        return { status: 202, body: { id, state: "waiting" } };
    });
    app.router.add("GET", path, async () => ({ body: await available(queue.counts()) }));
    app.router.add("GET", `${path}/:id`, async (request) => {
        const job = await available(queue.find(request.params.id!));
        if (!job) throw new HttpError(404, "NOT_FOUND", "there is no job of this id");
        return { body: job };
    });
}

export function addQueueMetrics(app: App, queue: Queue): void {
    const labels = { queue: queue.name.replace(/^bull:/, "") };
    app.metrics.gauge("bull_queue_waiting", "Jobs that wait", () => queue.waiting(), labels);
    app.metrics.gauge(
        "bull_queue_oldest_wait_seconds",
        "How long the oldest waiting job has waited",
        () => queue.oldestWaitSeconds(),
        labels,
    );
}
