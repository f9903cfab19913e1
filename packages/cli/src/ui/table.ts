import type { Style } from "./style";
import { displayWidth, pad, truncate } from "./text";

export interface Column {
    title: string;
    align?: "start" | "end";
    /** Least width when the terminal is narrow; absent: the column is never cut. */
    min?: number;
}

/**
 * A table without rules: titles, then rows, two spaces between columns. In a narrow terminal the widest column that may be cut is, until it
 * fits. Cells may be coloured.
 */
export function table(columns: Column[], rows: string[][], options: { width: number; style: Style }): string[] {
    const widths = columns.map((column, i) =>
        Math.max(displayWidth(column.title), ...rows.map((row) => displayWidth(row[i] ?? ""))),
    );
    const gaps = (columns.length - 1) * 2;
    let excess = widths.reduce((a, b) => a + b, 0) + gaps - options.width;
    while (excess > 0) {
        let widest = -1;
        columns.forEach((column, i) => {
            if (column.min === undefined || widths[i]! <= column.min) return;
            if (widest < 0 || widths[i]! > widths[widest]!) widest = i;
        });
        if (widest < 0) break;
        widths[widest]! -= 1;
        excess -= 1;
    }
    const line = (cells: string[]): string =>
        columns
            .map((column, i) => {
                const cell = truncate(cells[i] ?? "", widths[i]!);
                return i === columns.length - 1 && column.align !== "end"
                    ? cell
                    : pad(cell, widths[i]!, column.align ?? "start");
            })
            .join("  ")
            .trimEnd();
    return [options.style.dim(line(columns.map((c) => c.title))), ...rows.map(line)];
}
