/**
 * Backups and restores of one Postgres by the toolbox, beside `pg_dump`, `pg_dump | zstd` and pgBackRest, in one run on the same cores, disk
 * and data. All write to a directory, so that no network is measured; ours are encrypted and read back, the others are neither.
 */
import { type Bench, row, type Row, seconds } from "../row";
import { BenchLab } from "./bench-lab";
import { change, fill, rowsOf } from "./data";
import { Rivals } from "./rivals";

const DAYS = 30;
const MIB = 1 << 20;

export function postgresBench(gigabytes: number): Bench {
    const id = `backup.${gigabytes}gb`;
    return {
        id,
        async run(say) {
            const lab = new BenchLab();
            try {
                await lab.open();
                return await measure(lab, gigabytes, id, say);
            } finally {
                await lab.close();
            }
        },
    };
}

async function measure(lab: BenchLab, gigabytes: number, id: string, say: (line: string) => void): Promise<Row[]> {
    const rows = rowsOf(gigabytes);
    say(`  ${rows} rows, made in ${(await seconds(() => fill(lab.postgres, rows))).toFixed(0)} s`);
    const rivals = new Rivals(lab, lab.postgres.database);
    await rivals.prepare();
    const told = async (what: string, work: () => Promise<number>): Promise<number> => {
        await lab.settle();
        const took = await work();
        say(`  ${what}: ${took.toFixed(1)} s`);
        return took;
    };

    // The first one reads what is not in memory yet, so that it is nobody's figure.
    await told("pg_dump -Fc, for nothing", () => rivals.custom());
    const custom = await told("pg_dump -Fc", () => rivals.custom());
    let dumpBytes = 0;
    const zstd = await told("pg_dump | zstd", async () => {
        const { took, bytes } = await rivals.zstd();
        dumpBytes = bytes;
        return took;
    });
    const full = await told("pgBackRest, full", () => rivals.pgBackRest("full"));
    const logical = await told("backup run, logical", () => lab.backup("run", "postgres", "--tier", "daily"));
    const physical = await told("backup run, files", () => lab.backup("run", "postgres", "--tier", "hourly"));
    const fastest = Math.min(custom, zstd, full);

    await change(lab.postgres, rows, 1);
    const again = await told("backup run, files, after 1 % of change", () =>
        lab.backup("run", "postgres", "--tier", "hourly"),
    );
    const incremental = await told("pgBackRest, incremental", () => rivals.pgBackRest("incr"));
    const dump = await told("pg_dump -Fc", () => rivals.custom());
    await change(lab.postgres, rows, 2, true);
    const scattered = await told("backup run, files, after 1 % of change all over", () =>
        lab.backup("run", "postgres", "--tier", "hourly"),
    );
    const theirsScattered = await told("pgBackRest, incremental", () => rivals.pgBackRest("incr"));

    const pgRestore = await told("pg_restore -j2", () => rivals.pgRestore());
    const restore = await told("backup restore, logical", () =>
        lab.backup(
            ...["restore", "postgres", "--method", "logical", "--database", lab.postgres.database, "--into", "ours"],
        ),
    );
    const theirFiles = await told("pgBackRest restore", () => rivals.pgBackRestRestore());
    const files = await told("backup restore, files", () =>
        lab.backup("restore", "postgres", "--method", "physical", "--no-safety-copy"),
    );
    await lab.postgres.sql("DROP DATABASE ours");
    await rivals.clear();

    const stored = gigabytes === 1 ? [await month(lab, rivals, rows, dumpBytes, id, say)].flat() : [];
    return [
        row(`${id}.first.files`, "s", [physical], {
            against: { what: "the fastest of pg_dump -Fc, pg_dump | zstd, pgBackRest full", runs: [fastest] },
            aim: { of: "ratio", most: 1.25 },
            note: "encrypted, deduplicated, read back",
        }),
        row(`${id}.first.logical`, "s", [logical], {
            against: { what: "the fastest of them", runs: [fastest] },
            note: "with a proof of every table",
        }),
        row(`${id}.incremental`, "s", [again], {
            against: { what: "pg_dump -Fc", runs: [dump] },
            aim: { of: "ratio", most: 0.2 },
            note: `1 % of the rows, mostly of late; pgBackRest ${incremental.toFixed(1)} s`,
        }),
        row(`${id}.incremental.scattered`, "s", [scattered], {
            against: { what: "pg_dump -Fc", runs: [dump] },
            note: `1 % of the rows, of any age; pgBackRest ${theirsScattered.toFixed(1)} s`,
        }),
        row(`${id}.restore.logical`, "s", [restore], {
            against: { what: "pg_restore -j2", runs: [pgRestore] },
            aim: { of: "ratio", most: 1.2 },
            note: "proven against the manifest",
        }),
        row(`${id}.restore.files`, "s", [files], {
            against: { what: "pgBackRest restore", runs: [theirFiles] },
            note: "a server is started on it and proves it",
        }),
        ...stored,
    ];
}

/** What a month of days with 1 % of change takes, beside as many dumps. */
async function month(
    lab: BenchLab,
    rivals: Rivals,
    rows: number,
    dumpBytes: number,
    id: string,
    say: (line: string) => void,
): Promise<Row> {
    for (let day = 1; day <= DAYS; day += 1) {
        await change(lab.postgres, rows, 100 + day);
        await lab.backup("run", "postgres", "--tier", "hourly");
        if (day % 10 === 0) say(`  day ${day}`);
    }
    const last = await rivals.zstd();
    const mib = (bytes: number): number => bytes / MIB;
    return row(`${id}.stored`, "MiB", [mib(await lab.bytes("toolbox", "/repository"))], {
        against: { what: `${DAYS} files of pg_dump | zstd`, runs: [mib((DAYS * (dumpBytes + last.bytes)) / 2)] },
        aim: { of: "ratio", most: 0.2 },
        note: `${DAYS} days, a logical backup and the log of changes among it`,
    });
}
