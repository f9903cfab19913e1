/**
 * Jobs in Redis, under the names that Bull gives them: `<name>:id`, `<name>:wait`, `<name>:active`, `<name>:completed`,
 * `<name>:failed` and a hash `<name>:<job>` for each, so that the commands of the systems' runbooks read them.
 */
import type { Redis } from "ioredis";

/** A worker that has not renewed its lock for this long is taken for dead. */
export const LOCK_MS = 10_000;

/** Finished jobs are kept for a week, as the maintenance of the queue says. */
const KEEP_SECONDS = 7 * 24 * 3600;

/** KEYS: the active and the waiting jobs; ARGV: the one to move. */
const RECLAIM = `
    local removed = redis.call("LREM", KEYS[1], 1, ARGV[1])
    if removed == 1 then redis.call("RPUSH", KEYS[2], ARGV[1]) end
    return removed
`;

export interface Job {
    id: string;
    data: unknown;
    /** Milliseconds since the epoch. */
    timestamp: number;
    attempts: number;
}

export class Queue {
    /** Active jobs that had no lock at the last look. */
    private suspects = new Set<string>();

    /** `name` is e.g. `bull:scan`; `wait` what the runbooks call the list of waiting jobs. */
    constructor(
        readonly name: string,
        private readonly wait: string,
        private readonly redis: Redis,
    ) {}

    async add(data: unknown): Promise<string> {
        const id = String(await this.redis.incr(this.key("id")));
        await this.redis
            .multi()
            .hset(this.key(id), { data: JSON.stringify(data), timestamp: Date.now(), attempts: 0 })
            .lpush(this.key(this.wait), id)
            .exec();
        return id;
    }

    async waiting(): Promise<number> {
        return this.redis.llen(this.key(this.wait));
    }

    /** Seconds that the oldest waiting job has waited; 0 when none does. */
    async oldestWaitSeconds(): Promise<number> {
        const [id] = await this.redis.lrange(this.key(this.wait), -1, -1);
        const timestamp = id === undefined ? null : await this.redis.hget(this.key(id), "timestamp");
        return timestamp === null ? 0 : Math.max(0, (Date.now() - Number(timestamp)) / 1000);
    }

    async counts(): Promise<Record<"waiting" | "active" | "completed" | "failed", number>> {
        const [waiting, active, completed, failed] = await Promise.all([
            this.waiting(),
            this.redis.llen(this.key("active")),
            this.redis.zcard(this.key("completed")),
            this.redis.zcard(this.key("failed")),
        ]);
        return { waiting, active, completed, failed };
    }

    async find(id: string): Promise<Record<string, unknown> | undefined> {
        const hash = await this.redis.hgetall(this.key(id));
        if (hash.timestamp === undefined) return undefined;
        const state =
            hash.finishedOn === undefined ? "waiting" : hash.failedReason === undefined ? "completed" : "failed";
        return { id, state, ...hash, data: JSON.parse(hash.data ?? "null") as unknown };
    }

    /** Waits up to `seconds` for a job on `blocking`, and takes it into the list of active ones. */
    async take(blocking: Redis, seconds: number): Promise<Job | undefined> {
        const id = await blocking.blmove(this.key(this.wait), this.key("active"), "RIGHT", "LEFT", seconds);
        if (id === null) return undefined;
        await this.lock(id);
        const attempts = await this.redis.hincrby(this.key(id), "attempts", 1);
        const [data, timestamp] = await this.redis.hmget(this.key(id), "data", "timestamp");
        return {
            id,
            data: JSON.parse(data ?? "null") as unknown,
            timestamp: Number(timestamp ?? Date.now()),
            attempts,
        };
    }

    /** Says that the job's worker lives; to be renewed within LOCK_MS. */
    async lock(id: string): Promise<void> {
        await this.redis.set(this.key(`${id}:lock`), "1", "PX", LOCK_MS);
    }

    async finish(job: Job, failedReason?: string): Promise<void> {
        const set = failedReason === undefined ? "completed" : "failed";
        const now = Date.now();
        await this.redis
            .multi()
            .hset(this.key(job.id), { finishedOn: now, ...(failedReason !== undefined && { failedReason }) })
            .expire(this.key(job.id), KEEP_SECONDS)
            .zadd(this.key(set), now, job.id)
            .zremrangebyscore(this.key(set), "-inf", now - KEEP_SECONDS * 1000)
            .lrem(this.key("active"), 0, job.id)
            .del(this.key(`${job.id}:lock`))
            .exec();
    }

    /** Puts a job back, to be taken again. */
    async putBack(id: string): Promise<void> {
        await this.redis
            .multi()
            .lrem(this.key("active"), 0, id)
            .rpush(this.key(this.wait), id)
            .del(this.key(`${id}:lock`))
            .exec();
    }

    /**
     * Puts back the jobs of workers that died; returns how many. Call it every LOCK_MS: a job counts as abandoned when it has no lock
     * twice in a row, since one that was only just taken may not have its lock yet.
     */
    async recoverStalled(): Promise<number> {
        const unlocked = new Set<string>();
        let recovered = 0;
        for (const id of await this.redis.lrange(this.key("active"), 0, -1)) {
            if ((await this.redis.exists(this.key(`${id}:lock`))) === 1) continue;
            unlocked.add(id);
            if (this.suspects.has(id)) recovered += await this.reclaim(id);
        }
        this.suspects = unlocked;
        return recovered;
    }

    /** In one step: of all workers that look, one puts it back, and one that is killed in between loses nothing. @returns how many: 0 or 1 */
    private async reclaim(id: string): Promise<number> {
        return Number(await this.redis.eval(RECLAIM, 2, this.key("active"), this.key(this.wait), id));
    }

    private key(part: string): string {
        return `${this.name}:${part}`;
    }
}
