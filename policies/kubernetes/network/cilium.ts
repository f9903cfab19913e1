/** Network policies of Cilium's own kinds, by the pods that they are for. */
import { asMap, hasAt, listAt, mapAt, type Raw } from "../../core/raw";
import type { KubernetesObject } from "../objects";
import type { Objects } from "../stack";
import { selects } from "../workloads";

/** Cilium says where a label comes from: `k8s:app`. */
const SOURCE = /^(?:k8s|any)[:.]/;

/** Whether one is for the pods with these labels, in the namespace of an object or for the whole cluster. */
export function hasCiliumPolicy(object: KubernetesObject, objects: Objects, labels: Raw): boolean {
    return [
        ...objects.beside(object, ["cilium.io/CiliumNetworkPolicy"]),
        ...objects.of(["cilium.io/CiliumClusterwideNetworkPolicy"]),
    ].some(({ raw }) =>
        [mapAt(raw, "spec"), ...listAt(raw, "specs").map((spec, n) => asMap(spec, `specs[${n}]`))].some(
            (spec) => hasAt(spec, "endpointSelector") && selects(plain(mapAt(spec, "endpointSelector")), labels),
        ),
    );
}

function plain(selector: Raw): Raw {
    const labels = Object.entries(mapAt(selector, "matchLabels"));
    const expressions = listAt(selector, "matchExpressions").map((item, n) => asMap(item, `matchExpressions[${n}]`));
    return {
        matchLabels: Object.fromEntries(labels.map(([key, value]) => [key.replace(SOURCE, ""), value])),
        matchExpressions: expressions.map((each) => ({ ...each, key: String(each["key"]).replace(SOURCE, "") })),
    };
}
