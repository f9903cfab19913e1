/**
 * What a platform's database is like: text, JSON and vectors, of which little compresses to nothing, and changes that are mostly of late.
 */
import { cpus } from "node:os";

import type { PostgresLab } from "../../e2e/backup/support/postgres";

/** Bytes of a row with its part of the index, as measured: what sizes are made of. */
const ROW_BYTES = 1_900;

const TABLE = "documents";

/** Rows of a table of so many gigabytes (10⁹ bytes). */
export function rowsOf(gigabytes: number): number {
    return Math.round((gigabytes * 1e9) / ROW_BYTES);
}

const PREPARE = `
CREATE EXTENSION vector;
CREATE TABLE words AS SELECT n, substr(md5(n::text), 1, 2 + n % 9) AS word FROM generate_series(0, 4095) n;
CREATE TABLE sentences AS
    SELECT n, (SELECT string_agg(word, ' ') FROM generate_series(1, 14) i JOIN words w ON w.n = (hashint4(n * 31 + i) & 4095)) AS text
    FROM generate_series(0, 65535) n;
ALTER TABLE sentences ADD PRIMARY KEY (n);
CREATE TABLE ${TABLE} (id bigint PRIMARY KEY, body text NOT NULL, data jsonb NOT NULL, embedding vector(128) NOT NULL);
`;

/** Nine sentences, some fields and 128 dimensions a row. */
function rowsFrom(first: number, last: number, seed: number): string {
    return `SELECT r.id,
            (SELECT string_agg(s.text, '. ') FROM generate_series(1, 9) i JOIN sentences s ON s.n = (hashint8(r.id * 17 + i + ${seed}) & 65535)),
            jsonb_build_object('id', r.id, 'owner', md5((r.id % 977)::text), 'score', random(), 'tags', ARRAY[r.id % 7, r.id % 11, r.id % 13]),
            (SELECT array_agg(random()::real)::vector FROM generate_series(1, 128) WHERE r.id IS NOT NULL)
        FROM generate_series(${first}::bigint, ${last}) AS r(id)`;
}

export async function fill(postgres: PostgresLab, rows: number): Promise<void> {
    await postgres.sql(PREPARE);
    const step = 20_000;
    let first = 1;
    const insert = async (): Promise<void> => {
        while (first <= rows) {
            const last = Math.min(rows, first + step - 1);
            const statement = `INSERT INTO ${TABLE} ${rowsFrom(first, last, 0)}`;
            first = last + 1;
            await postgres.sql(statement);
        }
    };
    await Promise.all(cpus().map(insert));
    await postgres.sql(`VACUUM (FREEZE, ANALYZE) ${TABLE}; CHECKPOINT`);
}

/** Changes a hundredth of the rows: half are new, half are older ones of the newest tenth. `scattered`: all are older ones of any age. */
export async function change(postgres: PostgresLab, rows: number, seed: number, scattered = false): Promise<void> {
    const newest = Number((await postgres.sql(`SELECT max(id) FROM ${TABLE}`)).trim());
    const count = Math.round(rows / 100);
    const updated = scattered ? count : Math.round(count / 2);
    const from = scattered ? 1 : Math.round(newest * 0.9);
    await postgres.sql(`UPDATE ${TABLE} SET data = data || jsonb_build_object('changed', ${seed}, 'at', clock_timestamp())
        WHERE id IN (SELECT ${from} + (random() * ${newest - from})::bigint FROM generate_series(1, ${updated}))`);
    if (!scattered) await postgres.sql(`INSERT INTO ${TABLE} ${rowsFrom(newest + 1, newest + count - updated, seed)}`);
    await postgres.sql("CHECKPOINT");
}
