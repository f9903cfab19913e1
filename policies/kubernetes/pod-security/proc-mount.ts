import { textAt } from "../../core/raw";
import { ALWAYS } from "../../core/rule";
import { pss } from "../../frameworks/pss";
import { containerRule } from "../objects";
import { hasUserNamespace } from "./user-namespace";

export default containerRule({
    id: "GW-K8S-011",
    slug: "proc-mount",
    title: "Containers see /proc as they are meant to",
    why: "Unmasked, /proc shows and changes what is the kernel's, for the whole node.",
    remedy: "Remove procMount, or give the pod a user namespace of its own with hostUsers: false.",
    severity: "high",
    levels: ALWAYS,
    references: [...pss("baseline/procMount")],
    check({ pod, raw }, report) {
        const mount = textAt(raw, "securityContext", "procMount") ?? "Default";
        if (mount !== "Default" && !hasUserNamespace(pod)) report("securityContext.procMount", "must be Default");
    },
});
