import { FROM_STAGING } from "../../core/rule";
import { cisKubernetes } from "../../frameworks/cis-kubernetes";
import { grantRule, grants } from "./grants";

export default grantRule({
    id: "GW-K8S-090",
    slug: "approve-certificates",
    title: "Roles do not approve certificates",
    why: "Who approves certificates makes himself any user, and one that no change of passwords takes away.",
    remedy: "Remove certificatesigningrequests/approval.",
    severity: "high",
    levels: FROM_STAGING,
    references: [...cisKubernetes("5.1.11")],
    check(grant, report) {
        if (grants(grant, "certificates.k8s.io", ["certificatesigningrequests/approval"], ["update", "patch"]))
            report("resources", "must not allow approving certificates");
    },
});
