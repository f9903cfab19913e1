/** Go's durations, in which the Docker provider takes and reports times. */

const NANOSECONDS: Record<string, number> = {
    ns: 1,
    us: 1e3,
    µs: 1e3,
    ms: 1e6,
    s: 1e9,
    m: 60e9,
    h: 3600e9,
};

/** Nanoseconds; undefined when it is no duration. */
export function parseDuration(text: string): number | undefined {
    if (/^[-+]?0$/.test(text)) return 0;
    const match = /^([-+]?)((?:\d+(?:\.\d+)?(?:ns|us|µs|ms|s|m|h))+)$/.exec(text);
    if (!match) return undefined;
    let total = 0;
    for (const [, amount, unit] of match[2]!.matchAll(/(\d+(?:\.\d+)?)(ns|us|µs|ms|s|m|h)/g))
        total += Number(amount) * NANOSECONDS[unit!]!;
    return match[1] === "-" ? -Math.round(total) : Math.round(total);
}

/** As Go's `Duration.String()`: `1m30s`, `1h0m0s`, `250ms`. */
export function formatDuration(nanoseconds: number): string {
    if (nanoseconds === 0) return "0s";
    if (nanoseconds < 1e3) return `${nanoseconds}ns`;
    if (nanoseconds < 1e6) return `${nanoseconds / 1e3}µs`;
    if (nanoseconds < 1e9) return `${nanoseconds / 1e6}ms`;
    const hours = Math.floor(nanoseconds / NANOSECONDS.h!);
    const minutes = Math.floor((nanoseconds % NANOSECONDS.h!) / NANOSECONDS.m!);
    const seconds = (nanoseconds % NANOSECONDS.m!) / NANOSECONDS.s!;
    return `${hours > 0 ? `${hours}h` : ""}${hours > 0 || minutes > 0 ? `${minutes}m` : ""}${seconds}s`;
}
