import { asMap, hasAt, join, listAt, mapAt, type Raw } from "../../core/raw";
import { IN_PROD } from "../../core/rule";
import { objectRule, type Pod, podIn } from "../objects";
import { labelsOf, namespaceOf, REPLICATED, selects } from "../workloads";
import { replicasOf } from "./scaling";

export default objectRule({
    id: "GW-K8S-054",
    slug: "spread",
    title: "Replicas are on different nodes",
    why: "Two replicas on one node go with it.",
    remedy: "Set topologySpreadConstraints, or a podAntiAffinity by kubernetes.io/hostname, with a selector that selects the pods themselves.",
    severity: "low",
    levels: IN_PROD,
    references: [],
    kinds: REPLICATED,
    check(object, report) {
        const pod = podIn(object);
        if (!pod || replicasOf(object) < 2) return;
        const parted = [...affinitiesOf(pod), ...itemsAt(pod.spec, "topologySpreadConstraints")];
        const at = join(pod.path, "spec.topologySpreadConstraints");
        if (parted.length === 0) report(at, "must be set, or a podAntiAffinity");
        else if (!parted.some((term) => isAboutItself(term, pod)))
            report(at, "must select the pods themselves, here or in a podAntiAffinity");
    },
});

function affinitiesOf({ spec }: Pod): Raw[] {
    const keys = (how: string) => ["affinity", "podAntiAffinity", `${how}DuringSchedulingIgnoredDuringExecution`];
    return [
        ...itemsAt(spec, ...keys("required")),
        ...itemsAt(spec, ...keys("preferred")).map((item) => mapAt(item, "podAffinityTerm")),
    ];
}

function itemsAt(from: Raw, ...keys: string[]): Raw[] {
    return listAt(from, ...keys).map((item, n) => asMap(item, `${keys.join(".")}[${n}]`));
}

/** Without a selector it is about no pod, and by itself about those of its own namespace. */
function isAboutItself(term: Raw, { object, raw }: Pod): boolean {
    const namespaces = listAt(term, "namespaces");
    const here =
        namespaces.length === 0 || namespaces.includes(namespaceOf(object)) || hasAt(term, "namespaceSelector");
    return here && hasAt(term, "labelSelector") && selects(mapAt(term, "labelSelector"), labelsOf(raw));
}
