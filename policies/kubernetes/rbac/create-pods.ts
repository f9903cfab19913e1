import { FROM_STAGING } from "../../core/rule";
import { cisKubernetes } from "../../frameworks/cis-kubernetes";
import { grantRule, grants } from "./grants";

export default grantRule({
    id: "GW-K8S-086",
    slug: "create-pods",
    title: "Roles do not make pods",
    why: "Who makes a pod is any service account of its namespace, and reads any Secret that it can mount.",
    remedy: "Let it change workloads that are there, or give it a namespace of its own.",
    severity: "medium",
    levels: FROM_STAGING,
    references: [...cisKubernetes("5.1.4")],
    check(grant, report) {
        if (grants(grant, "", ["pods"], ["create"])) report("resources", "must not allow creating pods");
    },
});
