import { FROM_STAGING } from "../../core/rule";
import { cisKubernetes } from "../../frameworks/cis-kubernetes";
import { grantRule, grants } from "./grants";

export default grantRule({
    id: "GW-K8S-088",
    slug: "webhooks",
    title: "Roles do not change admission webhooks",
    why: "Who does sees and changes every object that anybody writes, Secrets too, or takes away what judges them.",
    remedy: "Remove them.",
    severity: "high",
    levels: FROM_STAGING,
    references: [...cisKubernetes("5.1.12")],
    check(grant, report) {
        if (
            grants(
                grant,
                "admissionregistration.k8s.io",
                ["mutatingwebhookconfigurations", "validatingwebhookconfigurations"],
                ["create", "update", "patch", "delete", "deletecollection"],
            )
        )
            report("resources", "must not allow changing webhook configurations");
    },
});
