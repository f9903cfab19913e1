/** A preview as text: what would change, grouped by component, with the properties that differ. Pure: digest in, lines out. */
import type { PreviewDigest, PreviewStep } from "@groundwork/engine/api";

import { changeCount, summarise, symbolFor, wordsFor } from "./operations";
import { allProperties, propertyChanges } from "./property-changes";
import type { Style } from "./style";
import { displayWidth, pad, truncate } from "./text";
import { parseUrn } from "./urn";
import { showChange, showValue } from "./values";

interface PreviewView {
    /** Show every property of resources that are made or deleted, not only what changes in the others. */
    diff: boolean;
    columns: number;
    style: Style;
}

interface Node {
    step: PreviewStep;
    children: Node[];
}

const HIDDEN_OPS = new Set(["same", "create-replacement", "delete-replaced"]);

function parentOf(step: PreviewStep): string | undefined {
    return (step.newState ?? step.oldState)?.parent;
}

/** The steps as a tree by parent, without what does not change and has no child that does. */
function toTree(steps: PreviewStep[]): Node[] {
    const nodes = new Map<string, Node>();
    for (const step of steps) {
        // A replacement comes as three steps of one URN: the one that says so stands for all.
        const known = nodes.get(step.urn);
        if (!known) nodes.set(step.urn, { step, children: [] });
        else if (HIDDEN_OPS.has(known.step.op) && !HIDDEN_OPS.has(step.op)) known.step = step;
    }
    const roots: Node[] = [];
    for (const node of nodes.values()) {
        const parent = nodes.get(parentOf(node.step) ?? "");
        if (parent) parent.children.push(node);
        else roots.push(node);
    }
    const prune = (list: Node[]): Node[] =>
        list
            .map((node) => ({ ...node, children: prune(node.children) }))
            .filter((node) => node.children.length > 0 || !HIDDEN_OPS.has(node.step.op));
    return prune(roots);
}

function changedProperties(step: PreviewStep, style: Style, limit: number): string[] {
    return propertyChanges(step).flatMap(({ path, kind, before, after, replaces }) => {
        const mark = replaces ? style.magenta("  (replaces)") : "";
        if (kind === "add") return [`${style.green("+")} ${path}: ${showValue(after, limit)}${mark}`];
        if (kind === "delete") return [`${style.red("-")} ${path}: ${showValue(before, limit)}${mark}`];
        const [first = "", ...rest] = showChange(path, before, after, limit, style);
        return [`${first}${mark}`, ...rest];
    });
}

function wholeProperties(step: PreviewStep, style: Style, limit: number): string[] {
    const state = step.op === "delete" ? step.oldState : step.newState;
    const sign = step.op === "delete" ? style.red("-") : style.green("+");
    return allProperties(state).map(([key, value]) => `${sign} ${key}: ${showValue(value, limit)}`);
}

interface Row {
    left: string;
    type: string;
    note: string;
    properties: string[];
    indent: number;
}

function toRows(nodes: Node[], depth: number, view: PreviewView): Row[] {
    return nodes.flatMap((node) => {
        const { step } = node;
        const { name, shortType } = parseUrn(step.urn);
        const unchanged = HIDDEN_OPS.has(step.op);
        const label = unchanged ? view.style.dim(name) : name;
        const limit = Math.max(24, Math.floor((view.columns - depth * 2 - 16) / 2));
        const whole = step.op === "create" || step.op === "delete";
        const properties = unchanged
            ? []
            : whole
              ? view.diff
                  ? wholeProperties(step, view.style, limit)
                  : []
              : changedProperties(step, view.style, limit);
        const left = `${symbolFor(unchanged ? "same" : step.op, view.style)} ${"  ".repeat(depth)}${label}`;
        const note = unchanged ? "" : wordsFor(step.op).plan.replace(/^to /, "");
        return [
            { left, type: shortType, note, properties, indent: depth * 2 + 5 },
            ...toRows(node.children, depth + 1, view),
        ];
    });
}

/** The whole preview; ends with the counts. */
export function renderPreview(digest: PreviewDigest, view: PreviewView): string[] {
    const { style } = view;
    const lines: string[] = [];
    if (changeCount(digest.changeSummary) > 0) {
        const rows = toRows(toTree(digest.steps), 0, view);
        const typeWidth = Math.max(0, ...rows.map((r) => displayWidth(r.type)));
        const noteWidth = Math.max(0, ...rows.map((r) => displayWidth(r.note)));
        const leftWidth = Math.min(
            Math.max(0, ...rows.map((r) => displayWidth(r.left))),
            Math.max(20, view.columns - typeWidth - noteWidth - 5),
        );
        for (const row of rows) {
            const line = `${pad(truncate(row.left, leftWidth), leftWidth)}  ${style.dim(pad(row.type, typeWidth))}  ${row.note}`;
            lines.push(truncate(line.trimEnd(), view.columns));
            for (const property of row.properties) {
                lines.push(truncate(`${" ".repeat(row.indent)}${property}`, view.columns));
            }
        }
        lines.push("");
    }
    for (const diagnostic of digest.diagnostics ?? []) {
        if (diagnostic.severity !== "warning" && diagnostic.severity !== "error") continue;
        const colour = diagnostic.severity === "error" ? style.red : style.yellow;
        const where = diagnostic.urn ? `${parseUrn(diagnostic.urn).name}: ` : "";
        lines.push(`${colour(`${diagnostic.severity}:`)} ${where}${diagnostic.message.trim()}`);
    }
    lines.push(
        changeCount(digest.changeSummary) > 0
            ? `Resources: ${summarise(digest.changeSummary, "plan", style)}`
            : `No changes: ${digest.changeSummary.same ?? 0} resources are as they should be.`,
    );
    return lines;
}
