/** The bytes that a month of backups takes, beside as many files of `pg_dump | zstd`. */
import { row, type Row } from "../row";
import { DAY_MS } from "./clock";
import { change } from "./data";
import type { Trial } from "./postgres";

const DAYS = 30;
const MIB = 1 << 20;

/** What DEBT-OS's Backup Schedule asks for; the other documents keep a month. */
const FEWER = { daily: 7, weekly: 4 };

/** Each day 1 % of the rows changes, then the files are backed up, once a week read anew. The log is shipped all the time. */
export async function storedRows(trial: Trial): Promise<Row[]> {
    const { id, lab, rivals, rows, say } = trial;
    await lab.startOver();
    const began = Date.now();
    const dumps: number[] = [];
    for (let day = 1; day <= DAYS; day++) {
        await change(lab.postgres, rows, 100 + day);
        const tier = day % 7 === 0 ? "weekly-full" : "hourly";
        // It is bytes that are measured, so that one need not wait for the other.
        const [dump] = await Promise.all([rivals.zstd(), lab.backupOn(day, "run", "postgres", "--tier", tier)]);
        dumps.push(dump.bytes);
        if (day % 5 === 0)
            say(`  day ${day}: ${mib(await lab.stored()).toFixed(0)} MiB, the dumps ${total(dumps).toFixed(0)} MiB`);
    }
    const unpruned = mib(await lab.stored());
    await lab.backupOn(DAYS, "prune");
    const all = mib(await lab.stored());
    lab.configure(FEWER);
    await lab.backupOn(DAYS, "prune");
    const fewer = mib(await lab.stored());
    const kept = (await lab.backupTimes()).map((at) => dumps[Math.floor((at - began) / DAY_MS) - 1]!);
    say(`  pruned: ${all.toFixed(0)} MiB, with ${kept.length} backups kept ${fewer.toFixed(0)} MiB`);
    const aim = { of: "ratio", most: 0.2 } as const;
    return [
        row(`${id}.stored`, "MiB", [all], {
            against: { what: `${DAYS} files of pg_dump | zstd`, runs: [total(dumps)] },
            aim,
            note: `a backup of the files every day for ${DAYS} days, and all of the log since the first; ${unpruned.toFixed(0)} MiB before a prune`,
        }),
        row(`${id}.stored.fewer`, "MiB", [fewer], {
            against: { what: `files of pg_dump | zstd of the same ${kept.length} days`, runs: [total(kept)] },
            note: `${FEWER.daily} daily and ${FEWER.weekly} weekly ones kept, and all of the log since the oldest`,
        }),
        await statements(trial),
    ];
}

/** What one more daily backup as statements adds: a dump is read as a whole, and stored where it differs. */
async function statements({ id, lab, rivals, rows }: Trial): Promise<Row> {
    const run = (day: number) => lab.backupOn(day, "run", "postgres", "--tier", "daily");
    await run(DAYS + 1);
    const before = await lab.stored("/stores");
    await change(lab.postgres, rows, 200);
    const [dump] = await Promise.all([rivals.zstd(), run(DAYS + 2)]);
    return row(`${id}.stored.statements`, "MiB", [mib((await lab.stored("/stores")) - before)], {
        against: { what: "one more file of pg_dump | zstd", runs: [mib(dump.bytes)] },
        note: "what another daily backup as statements adds",
    });
}

const mib = (bytes: number): number => bytes / MIB;

/** MiB of all of them. */
const total = (files: number[]): number => mib(files.reduce((sum, bytes) => sum + bytes, 0));
