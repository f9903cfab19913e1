import { numberAt } from "../../core/raw";
import { FROM_STAGING } from "../../core/rule";
import { cisKubernetes } from "../../frameworks/cis-kubernetes";
import { nsa } from "../../frameworks/nsa";
import { pss } from "../../frameworks/pss";
import { securityContextRule } from "../objects";
import { hasUserNamespace } from "./user-namespace";

export default securityContextRule({
    id: "GW-K8S-016",
    slug: "run-as-user",
    title: "Containers do not ask to be root",
    why: "User 0 in the container is user 0 of its node wherever a file or a kernel object is shared.",
    remedy: "Remove runAsUser, or name another user than 0.",
    severity: "high",
    levels: FROM_STAGING,
    references: [...pss("restricted/runAsUser"), ...cisKubernetes("5.2.7"), ...nsa("1.0")],
    check({ pod, raw }, report) {
        if (numberAt(raw, "runAsUser") === 0 && !hasUserNamespace(pod)) report("runAsUser", "must not be 0");
    },
});
