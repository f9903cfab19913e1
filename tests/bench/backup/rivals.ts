/** What people use without us: `pg_dump`, its output through zstd, and pgBackRest, each on as many cores as there are. */
import { cpus } from "node:os";

import type { BenchLab } from "./bench-lab";

const CORES = cpus().length;

const CONNECTION = "-h postgres -U app";

/** Full, and then only what changed, block by block; its archive of the log is not asked for. */
const CONFIGURATION = `[global]
repo1-path=/rivals/pgbackrest
repo1-bundle=y
repo1-block=y
repo1-retention-full=9
process-max=${CORES}
compress-type=zst
start-fast=y
archive-check=n
log-level-console=warn
log-level-file=off
[bench]
pg1-path=/data/pgdata
pg1-socket-path=/socket
pg1-user=app
pg1-database=postgres
`;

const PGBACKREST = "pgbackrest --config=/rivals/pgbackrest.conf --stanza=bench";

export class Rivals {
    constructor(
        private readonly lab: BenchLab,
        private readonly database: string,
    ) {}

    async prepare(): Promise<void> {
        await this.lab.rival(`mkdir -p /rivals/pgbackrest && cat >/rivals/pgbackrest.conf <<'END'
${CONFIGURATION}END
${PGBACKREST} stanza-create`);
    }

    async custom(): Promise<number> {
        return (await this.lab.rival(`pg_dump ${CONNECTION} -Fc -f /rivals/dump.custom "${this.database}"`)).took;
    }

    /** Seconds, and bytes of the file. */
    async zstd(): Promise<{ took: number; bytes: number }> {
        const { took } = await this.lab.rival(
            `pg_dump ${CONNECTION} "${this.database}" | zstd -q -f -T${CORES} -o /rivals/dump.zst`,
        );
        return { took, bytes: Number((await this.lab.rival("stat -c %s /rivals/dump.zst")).said) };
    }

    async pgBackRest(type: "full" | "incr"): Promise<number> {
        return (await this.lab.rival(`${PGBACKREST} --type=${type} backup`)).took;
    }

    /** As many jobs as the aim names, into a new database. */
    async pgRestore(): Promise<number> {
        const target = "rival";
        await this.lab.rival(
            `dropdb ${CONNECTION} --if-exists ${target} && createdb ${CONNECTION} -T template0 ${target}`,
        );
        return (await this.lab.rival(`pg_restore ${CONNECTION} -j2 -d ${target} /rivals/dump.custom`)).took;
    }

    async pgBackRestRestore(): Promise<number> {
        await this.lab.rival("rm -rf /rivals/restored && mkdir -m 700 /rivals/restored");
        return (await this.lab.rival(`${PGBACKREST} --pg1-path=/rivals/restored --type=none restore`)).took;
    }

    async clear(): Promise<void> {
        await this.lab.rival(`dropdb ${CONNECTION} --if-exists rival; rm -rf /rivals/restored /rivals/dump.*`);
    }
}
