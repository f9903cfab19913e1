import { listAt } from "../../core/raw";
import { FROM_STAGING } from "../../core/rule";
import { cisKubernetes } from "../../frameworks/cis-kubernetes";
import { grantRule } from "./grants";

export default grantRule({
    id: "GW-K8S-080",
    slug: "wildcards",
    title: "Roles name what they allow",
    why: "A wildcard also allows what is added to the cluster tomorrow.",
    remedy: "List the groups, resources and verbs that are needed.",
    severity: "high",
    levels: FROM_STAGING,
    references: [...cisKubernetes("5.1.3")],
    check({ raw }, report) {
        for (const key of ["verbs", "resources", "apiGroups"]) {
            report.attempt(() => {
                if (listAt(raw, key).includes("*")) report(key, "must not be *");
            });
        }
    },
});
