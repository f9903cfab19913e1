import { asText, listAt } from "../../core/raw";
import { ALWAYS } from "../../core/rule";
import { cisKubernetes } from "../../frameworks/cis-kubernetes";
import { pss } from "../../frameworks/pss";
import { containerRule } from "../objects";
import { DEFAULT_CAPABILITIES } from "./capabilities";

export default containerRule({
    id: "GW-K8S-005",
    slug: "added-capabilities",
    title: "Containers add no capability beyond the default ones",
    why: "SYS_ADMIN, NET_ADMIN, SYS_PTRACE and their like each open a way out of the container; NET_RAW lets it forge its neighbours' traffic.",
    remedy: "Remove what is in securityContext.capabilities.add.",
    severity: "high",
    levels: ALWAYS,
    references: [...pss("baseline/capabilities"), ...cisKubernetes("5.2.8", "5.2.9")],
    check({ raw }, report) {
        report.each(
            listAt(raw, "securityContext", "capabilities", "add"),
            "securityContext.capabilities.add",
            (item, at) => {
                const capability = asText(item, at);
                if (!DEFAULT_CAPABILITIES.has(capability)) report(at, `must not be ${capability}`);
            },
        );
    },
});
