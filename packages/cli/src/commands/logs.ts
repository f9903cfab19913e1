import { compare } from "../../../../targets/order";
import { EXIT, FailedError, UsageError } from "../errors";
import type { StackOptions } from "../options";
import type { Replica, ServiceStatus } from "../runtime/status";
import type { Output } from "../ui/output";
import type { Style } from "../ui/style";
import { pad, sanitise } from "../ui/text";
import { openDeployed, runtimeOf } from "../runtime/deployed";
import { stackFlag } from "../words";
import { quietly } from "../runs/watch";

interface LogsOptions extends StackOptions {
    follow?: boolean;
    tail?: number;
    since?: string;
    timestamps?: boolean;
}

const COLOURS = ["cyan", "yellow", "green", "magenta", "blue"] as const satisfies (keyof Style)[];

/** Shows what the containers of a stack log, each line behind its service's name. */
export async function logs(names: string[], options: LogsOptions, output: Output): Promise<number> {
    const since = options.since === undefined ? undefined : parseSince(options.since, Date.now());
    const session = await openDeployed(options, output);
    const runtime = await runtimeOf(session);
    const { services } = await runtime.inspect();
    if (services.length === 0)
        throw new FailedError(`Stack ${session.stack.name} is not up.`, `gw up${stackFlag(session)} brings it up.`);
    const chosen = choose(services, names);
    const width = Math.max(...chosen.map(({ label }) => label.length));
    const follow = options.follow === true;
    const tail = options.tail ?? 100;
    const waiting: { time: string; line: string }[] = [];
    await quietly({ ...output, note: () => undefined }, async ({ signal }) => {
        await Promise.all(
            chosen.map(async ({ service, label, replica }, i) => {
                const prefix = output.style[COLOURS[i % COLOURS.length]!](`${pad(label, width)} |`);
                const onLine = (text: string, time: string): void => {
                    const stamp = options.timestamps === true ? `${output.style.dim(time.slice(0, 23))} ` : "";
                    const line = `${prefix} ${stamp}${sanitise(text)}`;
                    if (follow) output.print(line);
                    else waiting.push({ time, line });
                };
                await runtime.streamLogs(service, replica, { tail, since, follow, signal }, onLine);
            }),
        );
    });
    // Times are of one clock and one format, so that text order is time order.
    waiting.sort((a, b) => compare(a.time, b.time));
    if (waiting.length > 0) output.print(...waiting.map(({ line }) => line));
    return EXIT.done;
}

interface Chosen {
    service: string;
    label: string;
    replica: Replica;
}

function choose(services: ServiceStatus[], names: string[]): Chosen[] {
    const known = services.map((s) => s.service);
    const unknown = names.filter((name) => !known.includes(name));
    if (unknown.length > 0) {
        throw new UsageError(`There is no service ${unknown.join(", ")} in this stack. It has: ${known.join(", ")}.`);
    }
    return services
        .filter((s) => names.length === 0 || names.includes(s.service))
        .flatMap((s) =>
            s.replicas.map((replica, i) => ({
                service: s.service,
                label: s.replicas.length > 1 ? `${s.service}-${i}` : s.service,
                replica,
            })),
        );
}

const UNITS: Record<string, number> = { s: 1, m: 60, h: 3600, d: 86400 };

/** `10m`, `2h30m` or a date, as seconds since the epoch. */
export function parseSince(text: string, nowMs: number): number {
    const parts = [...text.matchAll(/(\d+)([smhd])/g)];
    if (parts.length > 0 && parts.map(([whole]) => whole).join("") === text) {
        const ago = parts.reduce((sum, [, n, unit]) => sum + Number(n) * UNITS[unit!]!, 0);
        // The engine takes no time before its own beginning.
        return Math.max(0, Math.floor(nowMs / 1000) - ago);
    }
    const date = /^\d{4}-\d{2}-\d{2}/.test(text) ? Date.parse(text) : NaN;
    if (Number.isNaN(date)) {
        throw new UsageError(
            `--since: "${text}" is neither a duration such as 90s, 10m, 2h30m nor a time such as 2026-01-31T12:00:00Z.`,
        );
    }
    return Math.floor(date / 1000);
}
