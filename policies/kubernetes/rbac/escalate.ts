import { listAt } from "../../core/raw";
import { FROM_STAGING } from "../../core/rule";
import { cisKubernetes } from "../../frameworks/cis-kubernetes";
import { grantRule } from "./grants";

const VERBS = ["escalate", "bind", "impersonate"];

export default grantRule({
    id: "GW-K8S-083",
    slug: "escalate",
    title: "Roles cannot give more than they have",
    why: "With escalate, bind or impersonate one makes oneself whatever one likes.",
    remedy: "Remove the verb.",
    severity: "critical",
    levels: FROM_STAGING,
    references: [...cisKubernetes("5.1.8")],
    check(grant, report) {
        if (VERBS.some((verb) => listAt(grant.raw, "verbs").includes(verb)))
            report("verbs", "must not be escalate, bind or impersonate");
    },
});
