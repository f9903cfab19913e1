import type { PostgresStore } from "../../../../systems/types";
import type { Inventory } from "./inventory";

/**
 * What a statement answers, unaligned and without a head, asked inside of a pod with its own client and password.
 * @param sql has no double quote, `$` or backquote
 */
export async function askPostgres(there: Inventory, pod: string, store: PostgresStore, sql: string): Promise<string> {
    const client = `psql -h 127.0.0.1 -U ${store.user} -d ${store.database} -XAtc "${sql}"`;
    const script = `PGPASSWORD="$(cat /run/secrets/POSTGRES_PASSWORD)" exec ${client}`;
    return (await there.exec(pod, "sh", "-c", script)).trim();
}
