/** How long the first backup, the one after 1 % of change, and the way back take. */
import { row, type Row } from "../row";
import { change } from "./data";
import type { Trial } from "./postgres";

/** Seconds that something takes when nothing is still being written to the disk. */
type Timed = (what: string, work: () => Promise<number>) => Promise<number>;

export async function timeRows(trial: Trial): Promise<Row[]> {
    const { lab, rivals, say } = trial;
    const timed: Timed = async (what, work) => {
        await lab.settle();
        const took = await work();
        say(`  ${what}: ${took.toFixed(1)} s`);
        return took;
    };
    // It reads what is not in memory yet, so that it is nobody's figure.
    await timed("pg_dump | zstd, for nothing", async () => (await rivals.zstd()).took);
    // All that is compared with it is of the same rows, but for 1 %.
    const custom = await timed("pg_dump -Fc", () => rivals.custom());
    return [
        ...(await first(trial, timed, custom)),
        ...(await incremental(trial, timed, custom)),
        ...(await restored(trial, timed)),
    ];
}

async function first({ id, lab, rivals }: Trial, timed: Timed, custom: number): Promise<Row[]> {
    const theirs = {
        "pg_dump -Fc": custom,
        "pg_dump | zstd": await timed("pg_dump | zstd", async () => (await rivals.zstd()).took),
        "pgBackRest full": await timed("pgBackRest, full", () => rivals.pgBackRest("full")),
    };
    const files = await timed("backup run, files", () => lab.backup("run", "postgres", "--tier", "hourly"));
    const logical = await timed("backup run, logical", () => lab.backup("run", "postgres", "--tier", "daily"));
    const [fastest, took] = Object.entries(theirs).sort(([, one], [, other]) => one - other)[0]!;
    const others = Object.entries(theirs)
        .filter(([name]) => name !== fastest)
        .map(([name, value]) => `${name} ${value.toFixed(1)} s`)
        .join(", ");
    const against = { what: `${fastest}, the fastest`, runs: [took] };
    return [
        row(`${id}.first.files`, "s", [files], {
            against,
            aim: { of: "ratio", most: 1.25 },
            note: `encrypted and deduplicated; ${others}`,
        }),
        row(`${id}.first.logical`, "s", [logical], {
            against,
            note: "the same, and every row counted, every byte read back",
        }),
    ];
}

async function incremental({ id, lab, rivals, rows }: Trial, timed: Timed, custom: number): Promise<Row[]> {
    const both = async (what: string) => ({
        ours: await timed(`backup run, files, after 1 % of ${what}`, () =>
            lab.backup("run", "postgres", "--tier", "hourly"),
        ),
        pgBackRest: await timed("pgBackRest, incremental", () => rivals.pgBackRest("incr")),
    });
    await change(lab.postgres, rows, 1);
    const late = await both("change");
    await change(lab.postgres, rows, 2, true);
    const scattered = await both("change all over");
    const against = { what: "pg_dump -Fc", runs: [custom] };
    return [
        row(`${id}.incremental`, "s", [late.ours], {
            against,
            aim: { of: "ratio", most: 0.2 },
            note: `1 % of the rows, mostly of late; pgBackRest ${late.pgBackRest.toFixed(1)} s`,
        }),
        row(`${id}.incremental.scattered`, "s", [scattered.ours], {
            against,
            aim: { of: "ratio", most: 0.2 },
            note: `1 % of the rows, of any age; pgBackRest ${scattered.pgBackRest.toFixed(1)} s`,
        }),
    ];
}

/** The dump and the statements of before the changes; the files with all of them. */
async function restored({ id, lab, rivals }: Trial, timed: Timed): Promise<Row[]> {
    // First: what the other two load is log that this one would replay.
    const files = await timed("backup restore, files", () =>
        lab.backup("restore", "postgres", "--method", "physical", "--no-safety-copy"),
    );
    await lab.backup("restore", "postgres", "--undo");
    const theirFiles = await timed("pgBackRest restore", () => rivals.pgBackRestRestore());
    const pgRestore = await timed("pg_restore -j2", () => rivals.pgRestore());
    const statements = await timed("backup restore, logical", () =>
        lab.backup(
            ...["restore", "postgres", "--method", "logical", "--database", lab.postgres.database, "--into", "ours"],
        ),
    );
    await lab.postgres.sql("DROP DATABASE ours");
    await rivals.clear();
    const against = { what: "pg_restore -j2", runs: [pgRestore] };
    const aim = { of: "ratio", most: 1.2 } as const;
    return [
        row(`${id}.restore.logical`, "s", [statements], {
            against,
            aim,
            note: "analyzed, and every row proven against the manifest",
        }),
        row(`${id}.restore.files`, "s", [files], {
            against,
            aim,
            note: `to the last change: a server replays the log, and every page is checked; pgBackRest ${theirFiles.toFixed(1)} s without either`,
        }),
    ];
}
