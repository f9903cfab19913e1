/**
 * What runs, what is done and what failed, from engine events. `ProgressModel` holds the state, the render functions turn it into lines;
 * neither knows a terminal. Times are milliseconds since the epoch.
 */
import { type ChangeCounts, symbolFor, wordsFor } from "./operations";
import type { Style } from "./style";
import { displayWidth, duration, pad, sanitise, truncate } from "./text";
import { parseUrn } from "./urn";
import type { EngineEvent, PreviewStep } from "@groundwork/engine/api";

interface RunningStep {
    urn: string;
    op: string;
    since: number;
    /** Newest message, e.g. `waiting for healthy (8 s)`. */
    message: string;
}

export interface FinishedStep {
    urn: string;
    op: string;
    seconds: number;
    failed: boolean;
}

/** A line that stays: an ended step or a message. */
export type Entry =
    | { kind: "step"; step: FinishedStep }
    | { kind: "message"; severity: "info" | "warning" | "error"; urn?: string; text: string }
    | { kind: "policy"; mandatory: boolean; policy: string; urn?: string; text: string };

export class ProgressModel {
    readonly running = new Map<string, RunningStep>();
    readonly changes: ChangeCounts = {};
    failed = 0;
    finished = 0;
    private readonly seen = new Set<string>();

    constructor(
        readonly startedAt: number,
        /** Steps that a preview counted, where there was one. */
        readonly total?: number,
    ) {}

    /** Takes an event in and returns what it adds to the lasting lines. */
    apply(event: EngineEvent, now: number): Entry[] {
        if (event.resourcePreEvent) this.start(event.resourcePreEvent.metadata, now);
        if (event.resOutputsEvent) return this.end(event.resOutputsEvent.metadata, now, false);
        if (event.resOpFailedEvent) return this.end(event.resOpFailedEvent.metadata, now, true);
        if (event.diagnosticEvent) return this.diagnose(event.diagnosticEvent);
        if (event.summaryEvent) Object.assign(this.changes, event.summaryEvent.resourceChanges);
        if (event.policyEvent) {
            const p = event.policyEvent;
            const mandatory = p.enforcementLevel === "mandatory";
            const text = sanitise(p.message).trim();
            return [{ kind: "policy", mandatory, policy: p.policyName, urn: p.resourceUrn, text }];
        }
        return [];
    }

    private start(step: { urn: string; op: string; new?: unknown; old?: unknown }, now: number): void {
        if (!isShown(step)) return;
        this.running.set(key(step), { urn: step.urn, op: step.op, since: now, message: "" });
    }

    private end(step: { urn: string; op: string }, now: number, failed: boolean): Entry[] {
        const running = this.running.get(key(step)) ?? [...this.running.values()].find((r) => r.urn === step.urn);
        if (!running) return [];
        this.running.delete(key(running));
        if (failed) this.failed += 1;
        else this.finished += 1;
        return [
            {
                kind: "step",
                step: { urn: step.urn, op: running.op, seconds: (now - running.since) / 1000, failed },
            },
        ];
    }

    private diagnose(event: NonNullable<EngineEvent["diagnosticEvent"]>): Entry[] {
        const text = sanitise(event.message.replace(/<\{%.*?%\}>/g, "")).trim();
        if (text === "") return [];
        const severity = event.severity === "info#err" ? "info" : event.severity;
        const running = event.urn ? [...this.running.values()].find((r) => r.urn === event.urn) : undefined;
        if (running) running.message = text.split("\n").at(-1)!;
        // A running resource's progress is seen on its own line; only what matters later stays.
        if (event.ephemeral || (severity === "info" && running)) return [];
        if ((severity as string) === "debug") return [];
        const id = `${event.urn}\n${text}`;
        if (this.seen.has(id)) return [];
        this.seen.add(id);
        return [{ kind: "message", severity, urn: event.urn, text }];
    }
}

function key(step: { urn: string; op: string }): string {
    return `${step.op} ${step.urn}`;
}

/** How many steps of a preview's are going to be shown. */
export function countShown(steps: PreviewStep[]): number {
    return steps.filter((s) => isShown({ ...s, new: s.newState, old: s.oldState }) || s.op === "replace").length;
}

/** Steps that do work at a provider; components, checks without change and the halves of a logical replacement do none. */
function isShown(step: { urn: string; op: string; new?: unknown; old?: unknown }): boolean {
    if (step.op === "same" || step.op === "replace" || step.op === "discard") return false;
    const state = (step.new ?? step.old) as { custom?: boolean; type?: string } | undefined;
    if (state?.custom === false) return false;
    return !parseUrn(step.urn).type.startsWith("pulumi:");
}

interface ProgressView {
    columns: number;
    /** Most lines of the live part. */
    rows: number;
    style: Style;
    /** Advances with every frame. */
    frame: number;
}

const SPINNER = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];

export function spinner(frame: number, style: Style): string {
    return style.cyan(SPINNER[frame % SPINNER.length]!);
}

/** A line on an ended step: `+ gw-dev-postgres  docker:Container  created  4.1 s`. */
function renderStep(step: FinishedStep, view: Pick<ProgressView, "columns" | "style">): string {
    const { style, columns } = view;
    const { name, shortType } = parseUrn(step.urn);
    const words = wordsFor(step.op);
    const what = step.failed ? style.red(`${words.doing} failed`) : words.done;
    const sign = step.failed ? style.red("x ") : symbolFor(step.op, style);
    const tail = `${what}  ${style.dim(duration(step.seconds))}`;
    return layout(`${sign} ${name}`, shortType, tail, columns, style);
}

const TYPE_WIDTH = 21;
const TAIL_WIDTH = 20;
const NARROWEST_NAME = 34;
const WIDEST_NAME = 56;

/** Left part, type and tail in columns; the type goes first when there is no room, then the name is cut. */
function layout(left: string, type: string, tail: string, columns: number, style: Style): string {
    const tailWidth = Math.max(TAIL_WIDTH, displayWidth(tail));
    const name = Math.min(WIDEST_NAME, columns - TYPE_WIDTH - tailWidth - 4);
    if (name >= NARROWEST_NAME) {
        const middle = style.dim(pad(truncate(type, TYPE_WIDTH), TYPE_WIDTH));
        return `${pad(truncate(left, name), name)}  ${middle}  ${tail}`;
    }
    const room = Math.max(12, Math.min(WIDEST_NAME, columns - Math.min(tailWidth, 32) - 2));
    return truncate(`${pad(truncate(left, room), room)}  ${tail}`, columns);
}

/** The part that is rewritten in place: a line per running step, oldest first, then the totals. */
export function renderLive(model: ProgressModel, now: number, view: ProgressView): string[] {
    const { style } = view;
    const mark = spinner(view.frame, style);
    const running = [...model.running.values()].sort((a, b) => a.since - b.since);
    const room = Math.max(1, view.rows - 2);
    const shown = running.slice(0, running.length > room ? room - 1 : room);
    const lines = shown.map((step) => {
        const { name, shortType } = parseUrn(step.urn);
        const elapsed = style.dim(duration((now - step.since) / 1000));
        const doing = step.message === "" ? wordsFor(step.op).doing : step.message;
        return layout(`${mark}  ${name}`, shortType, `${doing}  ${elapsed}`, view.columns, style);
    });
    if (running.length > shown.length) lines.push(style.dim(`   and ${running.length - shown.length} more`));
    if (running.length === 0 && model.finished === 0) {
        const since = duration((now - model.startedAt) / 1000);
        return [truncate(`${mark}  starting the program · ${since}`, view.columns)];
    }
    const of = model.total === undefined ? "" : ` of ${model.total}`;
    const failed = model.failed > 0 ? ` · ${style.red(`${model.failed} failed`)}` : "";
    const elapsed = duration((now - model.startedAt) / 1000);
    lines.push(
        truncate(
            `${mark}  ${model.finished}${of} done · ${running.length} running${failed} · ${elapsed}`,
            view.columns,
        ),
    );
    return lines;
}

/** An entry as lines that stay. Long messages keep their own line breaks. */
export function renderEntry(entry: Entry, view: Pick<ProgressView, "columns" | "style">): string[] {
    const { style } = view;
    if (entry.kind === "step") return [renderStep(entry.step, view)];
    const where = entry.urn ? ` ${parseUrn(entry.urn).name}:` : "";
    const [first = "", ...rest] = entry.text.split("\n");
    if (entry.kind === "policy") {
        const mark = entry.mandatory ? style.red("policy") : style.yellow("policy (advisory)");
        return [`${mark} ${entry.policy}${where} ${first}`, ...rest.map((line) => `    ${line}`)];
    }
    if (entry.severity === "info") return [`${style.dim("·")} ${where.trim()} ${first}`.replace(/ {2}/, " "), ...rest];
    const mark = entry.severity === "error" ? style.red("error") : style.yellow("warning");
    return [`${mark}${where} ${first}`, ...rest.map((line) => `    ${line}`)];
}
