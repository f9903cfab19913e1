/** Records in the system's main store, and a cache in Redis. */
import { HttpError, type Router } from "../http/router";
import type { Logger } from "../observe/log";
import type { RedisStore } from "../stores/redis";
import type { ItemStore } from "../stores/types";

const MAX_ID_LENGTH = 256;

/**
 * `POST <path>` `{id, value}` answers 201 when the record is durable; `GET <path>/:id`; `GET <path>?count=1`. `audit` gets a line for
 * each change.
 */
export function addItemRoutes(router: Router, path: string, items: ItemStore, audit: Logger): void {
    router.add("POST", path, async (request) => {
        const body = (await request.json()) as { id?: unknown; value?: unknown } | null;
        const { id, value } = body ?? {};
        if (typeof id !== "string" || id === "" || id.length > MAX_ID_LENGTH) {
            throw new HttpError(422, "VAL_001", `"id" must be a text of 1 to ${MAX_ID_LENGTH} characters`);
        }
        if (value === undefined) throw new HttpError(422, "VAL_001", '"value" is missing');
        await available(items.put(id, value));
        audit.info({ action: "item.put", id, requestId: request.id }, "item stored");
        return { status: 201, body: { id, value } };
    });
    router.add("GET", path, async (request) => {
        if (!request.url.searchParams.has("count")) {
            throw new HttpError(400, "BAD_QUERY", `ask for ${path}?count=1 or ${path}/<id>`);
        }
        return { body: { count: await available(items.count()) } };
    });
    router.add("GET", `${path}/:id`, async (request) => {
        const id = request.params.id!;
        const value = await available(items.get(id));
        if (value === undefined) throw new HttpError(404, "NOT_FOUND", "there is no item of this id");
        return { body: { id, value } };
    });
}

/** `PUT /api/cache/:key` keeps any JSON for `ttlSeconds`; `GET` reads it back. */
export function addCacheRoutes(router: Router, redis: RedisStore, ttlSeconds: number): void {
    router.add("PUT", "/api/cache/:key", async (request) => {
        const value = await request.json();
        await available(redis.client.set(`cache:${request.params.key}`, JSON.stringify(value), "EX", ttlSeconds));
        return { body: { key: request.params.key, value, expiresInSeconds: ttlSeconds } };
    });
    router.add("GET", "/api/cache/:key", async (request) => {
        const text = await available(redis.client.get(`cache:${request.params.key}`));
        if (text === null) throw new HttpError(404, "NOT_FOUND", "the cache has no such key");
        return { body: { key: request.params.key, value: JSON.parse(text) as unknown } };
    });
}

/** A store that cannot do it now is no fault of the program: 503, and the caller may try again. */
export async function available<T>(work: Promise<T>): Promise<T> {
    try {
        return await work;
    } catch (error) {
        throw Object.assign(new HttpError(503, "DB_001", "the store does not answer; try again"), { cause: error });
    }
}
