import type { Row } from "./row";

export const HEAD = ["", "value", "unit", "against", "ratio", "aim", "met"];

/** Columns for people; notes and reasons stand below. */
export function table(rows: Row[]): string {
    const cells = [HEAD, ...rows.map(cellsOf)];
    const widths = HEAD.map((_, column) => Math.max(...cells.map((row) => row[column]!.length)));
    const lines = cells.map((row) =>
        row
            .map((cell, column) => cell.padEnd(widths[column]!))
            .join("  ")
            .trimEnd(),
    );
    const notes = rows.flatMap(({ id, note, error }) => [
        ...(note ? [`${id}: ${note}`] : []),
        ...(error ? [`${id} could not be measured: ${error}`] : []),
    ]);
    return [...lines, ...(notes.length > 0 ? ["", ...notes] : [])].join("\n");
}

/** A row, in the order of `HEAD`. */
export function cellsOf(row: Row): string[] {
    return [
        row.id,
        number(row.value),
        row.unit,
        row.against ? `${number(row.against.value)} ${row.against.what}` : "",
        row.ratio === undefined ? "" : `${row.ratio.toFixed(2)}×`,
        row.aim ?? "",
        row.error ? "error" : row.met === undefined ? "" : row.met ? "yes" : "MISSED",
    ];
}

function number(value: number | undefined): string {
    if (value === undefined) return "";
    return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2);
}
