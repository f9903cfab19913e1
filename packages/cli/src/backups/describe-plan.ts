/** What the toolbox says that a restore would do, for people. */
import type { Manifest } from "@groundwork/backup/manifest";

import type { Style } from "../ui/style";
import { plural, size } from "../ui/text";

export interface RestorePlan {
    backup: Manifest;
    /** What is live is backed up first. */
    safetyCopy: boolean;
    steps: string[];
    /** It is swapped in while the store is stopped. */
    stops: boolean;
}

export interface UndoPlan {
    backup: string;
    at: string;
    stops: boolean;
}

/** @param stops services that are stopped meanwhile */
export function describePlan(
    { backup, safetyCopy, steps }: RestorePlan,
    { stops, stack }: { stops: string[]; stack: string },
    style: Style,
): string[] {
    const row = (title: string, text: string): string => `  ${style.dim(title.padEnd(10))} ${text}`;
    return [
        style.bold(`Restore ${backup.store} of ${stack}`),
        row("from", `${backup.id} (${backup.tier}, ${backup.method})`),
        row("as of", backup.pointAt),
        row("size", size(bytesOf(backup))),
        row("holds", countsOf(backup)),
        row("first", safetyCopy ? "a copy of what is live, to the backups (tier safety)" : "no copy of what is live"),
        ...steps.map((step, index) => row(index === 0 ? "then" : "", step)),
        row("stops", stops.length > 0 ? `${stops.join(", ")}, while it is put in place` : "nothing"),
    ];
}

export function bytesOf({ parts }: Pick<Manifest, "parts">): number {
    return parts.reduce((sum, { bytes }) => sum + bytes, 0);
}

/** The sum of what it holds; the whole list is in `gw backups --json`. */
export function countsOf({ contents, parts }: Pick<Manifest, "contents" | "parts">): string {
    const entries = Object.entries(contents);
    const keys = contents["(all keys)"];
    if (keys) return plural(keys.count, "key");
    if (entries.length === 0) {
        const files = parts.reduce((sum, part) => sum + (part.entries ?? 0), 0);
        return plural(files, "file");
    }
    const nodes = contents["nodes"];
    if (nodes) return `${nodes.count} nodes, ${contents["relationships"]?.count ?? 0} relationships`;
    // One of them sums the others up.
    const tables = entries.filter(([name]) => !name.startsWith("("));
    const rows = tables.reduce((sum, [, { count }]) => sum + count, 0);
    return `${plural(rows, "row")} in ${plural(tables.length, "table")}`;
}
