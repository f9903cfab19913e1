/** Says in what two engines' words for the same thing differ, once what must differ from run to run is taken out. */
import type { PreviewDigest, ResourceState, UntypedDeployment } from "../../../packages/engine/src";

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

const SECRET_SIGNATURE = "4dabf18193072939515e22adb298388d";
export const SECRET = "<secret>";

/**
 * Never equal, or only one engine's business: when, where in the source, the bridge's own memory (`__meta`, `__pulumi_raw_state_delta`),
 * the plugin's own version, addresses that the Docker engine gives out, and the label by which the embedded engine finds what it made.
 */
const IGNORED = new Set([
    "created",
    "modified",
    "sourcePosition",
    "stackTrace",
    "__meta",
    "__pulumi_raw_state_delta",
    "__pulumi-go-provider-version",
    "hostname",
    "gateway",
    "subnet",
    "ipAddress",
    "ipPrefixLength",
    "macAddress",
    "dev.groundwork.urn",
]);

/** Their order has no meaning: the Docker engine lists ports and networks from a map of Go, in another order each time. */
const UNORDERED = new Set(["dependencies", "networkDatas", "mounts", "ports", "aliases"]);

/** Random parts of names and ids, which differ from run to run. */
export function withoutChance(text: string): string {
    return text
        .replace(/[0-9a-f]{64}/g, "<id>")
        .replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, "<uuid>")
        .replace(/-[0-9a-f]{7}(?![0-9a-z])/g, "-<random>")
        .replace(/(-run|-pids)[0-9a-f]{8}$/, "$1<random>");
}

export function normal(value: Json, key = ""): Json {
    if (typeof value === "string") return withoutChance(value);
    if (typeof value !== "object" || value === null) return value;
    if (Array.isArray(value)) {
        const items = value.map((item) => normal(item));
        return UNORDERED.has(key) ? items.sort((a, b) => compareText(JSON.stringify(a), JSON.stringify(b))) : items;
    }
    if (SECRET_SIGNATURE in value) return SECRET;
    const entries = Object.entries(value).filter(([name]) => !IGNORED.has(name));
    if (key !== "propertyDependencies") {
        return Object.fromEntries(entries.map(([name, item]) => [name, normal(item, name)]));
    }
    // A property without dependencies is listed by the Pulumi CLI and left out by the embedded engine.
    const needed = entries.filter(([, urns]) => (urns as Json[]).length > 0);
    return Object.fromEntries(needed.map(([name, urns]) => [name, normal(urns, "dependencies")]));
}

function compareText(a: string, b: string): number {
    return a < b ? -1 : a > b ? 1 : 0;
}

/**
 * Lines `where: left | right`, none where both mean the same. Nothing, null, false, zero and empty are one: the Docker plugin's
 * types have no difference between them. A plugin may call a whole list secret where one part of it is.
 */
export function differences(left: Json | undefined, right: Json | undefined, where = ""): string[] {
    if (isBlank(left) && isBlank(right)) return [];
    if (left === SECRET || right === SECRET) {
        return holdsSecret(left) && holdsSecret(right) ? [] : [line(where, left, right)];
    }
    if (Array.isArray(left) && Array.isArray(right) && left.length === right.length) {
        return left.flatMap((item, index) => differences(item, right[index], `${where}[${index}]`));
    }
    if (isMap(left) && isMap(right)) {
        const keys = [...new Set([...Object.keys(left), ...Object.keys(right)])].sort(compareText);
        return keys.flatMap((key) => differences(left[key], right[key], where ? `${where}.${key}` : key));
    }
    return left === right ? [] : [line(where, left, right)];
}

function isMap(value: Json | undefined): value is Record<string, Json> {
    return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isBlank(value: Json | undefined): boolean {
    if (value === undefined || value === null || value === false || value === 0 || value === "") return true;
    if (Array.isArray(value)) return value.length === 0;
    return isMap(value) && Object.values(value).every(isBlank);
}

function holdsSecret(value: Json | undefined): boolean {
    return value !== undefined && JSON.stringify(value).includes(SECRET);
}

function line(where: string, left: Json | undefined, right: Json | undefined): string {
    const text = (value: Json | undefined): string => (JSON.stringify(value) ?? "nothing").slice(0, 300);
    return `${where}: ${text(left)} | ${text(right)}`;
}

/** The steps of a plan by URN. */
export function plan(digest: PreviewDigest): Json {
    const steps = digest.steps.map((step) => [withoutChance(step.urn), normal(step as unknown as Json)] as const);
    return { config: digest.config ?? {}, changes: digest.changeSummary, steps: Object.fromEntries(steps) };
}

/** The resources of a state by URN. */
export function graph({ deployment }: UntypedDeployment): Json {
    const shown = (state: ResourceState): Json => normal(state as unknown as Json);
    return Object.fromEntries(deployment.resources.map((state) => [withoutChance(state.urn), shown(state)]));
}
