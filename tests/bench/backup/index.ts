import { row, type Bench, type Row } from "../row";
import { BenchLab } from "./lab";

const DAYS = 30;

/** Backups and restores of Postgres beside what people use else, in one run, on the same data and cores. */
export const backupBenches: Bench[] = [
    {
        id: "backup",
        run: async (say, { gigabytes }) => {
            const lab = new BenchLab(gigabytes);
            try {
                await lab.open(say);
                return await measure(lab, say);
            } finally {
                await lab.close();
            }
        },
    },
];

async function measure(lab: BenchLab, say: (line: string) => void): Promise<Row[]> {
    const mib = (bytes: number) => bytes / 1024 / 1024;
    await lab.atServer("pgbackrest --stanza=main stanza-create");
    say("  first backups");
    const dump = await lab.atServer("pg_dump -U app -Fc -f /others/app.dump app");
    const zstd = await lab.atServer("pg_dump -U app app | zstd -q -T2 -f -o /others/app.sql.zst");
    const full = await lab.atServer("pgbackrest --stanza=main --type=full backup");
    const files = await lab.toolbox("run", "postgres", "--kind", "incremental");
    const logical = await lab.toolbox("run", "postgres", "--kind", "logical");
    const fastest = Math.min(dump, zstd, full);
    const name = [dump, zstd, full].indexOf(fastest);
    const dumped = await lab.bytes("postgres", "/others/app.sql.zst");

    say("  restores");
    const loaded = await lab.atServer(
        "createdb -U app copy && pg_restore -U app -j2 -d copy /others/app.dump && dropdb -U app copy",
    );
    const recovered = await lab.toolbox("restore", "postgres", "--no-safety-copy");
    const database = await lab.toolbox(
        "restore",
        "postgres",
        "--method",
        "logical",
        "--into",
        "copy2",
        "--no-safety-copy",
    );
    const others = await lab.atServer(
        "mkdir -m 700 /others/restored && pgbackrest --stanza=main --pg1-path=/others/restored restore && rm -r /others/restored",
    );
    await lab.sql("DROP DATABASE copy2");

    say("  a day's changes");
    await lab.changeOnePercent();
    const again = await lab.atServer("pg_dump -U app -Fc -f /others/app.dump app");
    const incremental = await lab.toolbox("run", "postgres", "--kind", "incremental");
    const otherIncremental = await lab.atServer("pgbackrest --stanza=main --type=incr backup");

    say(`  ${DAYS} days`);
    for (let day = 1; day < DAYS; day += 1) {
        await lab.changeOnePercent();
        await lab.toolbox("run", "postgres", "--kind", "incremental");
    }
    const stored = await lab.bytes("toolbox", "/backups");
    await lab.atServer("pg_dump -U app app | zstd -q -T2 -f -o /others/app.sql.zst");
    const dumpedLast = await lab.bytes("postgres", "/others/app.sql.zst");
    const thirtyDumps = (DAYS * (dumped + dumpedLast)) / 2;
    const size = `${lab.rows} rows at the end; changes are in the newest 1 % of the rows, as in tables that grow: scattered ones change more of the files`;

    return [
        row("backup.first", "s", [files], {
            against: { what: ["pg_dump -Fc", "pg_dump | zstd", "pgBackRest"][name]!, runs: [fastest] },
            aim: { of: "ratio", most: 1.25 },
            note: `everything is read back; pg_dump -Fc ${dump.toFixed(1)} s, pg_dump | zstd ${zstd.toFixed(1)} s, pgBackRest ${full.toFixed(1)} s`,
        }),
        row("backup.first-logical", "s", [logical], { against: { what: "pg_dump -Fc", runs: [dump] } }),
        row("backup.incremental", "s", [incremental], {
            against: { what: "pg_dump -Fc", runs: [again] },
            aim: { of: "ratio", most: 0.2 },
            note: size,
        }),
        row("backup.incremental-beside-pgbackrest", "s", [incremental], {
            against: { what: "pgBackRest incr", runs: [otherIncremental] },
        }),
        row("backup.stored-30-days", "MiB", [mib(stored)], {
            against: { what: "30 pg_dump | zstd", runs: [mib(thirtyDumps)] },
            aim: { of: "ratio", most: 0.2 },
            note: "with one logical backup; the dumps' size is the mean of the first and the last",
        }),
        row("backup.restore", "s", [recovered], {
            against: { what: "pg_restore -j2", runs: [loaded] },
            aim: { of: "ratio", most: 1.2 },
            note: `the whole cluster from files, recovered and with every page checked; pgBackRest only copies: ${others.toFixed(1)} s`,
        }),
        row("backup.restore-logical", "s", [database], {
            against: { what: "pg_restore -j2", runs: [loaded] },
            note: "every row compared with the manifest",
        }),
    ];
}
