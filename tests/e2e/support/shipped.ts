/**
 * @param metrics of a toolbox that ships Postgres' log
 * @returns when it began what it shipped last, in seconds since 1970; 0 when it has shipped nothing
 */
export function shippedAt(metrics: string): number {
    return Number(/^\w*wal_shipped_timestamp_seconds\S* (\S+)$/m.exec(metrics)?.[1] ?? 0);
}
