import { FROM_STAGING } from "../../core/rule";
import { cisKubernetes } from "../../frameworks/cis-kubernetes";
import { grantRule, grants, isNamed } from "./grants";

export default grantRule({
    id: "GW-K8S-081",
    slug: "read-secrets",
    title: "Roles do not read all Secrets",
    why: "Who reads all Secrets of a namespace is everybody in it: each has the token or password of some service.",
    remedy: "List the names in resourceNames, with the verb get alone.",
    severity: "high",
    levels: FROM_STAGING,
    references: [...cisKubernetes("5.1.2")],
    check(grant, report) {
        if (
            grants(grant, "", ["secrets"], ["list", "watch"]) ||
            (grants(grant, "", ["secrets"], ["get"]) && !isNamed(grant))
        )
            report("resources", "must not allow reading all secrets");
    },
});
