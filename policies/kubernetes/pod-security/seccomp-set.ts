import { hasAt } from "../../core/raw";
import { FROM_STAGING } from "../../core/rule";
import { cisKubernetes } from "../../frameworks/cis-kubernetes";
import { nsa } from "../../frameworks/nsa";
import { pss } from "../../frameworks/pss";
import { containerRule, isWindows } from "../objects";

export default containerRule({
    id: "GW-K8S-017",
    slug: "seccomp-set",
    title: "Containers have a seccomp profile",
    why: "Kubernetes sets none by itself: every system call is allowed, and with it every flaw that the kernel has in one that nobody needs.",
    remedy: "Set securityContext.seccompProfile.type: RuntimeDefault on the pod.",
    severity: "medium",
    levels: FROM_STAGING,
    references: [...pss("restricted/seccomp"), ...cisKubernetes("5.6.2"), ...nsa("1.10")],
    mend: () => ({ type: "RuntimeDefault" }),
    check({ pod, raw }, report) {
        // One that switches it off is a matter of its own: GW-K8S-012.
        if (hasAt(raw, "securityContext", "seccompProfile") || hasAt(pod.spec, "securityContext", "seccompProfile"))
            return;
        if (!isWindows(pod)) report("securityContext.seccompProfile", "must be set, here or for the pod");
    },
});
