import { flagAt, join, textAt } from "../../core/raw";
import { FROM_STAGING } from "../../core/rule";
import { cisKubernetes } from "../../frameworks/cis-kubernetes";
import { nsa } from "../../frameworks/nsa";
import { type Pod, podIn } from "../objects";
import { WORKLOADS } from "../pod-places";
import { amongObjectsRule, type Objects } from "../stack";
import { nameOf } from "../workloads";

const KEY = "automountServiceAccountToken";

export default amongObjectsRule({
    id: "GW-K8S-021",
    slug: "token-automount",
    title: "Pods are not given a token for the Kubernetes API",
    why: "With the token of its service account whoever takes over the pod asks the API in its name. Hardly any program needs one.",
    remedy: "Set automountServiceAccountToken: false, for the pod or for its service account; a program that needs a token mounts one of its own, for its audience and a short time, as a projected volume.",
    severity: "medium",
    levels: FROM_STAGING,
    references: [...nsa("1.11"), ...cisKubernetes("5.1.6")],
    kinds: WORKLOADS,
    check({ object, objects }, report) {
        const pod = podIn(object);
        if (!pod) return;
        // Its account counts where it says nothing itself.
        const given = flagAt(pod.spec, KEY) ?? !accountHasNone(pod, objects);
        if (given) report(join(pod.path, "spec", KEY), "must be false");
    },
});

function accountHasNone({ object, spec }: Pod, objects: Objects): boolean {
    const name = textAt(spec, "serviceAccountName") ?? textAt(spec, "serviceAccount") ?? "default";
    const account = objects.beside(object, ["ServiceAccount"]).find((other) => nameOf(other) === name);
    return account !== undefined && flagAt(account.raw, KEY) === false;
}
