/** The services of a stack as a table: at the end of `up`, and `status`. Pure. */
import { conditionOf, isWell, type JobStatus, type Replica, type ServiceStatus } from "../runtime/status";
import type { Style } from "./style";
import { type Column, table } from "./table";
import { duration, memory, pad, wrap } from "./text";

const IMAGE = "IMAGE";

interface ServicesView {
    width: number;
    style: Style;
}

/** What a service's replicas are, e.g. `healthy`, `1 of 2 healthy, 1 unhealthy`. */
export function health(replicas: Replica[], style: Style): string {
    const counts = new Map<string, number>();
    for (const replica of replicas) {
        const condition = conditionOf(replica);
        counts.set(condition, (counts.get(condition) ?? 0) + 1);
    }
    const [only] = counts.keys();
    if (counts.size === 1 && only !== undefined) return colour(only, style)(only);
    return [...counts].map(([condition, n]) => colour(condition, style)(`${n} ${condition}`)).join(", ");
}

function colour(condition: string, style: Style): (text: string) => string {
    if (condition === "healthy" || condition === "running") return style.green;
    if (condition === "leaving") return style.dim;
    return condition === "starting" ? style.yellow : style.red;
}

/** `groundwork.local/caddy:3f9c0a1b2d4e` → `caddy*`: its tag is a hash that tells nobody anything. */
export function imageName({ image, standIn }: Pick<ServiceStatus, "image" | "standIn">): string {
    if (standIn) return `${image.replace(/^groundwork\.local\//, "").replace(/:[0-9a-f]+$/, "")}*`;
    return image.replace(/@sha256:([0-9a-f]{12})[0-9a-f]+$/, "@$1").replace(/^sha256:([0-9a-f]{12})[0-9a-f]+$/, "$1");
}

/** The table that `up` ends with. */
export function renderServices(services: ServiceStatus[], urls: Record<string, string>, view: ServicesView): string[] {
    const columns: Column[] = [
        { title: "SERVICE", min: 10 },
        { title: "REPLICAS", short: "#", align: "end" },
        { title: "HEALTH", min: 16 },
        { title: "URL" },
        { title: IMAGE, min: 12, optional: true },
    ];
    const rows = services.map((s) => [
        s.service,
        String(s.replicas.length),
        health(s.replicas, view.style),
        urlOf(s, urls),
        view.style.dim(imageName(s)),
    ]);
    const lines = table(columns, rows, view);
    return [...lines, ...footnote(services, lines, view)];
}

/** What the asterisk means, or, where the terminal has no room for images, whose are stand-ins. */
function footnote(services: ServiceStatus[], [titles = ""]: string[], { style, width }: ServicesView): string[] {
    const standIns = services.filter((s) => s.standIn).map((s) => s.service);
    if (standIns.length === 0) return [];
    if (titles.includes(IMAGE))
        return [style.dim("* a stand-in built on this machine for the image that the document names")];
    return ["Stand-ins built on this machine:", ...wrap(standIns, "  ", width)].map(style.dim);
}

function urlOf(service: ServiceStatus, urls: Record<string, string>): string {
    return urls[service.service] ?? (service.component === "edge" ? (urls["platform"] ?? "") : "");
}

/** The table of `status`: a line per replica. */
export function renderReplicas(services: ServiceStatus[], view: ServicesView): string[] {
    const { style } = view;
    const columns: Column[] = [
        { title: "SERVICE", min: 10 },
        { title: "HEALTH" },
        { title: "UP", align: "end" },
        { title: "RESTARTS", short: "RST", align: "end" },
        { title: "MEMORY", align: "end" },
        { title: "CPU", align: "end", optional: true },
        { title: IMAGE, min: 8, optional: true },
    ];
    const rows = services.flatMap((s) =>
        s.replicas.map((r, i) => [
            s.replicas.length > 1 ? `${s.service} ${style.dim(`${i + 1}/${s.replicas.length}`)}` : s.service,
            health([r], style),
            r.uptimeSeconds > 0 ? duration(r.uptimeSeconds) : "",
            r.restarts > 0 ? style.yellow(String(r.restarts)) : "0",
            usage(r, style),
            cpu(r),
            style.dim(imageName(s)),
        ]),
    );
    const lines = table(columns, rows, view);
    return [...lines, ...footnote(services, lines, view)];
}

function usage(replica: Replica, style: Style): string {
    if (replica.memoryBytes === undefined)
        return replica.memoryLimitBytes > 0 ? `– / ${memory(replica.memoryLimitBytes)}` : "–";
    const text = `${memory(replica.memoryBytes)} / ${memory(replica.memoryLimitBytes)}`;
    return replica.memoryLimitBytes > 0 && replica.memoryBytes > replica.memoryLimitBytes * 0.9
        ? style.red(text)
        : text;
}

function cpu(replica: Replica): string {
    const used = replica.cpu === undefined ? "–" : replica.cpu.toFixed(2);
    return replica.cpuLimit > 0 ? `${used} / ${replica.cpuLimit}` : used;
}

/** Why replicas are not well: what the last health check said, or how they ended. */
export function renderTroubles(services: ServiceStatus[], view: ServicesView): string[] {
    return services.flatMap((s) =>
        s.replicas
            .filter((r) => !isWell(r) && conditionOf(r) !== "starting")
            .map((r) => `${view.style.red("!")} ${r.name}: ${trouble(r)}`),
    );
}

function trouble(replica: Replica): string {
    if (replica.reason !== undefined) return replica.reason;
    if (replica.outOfMemory) return `was killed for using more than its ${memory(replica.memoryLimitBytes)} of memory`;
    if (replica.state !== "running") return `${replica.state}, exit code ${replica.exitCode}`;
    const said = (replica.healthMessage ?? "").split("\n")[0]!.trim();
    return `unhealthy${said === "" ? "" : `: ${said.slice(0, 200)}`}`;
}

export function renderJobs(jobs: JobStatus[], view: ServicesView): string[] {
    return jobs
        .filter((job) => job.state !== "done")
        .map((job) => {
            const failed = job.state === "failed";
            const why = [failed ? `exit code ${job.exitCode}` : "", job.reason ?? ""].filter((text) => text !== "");
            return `${failed ? view.style.red("!") : "·"} job ${[`${job.job}: ${job.state}`, ...why].join(", ")}`;
        });
}

/** `label   command`, aligned. */
export function renderHints(hints: [what: string, how: string][], style: Style): string[] {
    const width = Math.max(...hints.map(([what]) => what.length));
    return hints.map(([what, how]) => `${style.dim(pad(what, width))}  ${how}`);
}
