/** What a drill found, for people: Markdown, and a chart of how long each store took. */

export interface DrillRow {
    store: string;
    method: string;
    /** The backup that was restored. */
    id?: string;
    /** Restored and proven within so long. */
    rtoSeconds?: number;
    /** Age of the last change that came back when the drill began. */
    rpoSeconds?: number;
    /** Tables, databases of keys … that were compared. */
    units?: number;
    bytes?: number;
    /** Why it does not count. */
    problem?: string;
}

export interface DrillReport {
    stack: string;
    system: string;
    release: string;
    at: string;
    objectives: { scenario: string; rtoSeconds: number; rpoSeconds: number }[];
    rows: DrillRow[];
}

export function markdownOf(report: DrillReport, chart: string): string {
    const failed = report.rows.filter(({ problem }) => problem !== undefined).length;
    const rows = report.rows.map(({ store, method, id, rtoSeconds, rpoSeconds, bytes, problem }) =>
        row([
            store,
            method,
            id ?? "-",
            size(bytes),
            seconds(rtoSeconds),
            seconds(rpoSeconds),
            problem === undefined ? "came back whole" : `FAILED: ${oneLine(problem)}`,
        ]),
    );
    const total = report.rows.reduce((sum, { rtoSeconds = 0 }) => sum + rtoSeconds, 0);
    const oldest = oldestOf(report);
    const objectives = report.objectives.map((one) =>
        row([
            one.scenario,
            seconds(one.rtoSeconds),
            seconds(total),
            one.rtoSeconds >= total ? "yes" : "NO",
            seconds(one.rpoSeconds),
            seconds(oldest),
            one.rpoSeconds >= oldest ? "yes" : "NO",
        ]),
    );
    return [
        `# Restore drill of ${report.stack}`,
        "",
        `${report.at}, ${report.system} release ${report.release}: ${report.rows.length - failed} of ${report.rows.length} came back whole.`,
        "",
        row(["Store", "Method", "Backup", "Size", "Restored and proven in", "Newest change", "Result"]),
        row(Array<string>(7).fill("---")),
        ...rows,
        "",
        `![How long each store took](${chart})`,
        "",
        ...(objectives.length > 0
            ? [
                  "One store after another, and without the time in which the services stop and start:",
                  "",
                  row(["Scenario", "RTO", "measured", "met", "RPO", "measured", "met"]),
                  row(Array<string>(7).fill("---")),
                  ...objectives,
                  "",
              ]
            : []),
    ].join("\n");
}

/** What would be lost: of each store what its best way back leaves out, and of the stores the worst. */
function oldestOf({ rows }: Pick<DrillReport, "rows">): number {
    const best = new Map<string, number>();
    for (const { store, rpoSeconds } of rows)
        if (rpoSeconds !== undefined) best.set(store, Math.min(best.get(store) ?? Infinity, rpoSeconds));
    return Math.max(0, ...best.values());
}

const BAR = { height: 22, gap: 8, left: 220, width: 420 };

/** Bars of the times to restore, longest first. */
export function chartOf({ stack, rows }: DrillReport): string {
    const timed = rows
        .filter(({ rtoSeconds }) => rtoSeconds !== undefined)
        .sort((a, b) => b.rtoSeconds! - a.rtoSeconds!);
    const most = Math.max(...timed.map(({ rtoSeconds }) => rtoSeconds!), 0.001);
    const bars = timed.map(({ store, method, rtoSeconds, problem }, index) => {
        const y = 40 + index * (BAR.height + BAR.gap);
        const width = Math.max(1, Math.round((rtoSeconds! / most) * BAR.width));
        const label = `<text x="${BAR.left - 10}" y="${y + 15}" text-anchor="end">${escape(`${store} (${method})`)}</text>`;
        const bar = `<rect x="${BAR.left}" y="${y}" width="${width}" height="${BAR.height}" fill="${problem === undefined ? "#2f6f4f" : "#a33b2e"}"/>`;
        return `${label}${bar}<text x="${BAR.left + width + 8}" y="${y + 15}">${seconds(rtoSeconds)}</text>`;
    });
    const height = 50 + timed.length * (BAR.height + BAR.gap);
    return [
        `<svg xmlns="http://www.w3.org/2000/svg" width="760" height="${height}" font-family="sans-serif" font-size="13">`,
        `<text x="10" y="22" font-size="15">Time to restore and prove, ${escape(stack)}</text>`,
        ...bars,
        "</svg>",
        "",
    ].join("\n");
}

const row = (cells: string[]) => `| ${cells.join(" | ")} |`;
const oneLine = (text: string) => text.replace(/\s+/g, " ").replaceAll("|", "\\|");
const escape = (text: string) => text.replace(/[&<>"]/g, (one) => `&#${one.charCodeAt(0)};`);

function seconds(value: number | undefined): string {
    if (value === undefined) return "-";
    if (value < 120) return `${value.toFixed(1)} s`;
    return value < 7200 ? `${(value / 60).toFixed(1)} min` : `${(value / 3600).toFixed(1)} h`;
}

function size(bytes: number | undefined): string {
    if (bytes === undefined) return "-";
    return bytes < 1024 * 1024 ? `${(bytes / 1024).toFixed(1)} KiB` : `${(bytes / 1024 / 1024).toFixed(1)} MiB`;
}
