import type { ResourceOperation } from "@groundwork/engine/api";

import type { Style } from "./style";

interface Words {
    symbol: string;
    colour: keyof Pick<Style, "green" | "yellow" | "red" | "magenta" | "cyan" | "dim">;
    /** While it works, when it is done, and as a plan: `creating`, `created`, `to create`. */
    doing: string;
    done: string;
    plan: string;
}

/** How each operation is shown; symbols are the Pulumi CLI's. */
const WORDS: Record<string, Words> = {
    same: { symbol: " ", colour: "dim", doing: "checking", done: "unchanged", plan: "unchanged" },
    create: { symbol: "+", colour: "green", doing: "creating", done: "created", plan: "to create" },
    update: { symbol: "~", colour: "yellow", doing: "updating", done: "updated", plan: "to update" },
    delete: { symbol: "-", colour: "red", doing: "deleting", done: "deleted", plan: "to delete" },
    replace: { symbol: "+-", colour: "magenta", doing: "replacing", done: "replaced", plan: "to replace" },
    "create-replacement": {
        symbol: "++",
        colour: "green",
        doing: "creating replacement",
        done: "created replacement",
        plan: "to create as replacement",
    },
    "delete-replaced": {
        symbol: "--",
        colour: "red",
        doing: "deleting old",
        done: "deleted old",
        plan: "to delete after replacement",
    },
    read: { symbol: ">", colour: "cyan", doing: "reading", done: "read", plan: "to read" },
    refresh: { symbol: "~", colour: "cyan", doing: "refreshing", done: "refreshed", plan: "to refresh" },
    discard: { symbol: "<", colour: "cyan", doing: "forgetting", done: "forgotten", plan: "to forget" },
    import: { symbol: "=", colour: "cyan", doing: "importing", done: "imported", plan: "to import" },
};

export function wordsFor(op: string): Words {
    return WORDS[op] ?? { symbol: "?", colour: "dim", doing: op, done: op, plan: op };
}

/** The symbol, two columns wide, in its colour. */
export function symbolFor(op: string, style: Style): string {
    const words = wordsFor(op);
    return style[words.colour](words.symbol.padEnd(2));
}

/** Parts of a replacement that its `replace` step already stands for. */
const PARTS_OF_REPLACEMENT = new Set(["create-replacement", "delete-replaced"]);
const ORDER = ["create", "update", "replace", "delete", "read", "refresh", "import", "discard"];

export type ChangeCounts = Partial<Record<ResourceOperation, number>>;

/** How many resources change. */
export function changeCount(counts: ChangeCounts): number {
    return Object.entries(counts).reduce(
        (sum, [op, n]) =>
            op === "same" || op === "read" || op === "refresh" || PARTS_OF_REPLACEMENT.has(op) ? sum : sum + (n ?? 0),
        0,
    );
}

/** `+ 3 to create, ~ 1 to update, 12 unchanged`; `nothing` when there is no resource at all. */
export function summarise(counts: ChangeCounts, tense: "plan" | "done", style: Style): string {
    const parts = ORDER.filter((op) => (counts[op as ResourceOperation] ?? 0) > 0).map((op) => {
        const words = wordsFor(op);
        return style[words.colour](`${words.symbol} ${counts[op as ResourceOperation]} ${words[tense]}`);
    });
    if ((counts.same ?? 0) > 0) parts.push(`${counts.same} unchanged`);
    return parts.length > 0 ? parts.join(", ") : "nothing";
}
