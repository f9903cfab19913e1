import { textAt } from "../../core/raw";
import { FROM_STAGING } from "../../core/rule";
import { pss } from "../../frameworks/pss";
import { containerRule } from "../objects";
import { hasUserNamespace } from "./user-namespace";

export default containerRule({
    id: "GW-K8S-019",
    slug: "proc-mount-restricted",
    title: "Containers see /proc as they are meant to, in a user namespace too",
    why: "In a user namespace an unmasked /proc is harmless to the node, as long as the kernel has no flaw there.",
    remedy: "Remove procMount.",
    severity: "low",
    levels: FROM_STAGING,
    references: [...pss("restricted/procMount")],
    check({ pod, raw }, report) {
        const mount = textAt(raw, "securityContext", "procMount") ?? "Default";
        // Without a user namespace it is a matter of its own, and a graver one: GW-K8S-011.
        if (mount !== "Default" && hasUserNamespace(pod)) report("securityContext.procMount", "must be Default");
    },
});
