/** What kinds of workload have in common. */
import { listAt, mapAt, type Raw, textAt } from "../core/raw";
import type { Container, KubernetesObject, Pod } from "./objects";

/** Kinds of which there are several at once, and more at need: what must be on several nodes, and may be evicted one by one. */
export const REPLICATED = [
    ...["apps/Deployment", "apps/StatefulSet", "argoproj.io/Rollout"],
    ...["apps.kruise.io/CloneSet", "apps.kruise.io/StatefulSet"],
] as const;

/** Kinds whose pods end: Kubernetes', KEDA's and OpenKruise's. */
const JOBS = ["Job", "CronJob", "ScaledJob", "BroadcastJob", "AdvancedCronJob"];

export function isJob({ kind }: KubernetesObject): boolean {
    return JOBS.includes(kind);
}

/** Whether it ends by itself, as a Job does. */
function ends({ object, spec }: Pod): boolean {
    if (isJob(object)) return true;
    return object.kind === "Pod" && ["Never", "OnFailure"].includes(textAt(spec, "restartPolicy") ?? "Always");
}

/** Whether it runs as long as its pod, so that it has probes. */
export function serves({ kind, pod }: Container): boolean {
    return (kind === "container" || kind === "sidecar") && !ends(pod);
}

/** What names none is applied to the default one, unless who applies it says otherwise for all of it. */
export function namespaceOf(object: KubernetesObject): string {
    return textAt(object.raw, "metadata", "namespace") || "default";
}

export function nameOf(object: KubernetesObject): string {
    return textAt(object.raw, "metadata", "name") ?? "";
}

export function labelsOf(raw: Raw): Raw {
    return mapAt(raw, "metadata", "labels");
}

/** Whether a label selector selects labels. An empty one selects everything. */
export function selects(selector: Raw, labels: Raw): boolean {
    return (
        Object.entries(mapAt(selector, "matchLabels")).every(([key, value]) => textAt(labels, key) === value) &&
        listAt(selector, "matchExpressions").every((item) => satisfies(item as Raw, labels))
    );
}

function satisfies(expression: Raw, labels: Raw): boolean {
    const value = textAt(labels, textAt(expression, "key") ?? "");
    const values = listAt(expression, "values");
    switch (textAt(expression, "operator")) {
        case "In":
            return value !== undefined && values.includes(value);
        case "NotIn":
            return value === undefined || !values.includes(value);
        case "Exists":
            return value !== undefined;
        case "DoesNotExist":
            return value === undefined;
        default:
            return false;
    }
}
