/** `gw policy` beside kube-score and checkov: each as a command, over the same files. */
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { ROOT } from "../../e2e/support/sandbox";
import { ensureCheckov, ensureKubeScore } from "../../manifests/tools";
import { row, type Row, samples, seconds } from "../row";

const OBJECTS = 5000;
const RUNS = 3;

interface Other {
    id: string;
    what: string;
    /** Most of its time that `gw policy` may take. */
    most: number;
    /** One of minutes is enough. */
    runs: number;
    command: (file: string, directory: string) => Promise<[program: string, args: string[]]>;
}

const OTHERS: Other[] = [
    {
        id: "policies.kube-score",
        what: "kube-score",
        most: 1,
        runs: RUNS,
        command: async (file) => [await ensureKubeScore(), ["score", "--output-format", "json", file]],
    },
    {
        id: "policies.checkov",
        what: "checkov",
        most: 1 / 20,
        runs: 1,
        command: async (_file, directory) => {
            const options = ["--compact", "--skip-download", "--soft-fail", "--output", "json"];
            const args = ["-m", "checkov.main", "--framework", "kubernetes", ...options, "--directory", directory];
            return [await ensureCheckov(), args];
        },
    },
];

export async function besideOthers(yaml: (count: number) => string, say: (line: string) => void): Promise<Row[]> {
    const directory = mkdtempSync(join(tmpdir(), "groundwork-bench-"));
    try {
        const file = join(directory, "objects.yaml");
        writeFileSync(file, yaml(OBJECTS));
        const own = await samples(RUNS, () =>
            timed(join(ROOT, "gw"), ["policy", "--path", directory, "--env", "prod", "--format", "json"]),
        );
        const rows: Row[] = [];
        for (const { id, what, most, runs: times, command } of OTHERS) {
            say(`${what} over ${OBJECTS} objects`);
            try {
                const [program, args] = await command(file, directory);
                const runs = await samples(times, () => timed(program, args));
                const note = `${OBJECTS} objects, from the start of the command to its end`;
                rows.push(row(id, "s", own, { against: { what, runs }, aim: { of: "ratio", most }, note }));
            } catch (error) {
                rows.push({ id, unit: "s", error: (error as Error).message });
            }
        }
        return rows;
    } finally {
        rmSync(directory, { recursive: true, force: true });
    }
}

/** What a command took, which may end with 1 for what it found. */
function timed(program: string, args: string[]): Promise<number> {
    return seconds(
        () =>
            new Promise<void>((done, failed) => {
                execFile(program, args, { maxBuffer: 1 << 30 }, (error, _stdout, stderr) => {
                    if (error && error.code !== 1) failed(new Error(`${program}: ${stderr || error.message}`));
                    else done();
                });
            }),
    );
}
