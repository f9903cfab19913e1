/** Which pods a selector finds. */
import { mapAt, type Raw, textAt } from "../../core/raw";
import type { KubernetesObject, Pod } from "../objects";
import { type Objects, readable } from "../stack";
import { labelsOf, selects } from "../workloads";

/** Pods that an object finds by labels, each of which must be theirs. */
export function podsLabelled(object: KubernetesObject, labels: Raw, objects: Objects): Pod[] {
    return objects.podsBeside(object).filter((pod) => {
        const own = readable(() => labelsOf(pod.raw));
        return own !== undefined && hasLabels(own, labels);
    });
}

export function hasLabels(labels: Raw, wanted: Raw): boolean {
    return Object.keys(wanted).every((key) => textAt(wanted, key) === readable(() => textAt(labels, key)));
}

/** Pods that an object finds by a label selector. */
export function podsSelected(object: KubernetesObject, selector: Raw, objects: Objects): Pod[] {
    return objects.podsBeside(object).filter((pod) => {
        const labels = readable(() => labelsOf(pod.raw));
        return labels !== undefined && selects(selector, labels);
    });
}

/** Ingresses name what is behind a path so; before v1, at its sides. */
export function serviceOf(backend: Raw, version: string): string | undefined {
    return version === "v1" ? textAt(mapAt(backend, "service"), "name") : textAt(backend, "serviceName");
}
