import { flagAt } from "../../core/raw";
import { FROM_STAGING } from "../../core/rule";
import { cisKubernetes } from "../../frameworks/cis-kubernetes";
import { nsa } from "../../frameworks/nsa";
import { pss } from "../../frameworks/pss";
import { containerRule, isWindows } from "../objects";

export default containerRule({
    id: "GW-K8S-015",
    slug: "privilege-escalation",
    title: "Containers cannot gain privileges",
    why: "A setuid binary in the image makes its user root, whatever the container was started as.",
    remedy: "Set securityContext.allowPrivilegeEscalation: false.",
    severity: "medium",
    levels: FROM_STAGING,
    references: [...pss("restricted/privilegeEscalation"), ...cisKubernetes("5.2.6"), ...nsa("1.7")],
    mend: () => false,
    check({ pod, raw }, report) {
        if (flagAt(raw, "securityContext", "allowPrivilegeEscalation") === false || isWindows(pod)) return;
        report("securityContext.allowPrivilegeEscalation", "must be false");
    },
});
