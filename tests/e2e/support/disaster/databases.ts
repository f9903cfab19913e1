/** Rows, vectors and keys of a stack of DEBT-OS that would show a loss, and writes that go on until everything is gone. */
import { setTimeout as sleep } from "node:timers/promises";

import { systemOf } from "../../../../systems";
import { shippedAt } from "../shipped";
import { waitFor } from "../wait";
import type { Ruin } from "./place";

const SCHEMA = `
CREATE TABLE ticks (n integer PRIMARY KEY, at timestamptz NOT NULL DEFAULT clock_timestamp());
CREATE TABLE documents (id bigint PRIMARY KEY, body jsonb, embedding vector(32));
CREATE INDEX documents_embedding ON documents USING hnsw (embedding vector_cosine_ops);
INSERT INTO documents SELECT n, jsonb_build_object('n', n, 'text', md5(n::text)),
    (SELECT array_agg(sin(n * i))::vector FROM generate_series(1, 32) i) FROM generate_series(1, 3000) n;
CREATE TABLE dropped AS SELECT n, md5(n::text) FROM generate_series(1, 1000) n;
`;

/** By the index: nothing else may be used. */
const NEAREST = `
SET enable_seqscan = off;
SELECT string_agg(id::text, ',') FROM
    (SELECT id FROM documents ORDER BY embedding <=> (SELECT embedding FROM documents WHERE id = 77) LIMIT 10) nearest;
`;

/** A checksum over every key of a prefix and its value. */
const KEYS = `
local all = redis.call('KEYS', ARGV[1] .. '*') table.sort(all)
local sum = '' for _, key in ipairs(all) do sum = redis.sha1hex(sum .. key .. redis.call('GET', key)) end
return #all .. ' ' .. sum`;

export interface Acknowledged {
    n: number;
    /** As `Date.now()` has it. */
    at: number;
}

export class Databases {
    private readonly acknowledged: Acknowledged[] = [];
    private load?: Promise<void>;
    private writes = false;

    constructor(private readonly ruin: Ruin) {}

    sql(text: string): Promise<string> {
        const { user, database } = systemOf("debt-os").stores.postgres!;
        const client = `exec psql -h 127.0.0.1 -U ${user} -d ${database} -v ON_ERROR_STOP=1 -qtA`;
        return this.ruin.inside(
            "postgres",
            `PGPASSWORD="$(cat /run/secrets/POSTGRES_PASSWORD)" ${client} <<'END'\n${text}\nEND`,
        );
    }

    redis(command: string): Promise<string> {
        const client = `REDISCLI_AUTH="$(cat /run/secrets/REDIS_PASSWORD)" exec redis-cli`;
        return this.ruin.inside("redis", `${client} ${command}`);
    }

    async fill(): Promise<void> {
        await this.sql(SCHEMA);
        const script = "for i = 1, 5000 do redis.call('SET', 'kept:' .. i, string.rep('value' .. i, 3)) end return 1";
        await this.redis(`EVAL "${script}" 0`);
    }

    /** A digest of everything that was written before the load began. */
    async digest() {
        const rows = (table: string) =>
            this.sql(`SELECT count(*) || ' ' || md5(string_agg(t::text, E'\\n' ORDER BY t::text)) FROM ${table} t`);
        return {
            documents: await rows("documents"),
            dropped: await rows("dropped"),
            nearest: await this.sql(NEAREST),
            keys: await this.redis(`EVAL "${KEYS}" 0 kept:`),
        };
    }

    /** Waits until the log of what is committed by now is in the bucket. */
    async shipped(): Promise<void> {
        const asked = Date.now() / 1000;
        const metrics = () => this.ruin.inside(this.ruin.shipper, "curl -fsS http://127.0.0.1:9469/metrics");
        const isShipped = async () => shippedAt(await metrics()) > asked;
        await waitFor(isShipped, { what: "the log in the bucket", seconds: 600 });
    }

    startLoad(): void {
        this.writes = true;
        this.load = this.write();
    }

    /** For what is destroyed meanwhile. @returns what was acknowledged, once the last write has ended */
    stopLoad(): { ended: Promise<Acknowledged[]> } {
        this.writes = false;
        return { ended: this.load!.then(() => this.acknowledged) };
    }

    /** One after the other, without a gap. */
    private async write(): Promise<void> {
        for (let n = 1; ; n += 1) {
            // What was not acknowledged may have been written all the same.
            const tick = `INSERT INTO ticks VALUES (${n}) ON CONFLICT (n) DO UPDATE SET at = excluded.at RETURNING n;`;
            if (!(await this.isAcknowledged(() => this.sql(tick), String(n)))) return;
            this.acknowledged.push({ n, at: Date.now() });
            if (!(await this.isAcknowledged(() => this.redis(`SET load:${n} ${n}`), "OK"))) return;
        }
    }

    /** Tries until the answer is the wanted one: a busy machine may be late with any. False when the load is stopped before. */
    private async isAcknowledged(write: () => Promise<string>, wanted: string): Promise<boolean> {
        while (this.writes) {
            const answer = await write().catch(() => undefined);
            if (answer === wanted) return true;
            await sleep(200);
        }
        return false;
    }
}
