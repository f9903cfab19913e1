import { FROM_STAGING } from "../../core/rule";
import { containerRule } from "../objects";
import { checkLimit } from "./resources";

export default containerRule({
    id: "GW-K8S-027",
    slug: "memory-limit",
    title: "Containers have a limit of memory",
    why: "Without a limit one leak takes the memory of the node, and the kernel kills whom it finds.",
    remedy: "Set resources.limits.memory.",
    severity: "medium",
    levels: FROM_STAGING,
    references: [],
    check(container, report) {
        checkLimit(container, "memory", report);
    },
});
