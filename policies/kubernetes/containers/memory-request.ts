import { FROM_STAGING } from "../../core/rule";
import { containerRule } from "../objects";
import { checkRequest } from "./resources";

export default containerRule({
    id: "GW-K8S-024",
    slug: "memory-request",
    title: "Containers request memory",
    why: "Without a request the scheduler puts it on a node whose memory is given away already, and it is the first to be killed when that runs out.",
    remedy: "Set resources.requests.memory to what it usually needs.",
    severity: "medium",
    levels: FROM_STAGING,
    references: [],
    check(container, report) {
        checkRequest(container, "memory", report);
    },
});
