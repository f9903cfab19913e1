import { flagAt } from "../../core/raw";
import { ALWAYS } from "../../core/rule";
import { cisKubernetes } from "../../frameworks/cis-kubernetes";
import { nsa } from "../../frameworks/nsa";
import { pss } from "../../frameworks/pss";
import { containerRule } from "../objects";

export default containerRule({
    id: "GW-K8S-001",
    slug: "privileged",
    title: "Containers are not privileged",
    why: "A privileged container has every capability and every device of its node: who takes it over has the node.",
    remedy: "Remove securityContext.privileged, and add the one capability or device that is needed.",
    severity: "critical",
    levels: ALWAYS,
    references: [...pss("baseline/privileged"), ...cisKubernetes("5.2.2"), ...nsa("1.2")],
    check({ raw }, report) {
        if (flagAt(raw, "securityContext", "privileged")) report("securityContext.privileged", "must not be true");
    },
});
