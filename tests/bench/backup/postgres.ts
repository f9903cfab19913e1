/**
 * Backups and restores of one Postgres by the toolbox, beside `pg_dump`, `pg_dump | zstd` and pgBackRest, in one run on the same cores,
 * disk and data. All write to a directory, so that no network is measured; ours are encrypted and read back, the others are neither.
 */
import { type Bench, seconds } from "../row";
import { BenchLab } from "./bench-lab";
import { fill, rowsOf } from "./data";
import { storedRows } from "./month";
import { Rivals } from "./rivals";
import { timeRows } from "./times";

/** What the parts of the bench work on. */
export interface Trial {
    /** Its rows' ids begin with it. */
    id: string;
    lab: BenchLab;
    rivals: Rivals;
    /** Rows of the table before anything changes. */
    rows: number;
    say: (line: string) => void;
}

/** @param parts.month whether a month of changes is lived too, which takes longer than all else */
export function postgresBench(gigabytes: number, { month }: { month: boolean }): Bench {
    const id = `backup.${gigabytes}gb`;
    return {
        id,
        async run(say, asked) {
            const lab = new BenchLab();
            try {
                await lab.open();
                const rows = rowsOf(gigabytes);
                say(`  ${rows} rows, made in ${(await seconds(() => fill(lab.postgres, rows))).toFixed(0)} s`);
                const rivals = new Rivals(lab, lab.postgres.database);
                await rivals.prepare();
                const trial = { id, lab, rivals, rows, say };
                return [
                    ...(["first", "incremental", "restore"].some((part) => asked(`${id}.${part}`))
                        ? await timeRows(trial)
                        : []),
                    ...(month && asked(`${id}.stored`) ? await storedRows(trial) : []),
                ];
            } finally {
                await lab.close();
            }
        },
    };
}
