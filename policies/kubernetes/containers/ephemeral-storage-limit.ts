import { ADVICE } from "../../core/rule";
import { containerRule } from "../objects";
import { checkLimit } from "./resources";

export default containerRule({
    id: "GW-K8S-028",
    slug: "ephemeral-storage-limit",
    title: "Containers have a limit of ephemeral storage",
    why: "Without a limit what it logs and writes to its emptyDir fills the disk of the node, and every pod on it is evicted.",
    remedy: "Set resources.limits.ephemeral-storage.",
    severity: "low",
    levels: ADVICE,
    references: [],
    check(container, report) {
        checkLimit(container, "ephemeral-storage", report);
    },
});
