import { flagAt } from "../../core/raw";
import { ALWAYS } from "../../core/rule";
import { cisKubernetes } from "../../frameworks/cis-kubernetes";
import { pss } from "../../frameworks/pss";
import { securityContextRule } from "../objects";

export default securityContextRule({
    id: "GW-K8S-004",
    slug: "windows-host-process",
    title: "Windows containers are no host processes",
    why: "A host process container runs on its Windows node as a process of the node, with its users, files and network.",
    remedy: "Remove windowsOptions.hostProcess.",
    severity: "critical",
    levels: ALWAYS,
    references: [...pss("baseline/hostProcess"), ...cisKubernetes("5.2.11")],
    check({ raw }, report) {
        if (flagAt(raw, "windowsOptions", "hostProcess")) report("windowsOptions.hostProcess", "must not be true");
    },
});
