import type { EngineEvent } from "@groundwork/engine/api";

import { LiveRegion } from "./live";
import { type Entry, ProgressModel, renderEntry, renderLive, spinner } from "./progress";
import type { Output } from "./output";
import { parseUrn } from "./urn";
import { wordsFor } from "./operations";
import { duration, truncate } from "./text";

const FRAME_MS = 100;

/** Shows a run while it goes on: a live list on a terminal, a line per event elsewhere. */
export interface Reporter {
    readonly model: ProgressModel;
    onEvent(event: EngineEvent): void;
    /** A line of our own among the others. */
    note(text: string): void;
    /** Ends the live part; safe to call twice. */
    stop(): void;
}

export function createReporter(output: Output, options: { total?: number; now?: () => number } = {}): Reporter {
    const now = options.now ?? Date.now;
    const model = new ProgressModel(now(), options.total);
    return output.live ? liveReporter(output, model, now) : lineReporter(output, model, now);
}

function liveReporter(output: Output, model: ProgressModel, now: () => number): Reporter {
    const region = new LiveRegion(output.progressStream);
    const waiting: string[] = [];
    let frame = 0;
    let open = true;
    const draw = (): void => {
        const view = { columns: region.columns - 1, rows: Math.min(region.rows, 24), style: output.style, frame };
        region.draw(waiting.splice(0), renderLive(model, now(), view));
        frame += 1;
    };
    const timer = setInterval(draw, FRAME_MS);
    timer.unref();
    draw();
    return {
        model,
        onEvent(event) {
            for (const entry of model.apply(event, now())) {
                waiting.push(...renderEntry(entry, { columns: region.columns - 1, style: output.style }));
            }
        },
        note(text) {
            waiting.push(text);
            if (open) draw();
        },
        stop() {
            if (!open) return;
            open = false;
            clearInterval(timer);
            region.close(waiting.splice(0));
        },
    };
}

/** One live line with a spinner, on stderr; nothing where there is no terminal. Returns what takes it away. */
export function showWaiting(output: Output, doing: string): () => void {
    if (!output.live || !output.interactive) return () => undefined;
    const region = new LiveRegion(process.stderr);
    const start = Date.now();
    let frame = 0;
    const draw = (): void => {
        const elapsed = output.style.dim(duration((Date.now() - start) / 1000));
        region.draw([], [truncate(`${spinner(frame++, output.style)}  ${doing}  ${elapsed}`, region.columns - 1)]);
    };
    const timer = setInterval(draw, FRAME_MS);
    draw();
    return () => {
        clearInterval(timer);
        region.close();
    };
}

/** `00:04.2 + gw-dev-postgres docker:Container creating`, for logs: every step's start, news and end. */
function lineReporter(output: Output, model: ProgressModel, now: () => number): Reporter {
    const stamp = (): string => {
        const seconds = (now() - model.startedAt) / 1000;
        const whole = Math.floor(seconds / 60);
        return `${String(whole).padStart(2, "0")}:${(seconds - whole * 60).toFixed(1).padStart(4, "0")}`;
    };
    const say = (text: string): void => output.progress(`${stamp()} ${text}`);
    const told = new Map<string, number>();
    /** A waiting resource tells how it goes, at most every five seconds. */
    const sayProgress = (urn: string): void => {
        const step = [...model.running.values()].find((r) => r.urn === urn);
        if (!step || step.message === "" || now() - (told.get(urn) ?? step.since) < 5000) return;
        told.set(urn, now());
        say(`  ${parseUrn(urn).name}: ${step.message}`);
    };
    const entryLines = (entry: Entry): string[] => {
        if (entry.kind !== "step") return renderEntry(entry, { columns: Infinity, style: output.style });
        const { name, shortType } = parseUrn(entry.step.urn);
        const words = wordsFor(entry.step.op);
        const end = entry.step.failed ? `${words.doing} failed` : words.done;
        const sign = entry.step.failed ? "x" : words.symbol;
        return [`${sign} ${name} ${shortType} ${end} (${duration(entry.step.seconds)})`];
    };
    return {
        model,
        onEvent(event) {
            const running = model.running.size;
            const entries = model.apply(event, now());
            const started = event.resourcePreEvent?.metadata;
            if (started && model.running.size > running) {
                const { name, shortType } = parseUrn(started.urn);
                say(`${wordsFor(started.op).symbol} ${name} ${shortType} ${wordsFor(started.op).doing}`);
            }
            for (const entry of entries) entryLines(entry).forEach(say);
            const news = event.diagnosticEvent;
            if (news?.urn && entries.length === 0) sayProgress(news.urn);
        },
        note: say,
        stop() {},
    };
}
