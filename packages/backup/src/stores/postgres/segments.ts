/** Names of write-ahead log segments: timeline, log and number within it, eight hexadecimal digits each. */

const DIGITS = 8;

/** Segments in one `log` number: 4 GiB of them. */
const perLog = (segmentBytes: number) => 0x1_0000_0000 / segmentBytes;

export interface Segment {
    timeline: number;
    /** Position in the stream, in segments. */
    number: number;
}

export function parseSegment(name: string, segmentBytes: number): Segment | undefined {
    const match = /^([0-9A-F]{8})([0-9A-F]{8})([0-9A-F]{8})(\.partial)?$/.exec(name);
    if (!match) return undefined;
    const [timeline, log, within] = match.slice(1, 4).map((part) => Number.parseInt(part, 16)) as [
        number,
        number,
        number,
    ];
    return { timeline, number: log * perLog(segmentBytes) + within };
}

export function segmentName({ timeline, number }: Segment, segmentBytes: number): string {
    const hex = (value: number) => value.toString(16).toUpperCase().padStart(DIGITS, "0");
    return hex(timeline) + hex(Math.floor(number / perLog(segmentBytes))) + hex(number % perLog(segmentBytes));
}

/** Every segment from the first to the last, both included; they must be of one timeline. */
export function segmentsBetween(first: string, last: string, segmentBytes: number): string[] {
    const [from, to] = [parseSegment(first, segmentBytes)!, parseSegment(last, segmentBytes)!];
    const names: string[] = [];
    for (let number = from.number; number <= to.number; number += 1)
        names.push(segmentName({ timeline: from.timeline, number }, segmentBytes));
    return names;
}

/** Patterns of files with the segments from the first to the last, both included, on whatever timeline, whole or in part. */
export function positionsBetween(first: string, last: string, segmentBytes: number): string[] {
    const timeline = first.slice(0, DIGITS);
    return segmentsBetween(first, timeline + last.slice(DIGITS), segmentBytes).map(
        (name) => `${"?".repeat(DIGITS)}${name.slice(DIGITS)}*`,
    );
}

/**
 * The first segment that is missing for a replay that starts with `start`; undefined when there is none up to the newest. A later timeline
 * goes on where an earlier one ended, so that positions count and not names.
 */
export function firstGap(names: string[], start: string, segmentBytes: number): string | undefined {
    const from = parseSegment(start, segmentBytes)!;
    const there = new Set(names.flatMap((name) => parseSegment(name, segmentBytes)?.number ?? []));
    const newest = Math.max(from.number, ...there);
    for (let number = from.number; number <= newest; number += 1) {
        if (!there.has(number)) return segmentName({ timeline: from.timeline, number }, segmentBytes);
    }
    return undefined;
}
