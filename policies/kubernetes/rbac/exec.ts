import { FROM_STAGING } from "../../core/rule";
import { grantRule, grants } from "./grants";

export default grantRule({
    id: "GW-K8S-082",
    slug: "exec",
    title: "Roles do not let one into running pods",
    why: "With exec or attach one is whoever the pod is, with its files, its token and its network; a container that is added to it is in there too, and a forwarded port comes past every network policy.",
    remedy: "Remove pods/exec, pods/attach, pods/portforward and pods/ephemeralcontainers; people who need it get it for a time.",
    severity: "high",
    levels: FROM_STAGING,
    references: [],
    check(grant, report) {
        if (grants(grant, "", ["pods/exec", "pods/attach"], ["create", "get"]))
            report("resources", "must not allow pods/exec or pods/attach");
        if (grants(grant, "", ["pods/portforward"], ["create", "get"]))
            report("resources", "must not allow pods/portforward");
        if (grants(grant, "", ["pods/ephemeralcontainers"], ["update", "patch"]))
            report("resources", "must not allow pods/ephemeralcontainers");
    },
});
