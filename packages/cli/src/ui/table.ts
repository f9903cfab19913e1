import type { Style } from "./style";
import { displayWidth, pad, truncate } from "./text";

export interface Column {
    title: string;
    /** Title in a terminal that is too narrow for the other one, where the cells need less. */
    short?: string;
    align?: "start" | "end";
    /** Least width when the terminal is narrow; absent: the column is never cut. */
    min?: number;
    /** Left out where the terminal is too narrow even then; the last such column first. */
    optional?: boolean;
}

/**
 * A table without rules: titles, then rows, two spaces between columns. In a narrow terminal titles are shortened, the widest column that
 * may be cut is, and columns that may be left out are, each as far as it takes. Cells may be coloured.
 */
export function table(all: Column[], rows: string[][], options: { width: number; style: Style }): string[] {
    const { columns, cells, widths } = fitted(
        all.map((column, i) => ({ column, cells: rows.map((row) => row[i] ?? "") })),
        options.width,
    );
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
    return [
        options.style.dim(line(columns.map((c) => c.title))),
        ...rows.map((_, row) => line(cells.map((column) => column[row]!))),
    ];
}

interface Filled {
    column: Column;
    cells: string[];
}

/** Columns as they fit into `width`, or as near to it as they get. */
function fitted(filled: Filled[], width: number): { columns: Column[]; cells: string[][]; widths: number[] } {
    const natural = measured(filled, width);
    const result = natural.excess > 0 ? measured(filled.map(shortened), width) : natural;
    const dispensable = filled.findLastIndex(({ column }) => column.optional === true);
    if (result.excess > 0 && dispensable >= 0) return fitted(filled.toSpliced(dispensable, 1), width);
    const { shown, widths } = result;
    return { columns: shown.map((f) => f.column), cells: shown.map((f) => f.cells), widths };
}

function shortened({ column, cells }: Filled): Filled {
    return { column: { ...column, title: column.short ?? column.title }, cells };
}

/** Widths with the columns cut that may be, and by how much that is still too wide. */
function measured(shown: Filled[], width: number): { shown: Filled[]; widths: number[]; excess: number } {
    const widths = shown.map(({ column, cells }) => Math.max(...[column.title, ...cells].map(displayWidth)));
    let excess = widths.reduce((a, b) => a + b, 0) + (shown.length - 1) * 2 - width;
    while (excess > 0) {
        let widest = -1;
        shown.forEach(({ column: { min } }, i) => {
            if (min === undefined || widths[i]! <= min) return;
            if (widest < 0 || widths[i]! > widths[widest]!) widest = i;
        });
        if (widest < 0) break;
        widths[widest]! -= 1;
        excess -= 1;
    }
    return { shown, widths, excess };
}
