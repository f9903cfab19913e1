import { ADVICE } from "../../core/rule";
import { containerRule } from "../objects";
import { checkLimit } from "./resources";

export default containerRule({
    id: "GW-K8S-026",
    slug: "cpu-limit",
    title: "Containers have a limit of CPU",
    why: "Without a limit one loop takes what its neighbours on the node need.",
    remedy: "Set resources.limits.cpu.",
    severity: "low",
    levels: ADVICE,
    references: [],
    check(container, report) {
        checkLimit(container, "cpu", report);
    },
});
