import { flagAt } from "../../core/raw";
import { FROM_STAGING } from "../../core/rule";
import { cisKubernetes } from "../../frameworks/cis-kubernetes";
import { nsa } from "../../frameworks/nsa";
import { pss } from "../../frameworks/pss";
import { securityContextRule } from "../objects";
import { hasUserNamespace } from "./user-namespace";

export default securityContextRule({
    id: "GW-K8S-003",
    slug: "run-as-non-root",
    title: "Containers cannot run as root",
    why: "Root in a container is root on its node as soon as one more thing goes wrong: a mount too many, a flaw of the kernel's.",
    remedy: "Set securityContext.runAsNonRoot: true on the pod, and give the image a numeric user.",
    severity: "high",
    levels: FROM_STAGING,
    references: [...pss("restricted/runAsNonRoot"), ...cisKubernetes("5.2.7"), ...nsa("1.0", "1.6")],
    check({ pod, container, raw }, report) {
        const own = flagAt(raw, "runAsNonRoot");
        const inherited = container && own === undefined ? flagAt(pod.spec, "securityContext", "runAsNonRoot") : true;
        if (own === true || (own === undefined && inherited === true) || hasUserNamespace(pod)) return;
        report("runAsNonRoot", own === false ? "must be true" : "must be true, here or for the pod");
    },
});
