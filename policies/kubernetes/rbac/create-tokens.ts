import { FROM_STAGING } from "../../core/rule";
import { cisKubernetes } from "../../frameworks/cis-kubernetes";
import { grantRule, grants, isNamed } from "./grants";

export default grantRule({
    id: "GW-K8S-089",
    slug: "create-tokens",
    title: "Roles do not issue tokens",
    why: "Who issues tokens of a service account is that service account.",
    remedy: "Remove serviceaccounts/token, or list the names in resourceNames.",
    severity: "high",
    levels: FROM_STAGING,
    references: [...cisKubernetes("5.1.13")],
    check(grant, report) {
        if (grants(grant, "", ["serviceaccounts/token"], ["create"]) && !isNamed(grant))
            report("resources", "must not allow issuing tokens of all service accounts");
    },
});
