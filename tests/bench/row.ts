/** What a benchmark says. */

export interface Row {
    /** `<group>.<what>`, e.g. `engine.preview.debt-os`. */
    id: string;
    /** Median of `runs`. Absent: it could not be measured, `error` says why. */
    value?: number;
    unit: string;
    runs?: number[];
    /** What it is compared with, measured in the same run, in the same unit. */
    against?: { what: string; value: number };
    /** `value` by `against.value`. */
    ratio?: number;
    aim?: string;
    /** Absent: there is no aim. */
    met?: boolean;
    note?: string;
    error?: string;
}

export interface Bench {
    /** Ids of its rows, or what they start with. */
    id: string;
    /** @param asked whether rows of an id, or of ids that start with it, are asked for: what takes long may be left out else */
    run: (say: (line: string) => void, asked: (id: string) => boolean) => Promise<Row[]>;
}

/** Where a measurement stops to be the aimed at: `value` or `ratio` at most this. */
interface Aim {
    of: "value" | "ratio";
    most: number;
}

export function median(values: number[]): number {
    if (values.length === 0) throw new Error("There is no median of nothing.");
    const sorted = values.slice().sort((a, b) => a - b);
    const middle = Math.floor(sorted.length / 2);
    return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

export function row(
    id: string,
    unit: string,
    runs: number[],
    more: { against?: { what: string; runs: number[] }; aim?: Aim; note?: string } = {},
): Row {
    const value = median(runs);
    const result: Row = { id, value, unit, runs };
    if (more.against) {
        result.against = { what: more.against.what, value: median(more.against.runs) };
        result.ratio = value / result.against.value;
    }
    if (more.aim) {
        result.aim = more.aim.of === "ratio" ? `≤ ${more.aim.most}×` : `≤ ${more.aim.most} ${unit}`;
        const judged = more.aim.of === "ratio" ? result.ratio : value;
        if (judged === undefined) throw new Error(`${id} has an aim for its ratio and nothing to compare with.`);
        result.met = judged <= more.aim.most;
    }
    if (more.note) result.note = more.note;
    return result;
}

/** Runs an action some times; what each run gives is one sample. */
export async function samples(times: number, action: () => Promise<number>): Promise<number[]> {
    const taken: number[] = [];
    for (let n = 0; n < times; n++) taken.push(await action());
    return taken;
}

export async function seconds(action: () => Promise<unknown>): Promise<number> {
    const start = performance.now();
    await action();
    return (performance.now() - start) / 1000;
}
