import { Redis } from "ioredis";

import type { Logger } from "../observe/log";
import { type Store, STORE_TIMEOUT_MS } from "./types";

/** Longest pause between two attempts to connect, in milliseconds. */
const LONGEST_PAUSE_MS = 1000;

export class RedisStore implements Store {
    readonly client: Redis;

    constructor(
        private readonly url: string,
        private readonly logger: Logger,
    ) {
        this.client = this.connect({ commandTimeout: STORE_TIMEOUT_MS });
    }

    /** A connection for commands that block, which must not hold up the others. */
    blocking(): Redis {
        return this.connect({});
    }

    async check(): Promise<Record<string, unknown>> {
        const start = performance.now();
        const answer = await this.client.ping();
        if (answer !== "PONG") throw new Error(`Redis answered ${answer} to PING`);
        return { latencyMs: Math.round((performance.now() - start) * 10) / 10 };
    }

    async close(): Promise<void> {
        // Without a connection there is nothing to say goodbye to.
        if (this.client.status === "ready") await this.client.quit();
        else this.client.disconnect();
    }

    private connect(options: { commandTimeout?: number }): Redis {
        const client = new Redis(this.url, {
            ...options,
            connectTimeout: STORE_TIMEOUT_MS,
            maxRetriesPerRequest: 1,
            retryStrategy: (attempt) => Math.min(attempt * 100, LONGEST_PAUSE_MS),
        });
        let lost = false;
        client.on("error", (error: Error) => {
            // Once per outage, not once per attempt.
            if (!lost) this.logger.warn({ error: { message: error.message } }, "Redis cannot be reached");
            lost = true;
        });
        client.on("ready", () => {
            if (lost) this.logger.info("Redis can be reached again");
            lost = false;
        });
        return client;
    }
}
