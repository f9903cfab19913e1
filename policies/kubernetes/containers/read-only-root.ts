import { flagAt } from "../../core/raw";
import { FROM_STAGING } from "../../core/rule";
import { cisKubernetes } from "../../frameworks/cis-kubernetes";
import { nsa } from "../../frameworks/nsa";
import { containerRule, isWindows } from "../objects";

export default containerRule({
    id: "GW-K8S-020",
    slug: "read-only-root",
    title: "Containers cannot write to their root file system",
    why: "Who breaks into a container writes there first: a tool, a web shell, a changed binary. What is to be kept belongs on a volume.",
    remedy: "Set securityContext.readOnlyRootFilesystem: true, and mount an emptyDir where the program writes.",
    severity: "medium",
    levels: FROM_STAGING,
    references: [...nsa("1.1"), ...cisKubernetes("5.6.3")],
    check({ pod, raw }, report) {
        if (flagAt(raw, "securityContext", "readOnlyRootFilesystem") === true || isWindows(pod)) return;
        report("securityContext.readOnlyRootFilesystem", "must be true");
    },
});
