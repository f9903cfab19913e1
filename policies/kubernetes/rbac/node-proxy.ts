import { FROM_STAGING } from "../../core/rule";
import { cisKubernetes } from "../../frameworks/cis-kubernetes";
import { grantRule, grants } from "./grants";

export default grantRule({
    id: "GW-K8S-087",
    slug: "node-proxy",
    title: "Roles do not reach nodes through the API",
    why: "Through nodes/proxy one asks the kubelet itself, past admission and the audit log, and runs commands in every pod of the node.",
    remedy: "Take nodes/metrics or nodes/stats.",
    severity: "high",
    levels: FROM_STAGING,
    references: [...cisKubernetes("5.1.10")],
    check(grant, report) {
        if (grants(grant, "", ["nodes/proxy"], ["get", "create"])) report("resources", "must not allow nodes/proxy");
    },
});
